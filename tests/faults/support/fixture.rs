//! A folder with a file of jobs, or a server that has them, and queries about the jobs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use jobs::prelude::*;
use jobs::store::{Counts, Filter, Inspect, JobRecord};
use jobs::{JobId, State};
use tempfile::TempDir;
use tokio::time::{interval, timeout};

use crate::support::process::Process;
use crate::support::server::Schema;
use crate::support::worker::{Orders, Work, builder};

/// The folder, client and store of one test.
pub(crate) struct Fixture {
    pub(crate) folder: TempDir,
    pub(crate) jobs: Client,
    /// The server that has the jobs, if it is not a file.
    pub(crate) schema: Option<Schema>,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        Self::with(None).await
    }

    /// On the server for tests, if there is one.
    pub(crate) async fn on_server() -> Option<Self> {
        Some(Self::with(Some(Schema::new()?)).await)
    }

    async fn with(schema: Option<Schema>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = schema.as_ref().map(|schema| schema.url.clone());
        let runtime = builder(&Orders { server, ..Orders::new(folder.path()) }).build().await.unwrap();
        Self { jobs: runtime.client(), folder, schema }
    }

    pub(crate) fn orders(&self) -> Orders {
        let server = self.schema.as_ref().map(|schema| schema.url.clone());
        Orders { server, ..Orders::new(self.folder.path()) }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("jobs.db")
    }

    /// A connection of another program.
    pub(crate) fn stranger(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }

    /// Enqueues jobs of these numbers.
    pub(crate) async fn enqueue(&self, numbers: std::ops::Range<u64>) -> Vec<JobId> {
        let answers = self.jobs.perform_all_later(numbers.map(Work::new)).await.unwrap();
        answers.into_iter().map(id).collect()
    }

    pub(crate) fn inspect(&self) -> &dyn Inspect {
        self.jobs.store().inspect().unwrap()
    }

    pub(crate) async fn record(&self, id: JobId) -> JobRecord {
        self.inspect().find(id).await.unwrap().unwrap()
    }

    /// Waits until the job is stored as `wanted` says.
    pub(crate) async fn becomes(&self, id: JobId, wanted: impl Fn(&JobRecord) -> bool) -> JobRecord {
        let mut ticks = interval(Duration::from_millis(2));
        let change = async {
            loop {
                let record = self.record(id).await;
                if wanted(&record) {
                    return record;
                }
                ticks.tick().await;
            }
        };
        let outcome = timeout(Duration::from_secs(30), change).await;
        let Ok(record) = outcome else { panic!("the job stayed as it is: {:?}", self.record(id).await) };
        record
    }

    pub(crate) async fn reaches(&self, id: JobId, state: State) -> JobRecord {
        self.becomes(id, |record| record.state == state).await
    }

    pub(crate) async fn counts(&self) -> Counts {
        self.inspect().counts().await.unwrap()
    }

    /// Waits until exactly these processes are known: dead ones are recovered and stopped ones have signed off.
    pub(crate) async fn knows(&self, processes: &[&Process]) {
        let wanted: BTreeSet<u32> = processes.iter().map(|process| process.pid()).collect();
        let mut ticks = interval(Duration::from_millis(5));
        let known = async {
            loop {
                let records = self.inspect().processes().await.unwrap();
                if records.iter().map(|record| record.process.pid).collect::<BTreeSet<_>>() == wanted {
                    return;
                }
                ticks.tick().await;
            }
        };
        let outcome = timeout(Duration::from_secs(30), known).await;
        assert!(outcome.is_ok(), "others than {wanted:?}: {:?}", self.inspect().processes().await);
    }

    /// Waits until so many jobs are finished.
    pub(crate) async fn finishes(&self, jobs: u64) {
        let mut ticks = interval(Duration::from_millis(5));
        let done = async {
            while self.counts().await.of(State::Finished) < jobs {
                ticks.tick().await;
            }
        };
        let outcome = timeout(Duration::from_secs(30), done).await;
        assert!(outcome.is_ok(), "not all of {jobs} jobs are finished: {:?}", self.counts().await);
    }

    pub(crate) async fn all(&self) -> Vec<JobRecord> {
        let filter = Filter { limit: 1_000_000, ..Filter::default() };
        self.inspect().list(&filter).await.unwrap()
    }

    /// How many lines each number has in the ledger.
    pub(crate) fn ledger(&self) -> BTreeMap<u64, u32> {
        let mut lines = BTreeMap::new();
        for number in self.numbers("ledger") {
            *lines.entry(number).or_default() += 1;
        }
        lines
    }

    /// The numbers in a file of the folder, a line each.
    pub(crate) fn numbers(&self, file: &str) -> Vec<u64> {
        let text = std::fs::read_to_string(self.folder.path().join(file)).unwrap_or_default();
        text.lines().map(|line| line.parse().unwrap()).collect()
    }

    /// Every job is finished, once in the store and at least once in the ledger, and each crash cost one attempt.
    pub(crate) async fn is_accounted_for(&self, jobs: usize, when: &str) {
        let (records, ledger) = (self.all().await, self.ledger());
        assert_eq!(records.len(), jobs, "{when}: jobs in the store");
        for record in records {
            let number = number(&record);
            let lines = ledger.get(&number).copied().unwrap_or(0);
            assert_eq!(record.state, State::Finished, "{when}: {record:?}");
            assert_eq!(record.attempts, record.crashes + 1, "{when}: {record:?}");
            assert!((1..=record.attempts).contains(&lines), "{when}: {lines} lines of {record:?}");
            let deaths = record.errors.iter().filter(|error| error.class == "jobs::ProcessDied").count();
            assert_eq!((record.errors.len(), deaths), (deaths, record.crashes as usize), "{when}: {record:?}");
        }
        assert_eq!(ledger.len(), jobs, "{when}: numbers in the ledger");
    }
}

pub(crate) fn id(enqueued: Enqueued) -> JobId {
    enqueued.id().expect("the job is stored")
}

/// The number in the arguments of a job.
pub(crate) fn number(record: &JobRecord) -> u64 {
    let arguments: serde_json::Value = serde_json::from_str(&record.arguments).unwrap();
    arguments["number"].as_u64().unwrap()
}
