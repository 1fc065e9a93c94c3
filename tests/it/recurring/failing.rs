//! Stores and callbacks that fail around ticks.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jobs::prelude::*;
use jobs::{Definition, Enqueue, Event, RecurringTask};
use jobs_testing::FaultyStore;

use super::{Hours, MINUTE, beats, pass, started};
use crate::setup::Notes;

async fn survives(fault: impl Fn(&FaultyStore), complaints: usize) {
    let hours = Hours::new();
    let faulty = Arc::new(FaultyStore::new(hours.store.clone()));
    let hours = Hours { store: faulty.clone(), ..hours };
    let _running = hours.start(beats("every 20s")).await;
    pass(Duration::from_secs(10)).await;
    fault(&faulty);
    pass(MINUTE).await;
    let runs = hours.notes.all().len();
    assert_eq!(runs, 3, "each tick has one job, whatever the store said");
    let told = hours.recorder.count(|event| matches!(event, Event::StoreFailed { .. } | Event::EnqueueFailed(..)));
    assert!(told >= complaints, "{told} complaints");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_give_a_tick_away_is_asked_again() {
    survives(|store| store.fail_before("tick", 5, || jobs::Error::transient("gone")), 5).await;
}

#[tokio::test(start_paused = true)]
async fn a_tick_whose_answer_was_lost_is_not_taken_twice() {
    survives(|store| store.fail_after("tick", 1, || jobs::Error::transient("answer lost")), 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_list_its_tasks_is_asked_again() {
    survives(|store| store.fail_before("tasks", 5, || jobs::Error::transient("gone")), 5).await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_at_the_start_is_told_later() {
    let hours = Hours::new();
    let faulty = Arc::new(FaultyStore::new(hours.store.clone()));
    faulty.fail_before("declare", 3, || jobs::Error::transient("gone"));
    let hours = Hours { store: faulty, ..hours };
    let _running = hours.start(beats("every 20s")).await;
    pass(Duration::from_secs(21)).await;
    assert_eq!(hours.ticks(), [20]);
}

/// What the callbacks did, by the argument of the job.
static SEEN: LazyLock<Notes> = LazyLock::new(Notes::default);

#[job(before_enqueue(admit), after_enqueue(admitted), unique(until = done))]
async fn guarded(of: String) -> Result<(), std::io::Error> {
    let _ = of;
    std::future::pending().await
}

fn times(of: &str) -> usize {
    SEEN.all().iter().filter(|words| *words == of).count()
}

#[expect(clippy::panic, clippy::panic_in_result_fn, reason = "a callback may panic, and is caught")]
fn admit(_: &mut Enqueue, job: &Guarded) -> Result<(), Halt> {
    SEEN.add(job.of.clone());
    match job.of.as_str() {
        "every second one" if times(&job.of) % 2 == 1 => Err(Halt),
        "panicking" => panic!("out of order"),
        _ => Ok(()),
    }
}

fn admitted(_: &mut Enqueue, job: &Guarded) {
    SEEN.add(format!("after {}", job.of));
}

async fn guarding(hours: &Hours, of: &str) -> jobs::RuntimeHandle {
    let task = RecurringTask::of("guarded", &Guarded { of: of.to_owned() }, "every 20s").unwrap();
    started(hours.builder().jobs([Definition::of::<Guarded>()]).recurring(task)).await
}

#[tokio::test(start_paused = true)]
async fn a_callback_that_halts_leaves_the_tick_out() {
    let hours = Hours::new();
    let _running = guarding(&hours, "every second one").await;
    pass(Duration::from_secs(41)).await;
    assert_eq!(hours.ticks(), [40]);
    assert_eq!(times("every second one"), 2, "nobody asks again for a tick that was halted");
    assert_eq!(times("after every second one"), 1, "after callbacks run where a job was stored");
    assert_eq!(hours.recorder.count(|event| matches!(event, Event::EnqueueHalted(_))), 1, "the halt is told");
}

#[tokio::test(start_paused = true)]
async fn a_callback_that_panics_costs_its_tick_and_no_other() {
    let hours = Hours::new();
    let _broken = guarding(&hours, "panicking").await;
    let _beating = hours.start(beats("every 20s")).await;
    pass(MINUTE + Duration::from_secs(1)).await;
    assert_eq!(hours.ticks(), [20, 40, 60], "those of the other task");
    assert_eq!(hours.skipped(), [1, 1, 1], "each is told");
    assert_eq!(times("panicking"), 3, "and tried once");
}

#[tokio::test(start_paused = true)]
async fn a_unique_job_that_still_runs_keeps_the_next_out() {
    let hours = Hours::new();
    let _running = guarding(&hours, "still running").await;
    pass(MINUTE + Duration::from_secs(1)).await;
    assert_eq!(hours.ticks(), [20]);
    assert_eq!(hours.recorder.count(|event| matches!(event, Event::EnqueueDeduplicated(..))), 2);
    let record = hours.agenda().await.tasks.remove(0);
    assert_eq!(record.after, record.last_tick.unwrap(), "its ticks are taken all the same");
}

#[tokio::test(start_paused = true)]
async fn racing_schedulers_tell_one_enqueue_and_run_its_after_callback_once() {
    let hours = Hours::new();
    let _one = guarding(&hours, "racing").await;
    let _two = guarding(&hours, "racing").await;
    pass(Duration::from_secs(21)).await;
    assert_eq!(hours.ticks(), [20]);
    assert_eq!(times("after racing"), 1);
    assert_eq!(hours.recorder.count(|event| matches!(event, Event::Enqueued(_))), 1);
    assert_eq!(hours.recorder.count(|event| matches!(event, Event::EnqueueHalted(_))), 0, "it was no callback's doing");
}
