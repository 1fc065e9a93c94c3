//! Stores and callbacks that fail around ticks.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jobs::Event;
use jobs::callback::JobDraft;
use jobs::definition::Definition;
use jobs::prelude::*;
use jobs::recurring::RecurringTask;
use jobs::store::{Store, StoreFuture};
use jobs_testing::{FaultyStore, PassThrough, PassThroughStore};

use super::{Beat, MINUTE, RecurringFixture, beats, pass, started};
use crate::fixture::CallLog;

async fn survives(fault: impl Fn(&FaultyStore), complaints: usize) {
    let fixture = RecurringFixture::new();
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    let fixture = RecurringFixture { store: faulty.clone(), ..fixture };
    let _running = fixture.start(beats("every 20s")).await;
    pass(Duration::from_secs(10)).await;
    fault(&faulty);
    pass(MINUTE).await;
    let runs = fixture.calls.all().len();
    assert_eq!(runs, 3, "each tick has one job in spite of the errors");
    let reported = fixture.recorder.count(|event| matches!(event, Event::StoreFailed(_) | Event::EnqueueFailed(_)));
    assert!(reported >= complaints, "{reported} complaints");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_answer_a_tick_is_asked_again() {
    survives(|store| store.fail_before("ticks", 5, || jobs::Error::transient("gone")), 5).await;
}

#[tokio::test(start_paused = true)]
async fn a_tick_whose_answer_was_lost_is_not_taken_twice() {
    survives(|store| store.fail_after("ticks", 1, || jobs::Error::transient("answer lost")), 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_list_its_tasks_is_asked_again() {
    survives(|store| store.fail_before("tasks", 5, || jobs::Error::transient("gone")), 5).await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_unreachable_at_start_gets_the_tasks_later() {
    let fixture = RecurringFixture::new();
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    faulty.fail_before("declare", 3, || jobs::Error::transient("gone"));
    let fixture = RecurringFixture { store: faulty, ..fixture };
    let _running = fixture.start(beats("every 20s")).await;
    pass(Duration::from_secs(21)).await;
    assert_eq!(fixture.ticks(), [20]);
}

/// A store that refuses one task, and each declaration with it.
struct RefusesOneTask(Arc<dyn Store>);

impl PassThrough for RefusesOneTask {
    fn inner(&self) -> &dyn Store {
        &*self.0
    }

    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()> {
        if tasks.iter().any(|task| task.key == "refused") {
            return Box::pin(std::future::ready(Err(jobs::Error::invalid("not this one"))));
        }
        self.0.recurring().expect("the store in memory keeps tasks").declare(tasks)
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_that_the_store_refuses_is_reported_and_holds_up_no_other() {
    let fixture = RecurringFixture::new();
    let store = Arc::new(PassThroughStore(RefusesOneTask(fixture.store.clone())));
    let fixture = RecurringFixture { store, ..fixture };
    let refused = RecurringTask::of("refused", &Beat { of: "refused".to_owned() }, "every 20s").unwrap();
    let _running = started(fixture.builder().recurring(refused).recurring(beats("every 20s"))).await;
    pass(Duration::from_secs(41)).await;
    assert_eq!(fixture.ticks(), [20, 40], "those of the other task");
    let names_it = |event: &Event| matches!(event, Event::StoreFailed(failed) if failed.message.contains("`refused`"));
    assert!(fixture.recorder.count(names_it) > 0);
}

/// The callbacks act by the argument of the job.
static SEEN: LazyLock<CallLog> = LazyLock::new(CallLog::default);

#[job(before_enqueue(admit), after_enqueue(admitted), unique(until = done))]
async fn guarded(of: String) -> Result<(), std::io::Error> {
    let _ = of;
    std::future::pending().await
}

fn times(of: &str) -> usize {
    SEEN.all().iter().filter(|words| *words == of).count()
}

#[expect(clippy::panic, clippy::panic_in_result_fn, reason = "a callback may panic, and is caught")]
fn admit(_: &mut JobDraft, job: &Guarded) -> Result<(), Halt> {
    SEEN.add(job.of.clone());
    match job.of.as_str() {
        "every second one" if times(&job.of) % 2 == 1 => Err(Halt),
        "panicking" => panic!("out of order"),
        _ => Ok(()),
    }
}

fn admitted(_: &mut JobDraft, job: &Guarded) {
    SEEN.add(format!("after {}", job.of));
}

async fn guarding(fixture: &RecurringFixture, of: &str) -> jobs::RuntimeHandle {
    let task = RecurringTask::of("guarded", &Guarded { of: of.to_owned() }, "every 20s").unwrap();
    started(fixture.builder().register([Definition::of::<Guarded>()]).recurring(task)).await
}

#[tokio::test(start_paused = true)]
async fn a_callback_that_halts_leaves_the_tick_out() {
    let fixture = RecurringFixture::new();
    let _running = guarding(&fixture, "every second one").await;
    pass(Duration::from_secs(41)).await;
    assert_eq!(fixture.ticks(), [40]);
    assert_eq!(times("every second one"), 2, "a halted tick is not taken again");
    assert_eq!(times("after every second one"), 1, "after callbacks run where a job was stored");
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::EnqueueHalted(_))), 1, "the halt is an event");
}

#[tokio::test(start_paused = true)]
async fn a_callback_that_panics_costs_its_tick_and_no_other() {
    let fixture = RecurringFixture::new();
    let _broken = guarding(&fixture, "panicking").await;
    let _beating = fixture.start(beats("every 20s")).await;
    pass(MINUTE + Duration::from_secs(1)).await;
    assert_eq!(fixture.ticks(), [20, 40, 60], "those of the other task");
    assert_eq!(fixture.skipped(), [1, 1, 1], "each is reported");
    assert_eq!(times("panicking"), 3, "and tried once");
}

#[tokio::test(start_paused = true)]
async fn a_unique_job_that_still_runs_blocks_the_next() {
    let fixture = RecurringFixture::new();
    let _running = guarding(&fixture, "still running").await;
    pass(MINUTE + Duration::from_secs(1)).await;
    assert_eq!(fixture.ticks(), [20]);
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::EnqueueDeduplicated(_))), 2);
    let record = fixture.agenda().await.tasks.remove(0);
    assert_eq!(record.after, record.last_tick.unwrap(), "its ticks are taken all the same");
}

#[tokio::test(start_paused = true)]
async fn racing_schedulers_report_one_enqueue_and_run_its_callback_once() {
    let fixture = RecurringFixture::new();
    let _one = guarding(&fixture, "racing").await;
    let _two = guarding(&fixture, "racing").await;
    pass(Duration::from_secs(21)).await;
    assert_eq!(fixture.ticks(), [20]);
    assert_eq!(times("after racing"), 1);
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::Enqueued(_))), 1);
    assert_eq!(
        fixture.recorder.count(|event| matches!(event, Event::EnqueueHalted(_))),
        0,
        "it was no callback's doing"
    );
}
