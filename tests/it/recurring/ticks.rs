//! Each tick enqueues one job.

use std::io;
use std::time::Duration;

use jobs::prelude::*;
use jobs::recurring::RecurringTask;
use jobs::runtime::QueueNaming;
use jobs::{Event, State, Timestamp, json};

use super::{MINUTE, RecurringFixture, beats, pass, started};
use crate::fixture::CallLog;

#[tokio::test(start_paused = true)]
async fn a_job_that_recurs_is_enqueued_at_each_tick_and_runs() {
    let fixture = RecurringFixture::new();
    let running = fixture.start(beats("every 20s")).await;
    pass(MINUTE * 2 + Duration::from_secs(1)).await;
    assert_eq!(fixture.ticks(), [20, 40, 60, 80, 100, 120]);
    assert_eq!(fixture.calls.all().len(), 6, "each of them ran");
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_enqueued_before_its_time_nor_long_after() {
    let fixture = RecurringFixture::new();
    let _running = fixture.start(beats("0 1 * * *")).await;
    pass(Duration::from_millis(3_599_999)).await;
    assert!(fixture.ticks().is_empty());
    pass(Duration::from_millis(20)).await;
    assert_eq!(fixture.ticks(), [3600]);
    let record = fixture.agenda().await.tasks.remove(0);
    let job = record.last_job.expect("the tick has a job");
    let stored = fixture.store.inspect().unwrap().find(job).await.unwrap().expect("it is stored");
    assert!(stored.enqueued_at.duration_since(record.last_tick.unwrap()) < Duration::from_millis(10), "{stored:?}");
}

#[tokio::test(start_paused = true)]
async fn a_job_that_recurs_is_one_like_any_other() {
    let fixture = RecurringFixture::new();
    let task = beats("every 20s").queue("nightly").priority(7).description("to see that it lives");
    let _running = started(fixture.builder().naming(QueueNaming::new().prefix("shop")).recurring(task.clone())).await;
    pass(Duration::from_secs(21)).await;
    let record = fixture.agenda().await.tasks.remove(0);
    assert_eq!(record.task, task, "the store shows what was declared");
    let at = record.last_tick.expect("a tick has passed");
    assert_eq!(record.last_job, Some(task.job_id(at)), "the id of a tick's job is the same in each process");
    let job = fixture.store.inspect().unwrap().find(task.job_id(at)).await.unwrap().expect("it is stored");
    assert_eq!((job.queue.as_str(), job.priority, job.state), ("shop_nightly", 7, State::Finished));
    assert_eq!(job.arguments, r#"{"of":"pulse"}"#);
    let enqueued = |event: &Event| matches!(event, Event::Enqueued(event) if event.job.queue == "shop_nightly");
    assert_eq!(fixture.recorder.count(enqueued), 1, "it is an enqueue event like any other");
}

#[tokio::test(start_paused = true)]
async fn the_jobs_of_a_task_expire_as_the_task_says() {
    let fixture = RecurringFixture::new();
    let task = beats("every 20s").expires_in(Duration::from_secs(90));
    let running = started(fixture.builder().worker(Worker::new(["elsewhere"])).recurring(task.clone())).await;
    pass(Duration::from_secs(21)).await;
    let tick = fixture.agenda().await.tasks.remove(0).last_tick.expect("a tick has passed");
    let find = async || fixture.store.inspect().unwrap().find(task.job_id(tick)).await.unwrap().expect("it is stored");
    let job = find().await;
    assert_eq!(job.expires_at, Some(job.due_at + Duration::from_secs(90)));
    running.stop().await;
    pass(Duration::from_secs(100)).await;
    let working = started(fixture.builder().scheduler(false)).await;
    pass(Duration::from_secs(10)).await;
    assert_eq!((find().await.state, fixture.calls.all().len()), (State::Discarded, 0), "it was not worth running");
    working.stop().await;
}

/// Logs the tick for which it runs; its first attempt fails.
#[job(retry_on(io::Error, wait = 40s))]
async fn report(ctx: &Context, calls: &CallLog) -> Result<(), io::Error> {
    let tick = ctx.tick().map(|tick| tick.duration_since(Timestamp::from_micros(1_767_225_600_000_000)).as_secs());
    calls.add(format!("{tick:?} at attempt {}", ctx.attempt()));
    if ctx.attempt() == 1 { Err(io::Error::other("not yet")) } else { Ok(()) }
}

#[tokio::test(start_paused = true)]
async fn a_job_can_ask_which_tick_it_runs_for_in_every_attempt() {
    let fixture = RecurringFixture::new();
    let task = RecurringTask::of("report", &Report::new(), "every 30m").unwrap();
    let running = started(fixture.builder().register(jobs::jobs![Report]).recurring(task)).await;
    pass(MINUTE * 31).await;
    let _by_hand = Report::perform_later().on(&running.client()).await.unwrap();
    pass(MINUTE).await;
    let reported = ["Some(1800) at attempt 1", "Some(1800) at attempt 2", "None at attempt 1", "None at attempt 2"];
    assert_eq!(fixture.calls.all(), reported);
    let ticked = fixture.agenda().await.tasks.remove(0).last_job.expect("the tick has a job");
    let stored = fixture.store.inspect().unwrap().find(ticked).await.unwrap().expect("it is stored");
    assert_eq!(json::WholeJob::new(&stored, None).tick.as_deref(), Some("2026-01-01T00:30:00.000000Z"), "and is shown");
    running.stop().await;
}

#[test]
fn the_id_of_a_ticks_job_is_unique_per_task_and_tick_and_begins_with_its_time() {
    let at = Timestamp::from_micros(1_767_225_600_000_000);
    let (one, mut other) = (beats("every 20s"), beats("every 20s"));
    other.key.push('2');
    let later = at + Duration::from_secs(20);
    let ids = [one.job_id(at), one.job_id(later), other.job_id(at), other.job_id(later)];
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), 4, "{ids:?}");
    assert!(one.job_id(at) < other.job_id(later), "ids grow with time");
    assert_eq!(one.job_id(at).to_string()[..13], *"019b76da-a800", "as those of other jobs do");
}

#[tokio::test(start_paused = true)]
async fn a_process_that_claims_no_more_enqueues_no_more() {
    let fixture = RecurringFixture::new();
    let running = fixture.start(beats("every 20s")).await;
    pass(Duration::from_secs(21)).await;
    running.quiet();
    pass(MINUTE * 5).await;
    assert_eq!(fixture.ticks(), [20]);
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_process_without_a_scheduler_leaves_ticks_to_others() {
    let fixture = RecurringFixture::new();
    let _worker = started(fixture.builder().recurring(beats("every 20s")).scheduler(false)).await;
    pass(MINUTE).await;
    assert!(fixture.ticks().is_empty());
    assert_eq!(fixture.agenda().await.tasks, [], "it does not even declare them");
}

#[tokio::test(start_paused = true)]
async fn a_paused_task_enqueues_nothing_and_does_not_catch_up() {
    let fixture = RecurringFixture::new();
    let running = fixture.start(beats("every 20s")).await;
    pass(Duration::from_secs(21)).await;
    let recurring = running.client().store().clone();
    let recurring = recurring.recurring().unwrap();
    assert!(recurring.pause_task("pulse").await.unwrap());
    pass(MINUTE).await;
    assert_eq!(fixture.ticks(), [20]);
    assert!(recurring.resume_task("pulse").await.unwrap());
    pass(MINUTE).await;
    assert_eq!(fixture.ticks(), [20, 100, 120, 140], "81 to 141 s");
    assert_eq!(fixture.skipped(), [0; 0], "nothing was missed");
}

#[tokio::test(start_paused = true)]
async fn a_manually_forgotten_task_is_declared_again() {
    let fixture = RecurringFixture::new();
    let _running = fixture.start(beats("every 20s")).await;
    pass(Duration::from_secs(21)).await;
    assert!(fixture.store.recurring().unwrap().forget_task("pulse").await.unwrap());
    pass(MINUTE).await;
    assert_eq!(fixture.ticks(), [20, 60, 80], "the tick at which it was missed is the one that is lost");
}

#[tokio::test(start_paused = true)]
async fn an_idle_scheduler_asks_the_store_no_more_than_once_a_minute() {
    let fixture = RecurringFixture::new();
    let counted = crate::counting_store::CallCounts::of(fixture.store.clone());
    let fixture = RecurringFixture { store: counted.clone(), calls: CallLog::default(), ..fixture };
    let _running = fixture.start(beats("0 0 1 1 *")).await;
    pass(MINUTE * 60).await;
    let reads = counted.0.task_reads.load(std::sync::atomic::Ordering::SeqCst);
    assert!((60..=62).contains(&reads), "{reads} reads of the tasks in an hour");
}
