//! A runtime over the memory store with a hand-cranked clock and a recorder.

use std::sync::Arc;
use std::time::Duration;

use jobs::memory::MemoryStore;
use jobs::prelude::*;
use jobs::{Definition, Event, Inspect, JobId, JobRecord, RuntimeBuilder, RuntimeHandle, Store};
use jobs_testing::{ManualClock, Recorder, SeededEntropy};

/// A store, its clock, and what happened.
pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) recorder: Recorder,
    /// One for all runtimes of this world, or they would draw the same identity.
    entropy: Arc<SeededEntropy>,
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::new());
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(clock.clone()));
        Self { clock, store, recorder: Recorder::new(), entropy: Arc::new(SeededEntropy::new(7)) }
    }

    /// A builder over this world's store with these jobs.
    pub(crate) fn builder(&self, jobs: impl IntoIterator<Item = Definition>) -> RuntimeBuilder {
        let watch = self.recorder.watch();
        Runtime::builder()
            .store(self.store.clone())
            .clock(self.clock.clone())
            .entropy(self.entropy.clone())
            .jobs(jobs)
            // Short, so that a hand-cranked clock is noticed soon; hints do the rest.
            .dispatch(Duration::from_millis(5), 100)
            .poll_interval(Duration::from_millis(20))
            .watch(move |event| watch(event))
    }

    pub(crate) async fn start(&self, jobs: impl IntoIterator<Item = Definition>) -> RuntimeHandle {
        let runtime = self.builder(jobs).build().await.expect("the runtime is built");
        runtime.start().await.expect("the runtime starts")
    }

    pub(crate) fn inspect(&self) -> &dyn Inspect {
        self.store.inspect().expect("the memory store can be looked into")
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
        let reached = async {
            loop {
                let record = self.record(id).await;
                if record.state == state {
                    return record;
                }
                tokio::task::yield_now().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), reached).await;
        match waited {
            Ok(record) => record,
            Err(_) => panic!("the job never was {state}: {:?}", self.record(id).await),
        }
    }
}

pub(crate) fn id(enqueued: Enqueued) -> JobId {
    enqueued.id().expect("the job is stored")
}
