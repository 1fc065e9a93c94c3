//! Many tasks at one tick, of which some are slow or never end: each delays itself alone.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jobs::callback::JobDraft;
use jobs::definition::Definition;
use jobs::prelude::*;
use jobs::recurring::{RecurringTask, Tick, TickOutcome};
use jobs::store::{Store, StoreFuture};
use jobs::{Event, RuntimeBuilder};
use jobs_testing::{PassThrough, PassThroughStore};

use super::{Beat, MINUTE, RecurringFixture, beats, pass, started};

const SECOND: Duration = Duration::from_secs(1);

/// The callback takes so many seconds.
#[job(before_enqueue(wait))]
async fn slow(seconds: u64) -> Result<(), std::io::Error> {
    let _ = seconds;
    Ok(())
}

async fn wait(_: &mut JobDraft, job: &Slow) {
    pass(Duration::from_secs(job.seconds)).await;
}

fn slow_task(key: &str, seconds: u64, schedule: &str) -> RecurringTask {
    RecurringTask::of(key, &Slow { seconds }, schedule).expect("a number is JSON")
}

fn with_beats(builder: RuntimeBuilder, count: usize, schedule: &str) -> RuntimeBuilder {
    (0..count).fold(builder.register([Definition::of::<Slow>(), Definition::of::<Beat>()]), |builder, number| {
        let mut task = beats(schedule);
        task.key = format!("beat {number}");
        builder.recurring(task)
    })
}

/// For each task the ticks that were taken, in seconds since the beginning, and how late the latest of them was.
fn taken(fixture: &RecurringFixture) -> BTreeMap<String, (Vec<u64>, Duration)> {
    let begin = jobs::Timestamp::from_micros(1_767_225_600_000_000);
    let mut taken: BTreeMap<String, (Vec<u64>, Duration)> = BTreeMap::new();
    for event in fixture.recorder.events() {
        if let Event::RecurringEnqueued(event) = event {
            let (ticks, late) = taken.entry(event.key.clone()).or_default();
            ticks.push(event.at.duration_since(begin).as_secs());
            *late = (*late).max(event.late);
        }
    }
    taken
}

#[tokio::test(start_paused = true)]
async fn a_task_whose_callback_hangs_delays_no_other() {
    let fixture = RecurringFixture::new();
    let builder = with_beats(fixture.builder(), 50, "every 20s");
    let _running = started(builder.recurring(slow_task("hung", 3600, "every 20s"))).await;
    pass(MINUTE + SECOND / 2).await;
    let taken = taken(&fixture);
    assert_eq!(taken.len(), 50, "all but the one that hangs");
    for (key, (ticks, late)) in taken {
        assert_eq!(ticks, [20, 40, 60], "{key}");
        assert!(late < SECOND, "{key} was {late:?} late");
    }
}

#[tokio::test(start_paused = true)]
async fn any_number_of_tasks_that_hang_delay_the_others_by_seconds_only() {
    let fixture = RecurringFixture::new();
    let mut builder = with_beats(fixture.builder(), 3, "every 20s");
    for number in 0..1500 {
        builder = builder.recurring(slow_task(&format!("a hung one {number}"), 3600, "every 20s"));
    }
    let _running = started(builder).await;
    pass(MINUTE + Duration::from_secs(10)).await;
    let taken = taken(&fixture);
    assert_eq!(taken.len(), 3);
    for (key, (ticks, late)) in taken {
        assert_eq!(ticks, [20, 40, 60], "{key}");
        assert!(late < Duration::from_secs(10), "{key} was {late:?} late");
    }
}

#[tokio::test(start_paused = true)]
async fn a_callback_that_hangs_costs_its_tick_and_is_told_with_its_job() {
    let fixture = RecurringFixture::new();
    let builder = fixture.builder().register([Definition::of::<Slow>(), Definition::of::<Beat>()]);
    let _running = started(builder.recurring(slow_task("hung", 3600, "every 40s"))).await;
    pass(Duration::from_secs(75)).await;
    let failed: Vec<_> = fixture
        .recorder
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::EnqueueFailed(event) => Some((event.job.name, event.error.message)),
            _ => None,
        })
        .collect();
    let message = "the enqueue callbacks took longer than 30s, the limit at a tick".to_owned();
    assert_eq!(failed, [("slow".to_owned(), message)]);
    assert_eq!(fixture.skipped(), [1], "the tick is told as left out");
    assert_eq!(
        fixture.recorder.count(|event| matches!(event, Event::StoreFailed(_))),
        0,
        "the store did nothing wrong"
    );
}

#[tokio::test(start_paused = true)]
async fn ticks_that_a_slow_callback_is_late_for_are_not_missed() {
    let fixture = RecurringFixture::new();
    let builder = fixture.builder().register([Definition::of::<Slow>(), Definition::of::<Beat>()]);
    // Each enqueue takes 25 s and there is a tick each 20 s, so that the tenth is a minute late.
    let _running = started(builder.recurring(slow_task("slow", 25, "every 20s"))).await;
    pass(MINUTE * 8).await;
    let taken = taken(&fixture);
    let (ticks, late) = &taken["slow"];
    assert!(*late > MINUTE, "{late:?}");
    assert_eq!(*ticks, (1..=ticks.len() as u64).map(|number| number * 20).collect::<Vec<_>>(), "none is left out");
    assert_eq!(fixture.skipped(), [0; 0]);
}

/// Takes so long for each call.
struct SlowStore(Arc<dyn Store>, Duration, AtomicUsize);

impl PassThrough for SlowStore {
    fn inner(&self) -> &dyn Store {
        &*self.0
    }

    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        Box::pin(async move {
            self.2.fetch_add(1, Ordering::SeqCst);
            pass(self.1).await;
            self.0.recurring().expect("the store in memory keeps tasks").ticks(ticks).await
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_slow_gets_the_ticks_of_many_tasks_in_few_calls() {
    let fixture = RecurringFixture::new();
    let store = Arc::new(PassThroughStore(SlowStore(fixture.store.clone(), SECOND / 10, AtomicUsize::new(0))));
    let fixture = RecurringFixture { store: store.clone(), ..fixture };
    let _running = started(with_beats(fixture.builder(), 500, "every 20s")).await;
    pass(Duration::from_secs(25)).await;
    let taken = taken(&fixture);
    assert_eq!(taken.len(), 500);
    let calls = store.0.2.load(Ordering::SeqCst);
    assert!(calls <= 10, "{calls} calls");
    assert!(taken.values().all(|(_, late)| *late < SECOND), "each within a second");
}

#[tokio::test(start_paused = true)]
async fn the_time_of_the_store_is_no_fault_of_the_callbacks() {
    let fixture = RecurringFixture::new();
    let store =
        Arc::new(PassThroughStore(SlowStore(fixture.store.clone(), Duration::from_secs(50), AtomicUsize::new(0))));
    let fixture = RecurringFixture { store, ..fixture };
    let _running = started(fixture.builder().recurring(beats("every 2m"))).await;
    pass(MINUTE * 3).await;
    assert_eq!(fixture.ticks(), [120]);
    assert_eq!(fixture.skipped(), [0; 0]);
}

/// Refuses the job of one task for good, and each request that it is in.
struct RefusesOneJob(Arc<dyn Store>);

impl PassThrough for RefusesOneJob {
    fn inner(&self) -> &dyn Store {
        &*self.0
    }

    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        let is_refused = |tick: &Tick| tick.job.as_ref().is_some_and(|job| job.arguments.contains("refused"));
        if ticks.iter().any(is_refused) {
            return Box::pin(std::future::ready(Err(jobs::Error::invalid("not this one"))));
        }
        self.0.recurring().expect("the store in memory keeps tasks").ticks(ticks)
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_the_store_refuses_costs_its_own_tick_alone() {
    let fixture = RecurringFixture::new();
    let store = Arc::new(PassThroughStore(RefusesOneJob(fixture.store.clone())));
    let fixture = RecurringFixture { store, ..fixture };
    let refused = RecurringTask::of("a refused one", &Beat { of: "refused".to_owned() }, "every 20s").unwrap();
    let _running = started(with_beats(fixture.builder(), 50, "every 20s").recurring(refused)).await;
    pass(MINUTE + SECOND / 2).await;
    let taken = taken(&fixture);
    assert_eq!(taken.len(), 50);
    assert!(taken.values().all(|(ticks, late)| *ticks == [20, 40, 60] && *late < SECOND), "{taken:?}");
    assert_eq!(fixture.skipped(), [1, 1, 1], "each tick of the refused one is told");
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::EnqueueFailed(_))), 3, "with the reason");
}

/// Does not answer for the ticks of one task.
struct FailsForOneTask(Arc<dyn Store>);

impl PassThrough for FailsForOneTask {
    fn inner(&self) -> &dyn Store {
        &*self.0
    }

    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        if ticks.iter().any(|tick| tick.key == "unlucky") {
            return Box::pin(std::future::ready(Err(jobs::Error::transient("not now"))));
        }
        self.0.recurring().expect("the store in memory keeps tasks").ticks(ticks)
    }
}

#[tokio::test(start_paused = true)]
async fn a_tick_that_fails_for_now_is_tried_again_and_delays_no_other_task() {
    let fixture = RecurringFixture::new();
    let store = Arc::new(PassThroughStore(FailsForOneTask(fixture.store.clone())));
    let fixture = RecurringFixture { store, ..fixture };
    let unlucky = RecurringTask::of("unlucky", &Beat { of: "x".to_owned() }, "30 * * * * *").unwrap();
    let _running = started(fixture.builder().recurring(beats("every 20s")).recurring(unlucky)).await;
    pass(MINUTE * 3 + SECOND / 2).await;
    assert_eq!(fixture.ticks(), (1..=9).map(|number| number * 20).collect::<Vec<_>>());
    let tries = fixture.recorder.count(|event| matches!(event, Event::EnqueueFailed(_)));
    assert!((20..200).contains(&tries), "{tries} tries with waits of up to two seconds");
}
