//! The database of a Rails application with its table of Delayed Job, as Rails' generator makes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jobs_core::Clock;
use jobs_delayed_job::{DelayedJobOptions, DelayedJobStore};
use jobs_sql::{Database, Dialect, SqlRow, SqlValue};
use tempfile::TempDir;

const DOING: &str = "run a test";

static TABLES: AtomicU32 = AtomicU32::new(0);

/// Which database a test needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    MariaDb,
    Sqlite,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Postgres, Self::MariaDb, Self::Sqlite];
}

/// Why tests of a server are skipped.
pub(crate) const NO_SERVER: &str = "JOBS_TEST_POSTGRES and JOBS_TEST_MARIADB name no server of this kind";

/// A database with a table of its own.
pub(crate) struct Application {
    url: String,
    pub(crate) table: String,
    pub(crate) database: Database,
    _folder: TempDir,
}

impl Application {
    /// A new table; `None` if there is no such server.
    pub(crate) async fn new(kind: Kind) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let server = |variable: &str| std::env::var(variable).ok().filter(|url| !url.is_empty());
        let url = match kind {
            Kind::Postgres => server("JOBS_TEST_POSTGRES")?,
            Kind::MariaDb => server("JOBS_TEST_MARIADB")?,
            Kind::Sqlite => format!("sqlite:{}/app.sqlite3", folder.path().display()),
        };
        Some(Self::at(url, folder).await)
    }

    /// A new table in the database of this URL.
    pub(crate) async fn at(url: String, folder: TempDir) -> Self {
        let table = format!("dj_{}_{}", std::process::id(), TABLES.fetch_add(1, Ordering::Relaxed));
        let database = Database::open(&url).await.expect("the database answers");
        let drops = format!(
            "DROP TABLE IF EXISTS {table};\nDROP TABLE IF EXISTS {table}_rs_processes;\nDROP TABLE IF EXISTS {table}_rs_paused;\n\
             DROP TABLE IF EXISTS {table}_rs_cancellations;\n"
        );
        database.run_script(&drops, DOING).await.expect("the user may drop tables");
        database.run_script(&schema(database.dialect(), &table), DOING).await.expect("the user may create tables");
        Self { url, table, database, _folder: folder }
    }

    /// The URL of the database with this option of its driver.
    pub(crate) fn with_option(&self, option: &str) -> DelayedJobOptions {
        DelayedJobOptions::new(format!("{}?{option}", self.url)).table(&self.table).unwrap()
    }

    /// The tables on all databases that are there. Those that are not are noted down as skipped.
    pub(crate) async fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for kind in Kind::ALL {
            match Self::new(kind).await {
                Some(application) => all.push(application),
                None => jobs_testing::skip(NO_SERVER),
            }
        }
        all
    }

    pub(crate) fn options(&self) -> DelayedJobOptions {
        DelayedJobOptions::new(self.url.as_str()).table(&self.table).unwrap()
    }

    pub(crate) fn by(&self, clock: Arc<dyn Clock>) -> DelayedJobOptions {
        self.options().clock(clock)
    }

    pub(crate) async fn store(&self, options: DelayedJobOptions) -> DelayedJobStore {
        options.connect().await.expect("the database answers")
    }

    /// Runs a statement, in which `{jobs}` is the table.
    pub(crate) async fn execute(&self, statement: &str, values: &[SqlValue]) -> u64 {
        let mut transaction = self.database.begin(DOING).await.unwrap();
        let changed = transaction.execute(&statement.replace("{jobs}", &self.table), values).await.unwrap();
        transaction.commit().await.unwrap();
        changed
    }

    pub(crate) async fn query(&self, statement: &str) -> Vec<SqlRow> {
        self.database.query(&statement.replace("{jobs}", &self.table), &[], DOING).await.unwrap()
    }

    /// Inserts a row as a Ruby client does; its number.
    pub(crate) async fn insert(&self, handler: &str, queue: Option<&str>, run_at: &str) -> i64 {
        let mut transaction = self.database.begin(DOING).await.unwrap();
        let statement = format!(
            "INSERT INTO {} (priority, attempts, handler, run_at, queue, created_at, updated_at) \
             VALUES (0, 0, ?, '{run_at}', ?, '{run_at}', '{run_at}')",
            self.table
        );
        let values = [handler.into(), queue.map(str::to_owned).into()];
        let id = transaction.insert(&statement, &values).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    /// Inserts so many rows as a Ruby client does.
    pub(crate) async fn insert_many(&self, rows: usize, handler: &str, run_at: &str) {
        let row = format!("(0, 0, ?, NULL, '{run_at}', '{run_at}', '{run_at}')");
        for inserted in (0..rows).step_by(500) {
            let part = 500.min(rows - inserted);
            let places = vec![row.as_str(); part].join(", ");
            let insert =
                "INSERT INTO {jobs} (priority, attempts, handler, queue, run_at, created_at, updated_at) VALUES";
            self.execute(&format!("{insert} {places}"), &vec![handler.into(); part]).await;
        }
    }
}

/// The migration of `rails generate delayed_job:active_record`. A handler has room for more than MySQL's `text`, as in many
/// applications.
fn schema(dialect: Dialect, table: &str) -> String {
    let (id, handler, time) = match dialect {
        Dialect::Postgres => ("bigserial PRIMARY KEY", "text", "timestamp(6)"),
        Dialect::MySql => ("bigint AUTO_INCREMENT PRIMARY KEY", "longtext", "datetime(6)"),
        Dialect::Sqlite => ("integer PRIMARY KEY AUTOINCREMENT NOT NULL", "text", "datetime(6)"),
    };
    format!(
        "CREATE TABLE {table} (id {id}, priority integer DEFAULT 0 NOT NULL, attempts integer DEFAULT 0 NOT NULL,
         handler {handler} NOT NULL, last_error text, run_at {time}, locked_at {time}, failed_at {time},
         locked_by varchar(255), queue varchar(255), created_at {time}, updated_at {time});\n\
         CREATE INDEX {table}_priority ON {table} (priority, run_at);\n"
    )
}
