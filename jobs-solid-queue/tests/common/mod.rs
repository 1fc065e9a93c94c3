//! Shared by the tests: new databases of Solid Queue on the servers that are there.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

pub(crate) mod locks;
pub(crate) mod samples;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jobs_core::Clock;
use jobs_solid_queue::{SolidQueueOptions, SolidQueueStore};
use jobs_sql::{Database, SqlRow, SqlValue};
use jobs_testing::{ManualClock, skip};
use tempfile::TempDir;

pub(crate) const DOING: &str = "run a test";

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    MariaDb,
    Sqlite,
}

pub(crate) const KINDS: [Kind; 3] = [Kind::Postgres, Kind::MariaDb, Kind::Sqlite];

impl Kind {
    /// The server for tests; `None` if there is none.
    fn server(self) -> Option<String> {
        let variable = match self {
            Self::Postgres => "JOBS_TEST_POSTGRES",
            Self::MariaDb => "JOBS_TEST_MARIADB",
            Self::Sqlite => return None,
        };
        std::env::var(variable).ok().filter(|url| !url.is_empty())
    }

    pub(crate) const fn missing(self) -> &'static str {
        match self {
            Self::Postgres => "JOBS_TEST_POSTGRES names no PostgreSQL server; `bin/postgres start` starts one",
            Self::MariaDb => "JOBS_TEST_MARIADB names no MariaDB server; `bin/mariadb start` starts one",
            Self::Sqlite => "SQLite is always there",
        }
    }
}

/// New, empty tables of Solid Queue for one test.
pub(crate) struct TestDb {
    /// The URL of the store.
    pub(crate) url: String,
    pub(crate) kind: Kind,
    pub(crate) clock: Arc<ManualClock>,
    /// A connection that does not belong to the store.
    pub(crate) database: Database,
    folder: Option<TempDir>,
}

impl TestDb {
    /// New tables. If there is no server, the test is recorded as skipped and gets `None`.
    pub(crate) async fn new(kind: Kind) -> Option<Self> {
        let found = Self::found(kind).await;
        if found.is_none() {
            skip(kind.missing());
        }
        found
    }

    /// One of each kind that is there.
    pub(crate) async fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for kind in KINDS {
            all.extend(Self::new(kind).await);
        }
        all
    }

    /// As [`new`](Self::new), without recording that the test was skipped.
    pub(crate) async fn found(kind: Kind) -> Option<Self> {
        let name = name();
        let (address, folder) = match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                (format!("sqlite:{}/queue.sqlite3", folder.path().display()), Some(folder))
            }
            Kind::Postgres => {
                let server = kind.server()?;
                run_on(&server, &format!("CREATE SCHEMA {name}")).await;
                (format!("{server}?options=-c%20search_path%3D{name}"), None)
            }
            Kind::MariaDb => {
                let server = kind.server()?;
                run_on(&server, &format!("CREATE DATABASE {name}")).await;
                let host = server.rsplit_once('/').map_or(server.as_str(), |(host, _database)| host);
                (format!("{host}/{name}"), None)
            }
        };
        let database = Database::open(&address).await.unwrap();
        jobs_solid_queue::create_tables(&database).await.unwrap();
        let clock = Arc::new(ManualClock::new());
        Some(Self { url: format!("solid_queue+{address}"), kind, clock, database, folder })
    }

    pub(crate) fn options(&self) -> SolidQueueOptions {
        SolidQueueOptions::from_url(&self.url).unwrap()
    }

    pub(crate) fn by(&self, clock: Arc<dyn Clock>) -> SolidQueueOptions {
        self.options().clock(clock)
    }

    pub(crate) async fn open(&self) -> SolidQueueStore {
        self.by(self.clock.clone()).connect().await.unwrap()
    }

    /// Runs a statement beside the store.
    pub(crate) async fn run(&self, statement: &str, values: &[SqlValue]) -> u64 {
        let mut transaction = self.database.begin(DOING).await.unwrap();
        let changed = transaction.execute(statement, values).await.unwrap();
        transaction.commit().await.unwrap();
        changed
    }

    pub(crate) async fn rows(&self, statement: &str) -> Vec<SqlRow> {
        self.database.query(statement, &[], DOING).await.unwrap()
    }

    /// How many rows this table has, without `solid_queue_` in its name.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        self.rows(&format!("SELECT COUNT(*) FROM solid_queue_{table}")).await[0].int(0).unwrap()
    }

    /// How many rows the tables ready, scheduled, claimed, failed and blocked have.
    pub(crate) async fn states(&self) -> [i64; 5] {
        let mut counts = [0; 5];
        for (count, table) in counts.iter_mut().zip(["ready", "scheduled", "claimed", "failed", "blocked"]) {
            *count = self.count(&format!("{table}_executions")).await;
        }
        counts
    }
}

async fn run_on(server: &str, statement: &str) {
    let database = Database::open(server).await.unwrap();
    database.run_script(statement, DOING).await.unwrap();
}

/// A name that no other test has, also of another run.
fn name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let since = std::time::UNIX_EPOCH.elapsed().unwrap().as_micros();
    format!("sq_{}_{since}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
