//! Runtimes over one schema, with a record of the jobs that they performed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jobs::prelude::*;
use jobs::store::{JobRecord, Store};
use jobs::{AnyJob, Event, JobId, RuntimeBuilder, RuntimeHandle, State};
use jobs_postgres::PostgresStore;
use jobs_testing::Recorder;
use tokio::sync::watch;
use tokio::time::{interval, timeout};

use crate::common::{DEADLINE, TestDb};

/// The silence after which a process is given up as dead; a sixth of it is between two heartbeats.
pub(crate) const SILENCE: Duration = Duration::from_millis(1200);

/// How often each job was performed, and a gate for jobs that wait.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    lines: Arc<Mutex<BTreeMap<u64, u32>>>,
    gate: watch::Sender<bool>,
}

impl Ledger {
    fn write(&self, number: u64) {
        *self.lines.lock().unwrap().entry(number).or_default() += 1;
    }

    pub(crate) fn lines(&self) -> BTreeMap<u64, u32> {
        self.lines.lock().unwrap().clone()
    }

    pub(crate) fn open_gate(&self) {
        self.gate.send_replace(true);
    }
}

/// Adds a line.
#[job]
pub(crate) async fn work(number: u64, ledger: &Ledger) -> Result<(), std::io::Error> {
    ledger.write(number);
    Ok(())
}

/// Adds a line when the gate is open.
#[job]
pub(crate) async fn linger(number: u64, ledger: &Ledger) -> Result<(), std::io::Error> {
    let mut gate = ledger.gate.subscribe();
    // The gate lives as long as the ledger.
    let _open = gate.wait_for(|open| *open).await;
    ledger.write(number);
    Ok(())
}

/// A runtime with its events.
pub(crate) struct Running {
    pub(crate) handle: RuntimeHandle,
    pub(crate) recorder: Recorder,
}

impl Running {
    /// Starts over this URL, with a concurrency of four.
    pub(crate) async fn start(db: &TestDb, url: &str, ledger: &Ledger) -> Self {
        Self::over(open(db, url).await, ledger).await
    }

    pub(crate) async fn over(store: PostgresStore, ledger: &Ledger) -> Self {
        Self::with(builder(store, ledger)).await
    }

    pub(crate) async fn with(builder: RuntimeBuilder) -> Self {
        let recorder = Recorder::new();
        let watch = recorder.watch();
        let runtime = builder.watch(move |event| watch(event));
        Self { handle: runtime.build().await.unwrap().start().await.unwrap(), recorder }
    }

    pub(crate) async fn enqueue(&self, numbers: std::ops::Range<u64>) {
        let jobs: Vec<_> = numbers.map(|number| AnyJob::new(Work::new(number))).collect();
        let _stored = self.handle.client().perform_all_later(jobs).await.unwrap();
    }

    pub(crate) async fn enqueue_lingering(&self, number: u64) -> JobId {
        Linger::perform_later(number).on(&self.handle.client()).await.unwrap().id().unwrap()
    }

    /// Waits until the runtime has reported this often that the store failed with this message.
    pub(crate) async fn says(&self, times: usize, words: &str) {
        let failed = |event: &Event| matches!(event, Event::StoreFailed(event) if format!("{}: {}", event.operation, event.message).contains(words));
        self.recorder.wait_for_count(times, failed).await;
    }

    pub(crate) fn recovered(&self) -> usize {
        self.recorder.count(|event| matches!(event, Event::Recovered(_)))
    }
}

/// A runtime with a concurrency of four and short intervals.
pub(crate) fn builder(store: PostgresStore, ledger: &Ledger) -> RuntimeBuilder {
    Runtime::builder()
        .store(Arc::new(store))
        .register(jobs::jobs![Work, Linger])
        .provide(ledger.clone())
        .worker(Worker::default().concurrency(4))
        .heartbeat_interval(SILENCE / 6)
        .dead_after(SILENCE)
        .poll_interval(Duration::from_millis(50))
        .dispatch_interval(Duration::from_millis(20))
        .dispatch_batch(100)
        .crash_limit(100)
}

/// A store with the server's clock.
pub(crate) async fn open(db: &TestDb, url: &str) -> PostgresStore {
    jobs_postgres::PostgresOptions::from_url(url).unwrap().schema(&db.schema).connect().await.unwrap()
}

/// Waits until at least this many jobs are finished.
pub(crate) async fn finished(store: &PostgresStore, jobs: u64) {
    let mut ticks = interval(Duration::from_millis(10));
    let done = async {
        loop {
            let counts = store.inspect().unwrap().counts().await;
            if counts.is_ok_and(|counts| counts.of(State::Finished) >= jobs) {
                return;
            }
            ticks.tick().await;
        }
    };
    if timeout(DEADLINE, done).await.is_err() {
        let counts = store.inspect().unwrap().counts().await;
        panic!("not all of {jobs} jobs are finished: {counts:?}");
    }
}

/// Each job is finished, once in the store and at least once in the ledger.
pub(crate) async fn is_accounted_for(store: &PostgresStore, ledger: &Ledger, jobs: u64) -> Vec<JobRecord> {
    finished(store, jobs).await;
    let filter = jobs::store::Filter { limit: 1_000_000, ..jobs::store::Filter::default() };
    let records = store.inspect().unwrap().list(&filter).await.unwrap();
    assert_eq!(records.len() as u64, jobs, "jobs in the store");
    for record in &records {
        assert_eq!(record.state, State::Finished, "{record:?}");
        let deaths = record.errors.iter().filter(|error| error.class == "jobs::ProcessDied").count();
        assert_eq!((record.errors.len(), deaths), (deaths, record.crashes as usize), "{record:?}");
    }
    let lines = ledger.lines();
    assert_eq!(lines.len() as u64, jobs, "numbers in the ledger");
    records
}
