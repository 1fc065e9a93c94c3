//! Recurring jobs, over a store whose clock follows tokio's paused time.

mod build_errors;
mod failures;
mod missed_ticks;
mod several_schedulers;
mod slow_tasks;
mod ticks;

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jobs::definition::{Definition, Settings};
use jobs::memory::MemoryStore;
use jobs::prelude::*;
use jobs::recurring::{RecurringTask, RecurringTasks};
use jobs::store::Store;
use jobs::time::Clock;
use jobs::{Context, Event, Job, RuntimeBuilder, RuntimeHandle, Timestamp};
use jobs_testing::{Recorder, SeededEntropy};
use tokio::time::{Instant, timeout};

use crate::fixture::CallLog;

pub(crate) const MINUTE: Duration = Duration::from_secs(60);

/// Logs that it ran.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct Beat {
    pub(crate) of: String,
}

impl Job for Beat {
    type Output = ();
    type Error = std::io::Error;
    const SETTINGS: Settings = Settings::new("beat");

    async fn perform(self, context: &Context) -> Result<(), std::io::Error> {
        context.provided::<CallLog>().add(self.of);
        Ok(())
    }

    fn cause(error: &Self::Error) -> Option<&(dyn std::error::Error + 'static)> {
        jobs::definition::as_error(error)
    }
}

/// A task that beats at these times.
pub(crate) fn beats(schedule: &str) -> RecurringTask {
    RecurringTask::of("pulse", &Beat { of: "pulse".to_owned() }, schedule).expect("a text is JSON")
}

/// A clock that goes on with tokio's time, from 2026-01-01T00:00:00Z, and can be set.
#[derive(Debug)]
pub(crate) struct TokioClock {
    since: Instant,
    start: AtomicI64,
}

impl TokioClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { since: Instant::now(), start: AtomicI64::new(1_767_225_600_000_000) })
    }

    /// Sets it so many seconds forward, or back.
    pub(crate) fn jump(&self, seconds: i64) {
        self.start.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.start.load(Ordering::SeqCst)) + self.since.elapsed()
    }
}

/// A store, its clock, and its events.
pub(crate) struct RecurringFixture {
    pub(crate) clock: Arc<TokioClock>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) recorder: Recorder,
    pub(crate) calls: CallLog,
    entropy: Arc<SeededEntropy>,
}

impl RecurringFixture {
    pub(crate) fn new() -> Self {
        let clock = TokioClock::new();
        let store = Arc::new(MemoryStore::new(clock.clone()));
        let entropy = Arc::new(SeededEntropy::new(7));
        Self { clock, store, recorder: Recorder::new(), calls: CallLog::default(), entropy }
    }

    pub(crate) fn builder(&self) -> RuntimeBuilder {
        let watch = self.recorder.watch();
        Runtime::builder()
            .store(self.store.clone())
            .clock(self.clock.clone())
            .entropy(self.entropy.clone())
            .register([Definition::of::<Beat>()])
            .provide(self.calls.clone())
            .watch(move |event| watch(event))
    }

    /// Starts a runtime with one task.
    pub(crate) async fn start(&self, task: RecurringTask) -> RuntimeHandle {
        started(self.builder().recurring(task)).await
    }

    pub(crate) async fn agenda(&self) -> RecurringTasks {
        self.store.recurring().expect("the store has the power").tasks().await.expect("the store lists its tasks")
    }

    /// The ticks that were taken, in seconds since the beginning.
    pub(crate) fn ticks(&self) -> Vec<u64> {
        let taken = |event: &Event| match event {
            Event::RecurringEnqueued(event) => {
                Some(event.at.duration_since(Timestamp::from_micros(1_767_225_600_000_000)).as_secs())
            }
            _ => None,
        };
        self.recorder.events().iter().filter_map(taken).collect()
    }

    /// How many ticks each event reports as skipped.
    pub(crate) fn skipped(&self) -> Vec<u32> {
        let skipped = |event: &Event| match event {
            Event::RecurringSkipped(event) => Some(event.ticks),
            _ => None,
        };
        self.recorder.events().iter().filter_map(skipped).collect()
    }
}

pub(crate) async fn started(builder: RuntimeBuilder) -> RuntimeHandle {
    builder.build().await.expect("the runtime is built").start().await.expect("the runtime starts")
}

/// Lets so much of tokio's paused time pass.
pub(crate) async fn pass(span: Duration) {
    let _over: Result<(), _> = timeout(span, pending()).await;
}
