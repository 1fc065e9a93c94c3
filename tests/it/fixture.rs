//! A runtime over the memory store with a manual clock and a recorder.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jobs::definition::Definition;
use jobs::memory::MemoryStore;
use jobs::prelude::*;
use jobs::sqlite::SqliteOptions;
use jobs::store::{Inspect, JobRecord, NewJob, Store};
use jobs::{Event, JobId, RuntimeBuilder, RuntimeHandle};
use jobs_testing::{ManualClock, Recorder, SeededEntropy};

/// A store, its clock, and its events.
pub(crate) struct Fixture {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) recorder: Recorder,
    /// One for all runtimes of this fixture, or they would draw the same identity.
    entropy: Arc<SeededEntropy>,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::new());
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(clock.clone()));
        Self::over(store, clock)
    }

    /// A fixture over the file at this path.
    pub(crate) fn on_file(path: &Path) -> Self {
        let clock = Arc::new(ManualClock::new());
        let store = SqliteOptions::new(path).clock(clock.clone()).open().expect("the file opens");
        Self::over(Arc::new(store), clock)
    }

    fn over(store: Arc<dyn Store>, clock: Arc<ManualClock>) -> Self {
        Self { clock, store, recorder: Recorder::new(), entropy: Arc::new(SeededEntropy::new(7)) }
    }

    /// A builder over this fixture's store with these jobs.
    pub(crate) fn builder(&self, jobs: impl IntoIterator<Item = Definition>) -> RuntimeBuilder {
        let watch = self.recorder.watch();
        Runtime::builder()
            .store(self.store.clone())
            .clock(self.clock.clone())
            .entropy(self.entropy.clone())
            .register(jobs)
            // Short, so that the runtime soon notices that the manual clock moved.
            .dispatch_interval(Duration::from_millis(5))
            .dispatch_batch(100)
            .poll_interval(Duration::from_millis(20))
            .watch(move |event| watch(event))
    }

    pub(crate) async fn start(&self, jobs: impl IntoIterator<Item = Definition>) -> RuntimeHandle {
        let runtime = self.builder(jobs).build().await.expect("the runtime is built");
        runtime.start().await.expect("the runtime starts")
    }

    /// A builder that provides this log to the jobs.
    pub(crate) fn builder_logging(
        &self,
        calls: &CallLog,
        jobs: impl IntoIterator<Item = Definition>,
    ) -> RuntimeBuilder {
        self.builder(jobs).provide(calls.clone())
    }

    pub(crate) fn inspect(&self) -> &dyn Inspect {
        self.store.inspect().expect("the memory store can be inspected")
    }

    pub(crate) async fn record(&self, id: JobId) -> JobRecord {
        self.inspect().find(id).await.expect("the store answers").expect("the job is there")
    }

    /// Waits for the event about this job that `wanted` accepts.
    pub(crate) async fn saw(&self, id: JobId, wanted: fn(&Event) -> bool) {
        self.recorder.wait_for(move |event| event.job().is_some_and(|job| job.id == id) && wanted(event)).await;
    }

    /// Waits until the store has written a state.
    pub(crate) async fn reaches(&self, id: JobId, state: jobs::State) -> JobRecord {
        self.becomes(id, |record| record.state == state).await
    }

    /// Waits until the job is stored as `wanted` says.
    pub(crate) async fn becomes(&self, id: JobId, wanted: impl Fn(&JobRecord) -> bool) -> JobRecord {
        let change = async {
            loop {
                let record = self.record(id).await;
                if wanted(&record) {
                    return record;
                }
                tokio::task::yield_now().await;
            }
        };
        let outcome = tokio::time::timeout(Duration::from_secs(20), change).await;
        let Ok(record) = outcome else { panic!("the job stayed as it is: {:?}", self.record(id).await) };
        record
    }

    /// The wait that was written after this attempt had failed. The clock is then moved to its end.
    pub(crate) async fn wait_after(&self, id: JobId, attempt: u32) -> Duration {
        let retried = |record: &JobRecord| record.state == jobs::State::Scheduled && record.attempts == attempt;
        let record = self.becomes(id, retried).await;
        let wait = record.due_at.duration_since(jobs::time::Clock::now(&*self.clock));
        self.clock.advance(wait);
        wait
    }

    /// Stores a job as another program would.
    pub(crate) async fn store_raw(&self, name: &str, arguments: &str, alter: impl FnOnce(&mut NewJob)) -> JobId {
        let number = jobs::time::Entropy::next_u64(&*self.entropy);
        let mut bytes = [0; 16];
        bytes[8..].copy_from_slice(&number.to_be_bytes());
        let mut new = NewJob::new(JobId::from_bytes(bytes), name, arguments);
        alter(&mut new);
        let _stored = self.store.enqueue(std::slice::from_ref(&new)).await.expect("the store takes it");
        new.id
    }
}

/// The lines that jobs and their callbacks added, in order. Provided to them with `provide`.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallLog(Arc<Mutex<Vec<String>>>);

impl CallLog {
    pub(crate) fn add(&self, words: impl Into<String>) {
        self.0.lock().expect("no log call panics").push(words.into());
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().expect("no log call panics").clone()
    }
}

/// Adds a line where only the context is at hand.
pub(crate) fn log_call(ctx: &Context, words: impl Into<String>) {
    ctx.provided::<CallLog>().add(words);
}

pub(crate) fn id(enqueued: Enqueued) -> JobId {
    enqueued.id().expect("the job is stored")
}
