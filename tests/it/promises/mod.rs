//! Sentences of the guide's page `promises`, tried through the facade on each store of ours.

mod at_least_once;
mod order_and_visibility;
#[path = "../../faults/support/server.rs"]
mod server;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jobs::definition::Definition;
use jobs::memory::MemoryStore;
use jobs::prelude::*;
use jobs::store::{JobRecord, Store, connect};
use jobs::{Event, JobId, RuntimeBuilder, RuntimeHandle, State, Worker};
use jobs_testing::Recorder;
use tempfile::TempDir;
use tokio::time::{interval, timeout};

use crate::promises::server::Schema;

/// A store, and what its jobs did.
struct Site {
    name: &'static str,
    store: Arc<dyn Store>,
    recorder: Recorder,
    done: Done,
    _folder: Option<TempDir>,
    _schema: Option<Schema>,
}

/// What the bodies of jobs noted down, in order. Provided to them.
#[derive(Clone, Debug, Default)]
struct Done(Arc<Mutex<Vec<String>>>);

impl Done {
    fn note(&self, words: impl Into<String>) {
        self.0.lock().unwrap().push(words.into());
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Site {
    fn of(name: &'static str, store: Arc<dyn Store>) -> Self {
        Self { name, store, recorder: Recorder::new(), done: Done::default(), _folder: None, _schema: None }
    }

    /// One on each store. On PostgreSQL only if there is a server for tests.
    async fn all() -> Vec<Self> {
        let mut all = vec![Self::of("memory", Arc::new(MemoryStore::default()))];
        let folder = tempfile::tempdir().unwrap();
        let file = connect(&format!("sqlite:{}", folder.path().join("jobs.db").display())).await.unwrap();
        all.push(Self { _folder: Some(folder), ..Self::of("SQLite", file) });
        if let Some(schema) = Schema::new() {
            let server = connect(&schema.url).await.unwrap();
            all.push(Self { _schema: Some(schema), ..Self::of("PostgreSQL", server) });
        }
        all
    }

    /// One job at a time, of any queue.
    fn builder(&self, jobs: impl IntoIterator<Item = Definition>) -> RuntimeBuilder {
        self.builder_for(Worker::new(["*"]).concurrency(1), jobs)
    }

    fn builder_for(&self, worker: Worker, jobs: impl IntoIterator<Item = Definition>) -> RuntimeBuilder {
        let watch = self.recorder.watch();
        Runtime::builder()
            .store(self.store.clone())
            .register(jobs)
            .provide(self.done.clone())
            .worker(worker)
            .dispatch_interval(Duration::from_millis(5))
            .poll_interval(Duration::from_millis(20))
            .watch(move |event| watch(event))
    }

    async fn start(&self, jobs: impl IntoIterator<Item = Definition>) -> RuntimeHandle {
        self.builder(jobs).build().await.unwrap().start().await.unwrap()
    }

    /// A client of a program that performs nothing.
    async fn client(&self, jobs: impl IntoIterator<Item = Definition>) -> Client {
        self.builder(jobs).build().await.unwrap().client()
    }

    async fn record(&self, id: JobId) -> JobRecord {
        self.store.inspect().unwrap().find(id).await.unwrap().unwrap()
    }

    async fn reaches(&self, id: JobId, state: State) -> JobRecord {
        let mut ticks = interval(Duration::from_millis(2));
        let reached = async {
            loop {
                let record = self.record(id).await;
                if record.state == state {
                    return record;
                }
                ticks.tick().await;
            }
        };
        let outcome = timeout(Duration::from_secs(60), reached).await;
        let Ok(record) = outcome else { panic!("{}: it stayed as it is: {:?}", self.name, self.record(id).await) };
        record
    }

    /// Waits for the event about this job that `wanted` accepts.
    async fn saw(&self, id: JobId, wanted: fn(&Event) -> bool) {
        self.recorder.wait_for(move |event| event.job().is_some_and(|job| job.id == id) && wanted(event)).await;
    }
}
