//! The options of a store.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::Clock;
use tokio_postgres::Config;

use crate::connection::tls::Trust;
use crate::work::vacuum::DEFAULT_AFTER;

/// How to open a [`PostgresStore`](crate::PostgresStore).
#[derive(Clone, Debug)]
#[must_use = "nothing is opened until `connect` is called"]
pub struct PostgresOptions {
    pub(crate) config: Config,
    pub(crate) trust: Trust,
    pub(crate) root_certificates: Option<PathBuf>,
    pub(crate) schema: String,
    pub(crate) clock: Option<Arc<dyn Clock>>,
    pub(crate) listen: bool,
    pub(crate) prepare: bool,
    pub(crate) call_timeout: Duration,
    pub(crate) migrate: bool,
    pub(crate) vacuum_after: u64,
}

impl PostgresOptions {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            config,
            trust: Trust::default(),
            root_certificates: None,
            schema: "jobs".to_owned(),
            clock: None,
            listen: true,
            prepare: true,
            call_timeout: Duration::from_secs(30),
            migrate: true,
            vacuum_after: DEFAULT_AFTER,
        }
    }

    /// The schema of the tables, created if it does not exist; `jobs` if not set. Each schema is a store of its own.
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.schema = name.into();
        self
    }

    /// Where wall time comes from; the server's clock if not set, which only tests need to change.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Whether to be notified of work by `LISTEN`; on if not set. If off, workers find work by polling.
    pub fn listen(mut self, listen: bool) -> Self {
        self.listen = listen;
        self
    }

    /// Whether a session lasts as long as its connection, so that statements can be prepared and notifications
    /// received. On if not set. Off is for poolers in transaction mode, such as pgbouncer; the store also detects them
    /// by itself.
    pub fn prepare(mut self, prepare: bool) -> Self {
        self.prepare = prepare;
        self
    }

    /// How long the server may take for a call; 30 seconds if not set. After that the call fails as transient, the
    /// connection is replaced, and the server ends the statements of the old one.
    pub fn call_timeout(mut self, call_timeout: Duration) -> Self {
        self.call_timeout = call_timeout;
        self
    }

    /// Whether an older schema is brought up to date and a missing one created; both are if not set. If not, an older
    /// or a missing schema is an error.
    pub fn migrate(mut self, migrate: bool) -> Self {
        self.migrate = migrate;
        self
    }

    /// After how many jobs that this store settled the table of jobs is vacuumed; 200,000 if not set, 0 for never.
    ///
    /// The server vacuums by itself, but it checks only once a minute, and until then each dead row makes claims
    /// slower. A vacuum of the store takes a connection while it runs, gives way to other vacuums, and is followed by a
    /// pause of ten times its duration. If the user does not own the table, only the server vacuums it.
    pub fn vacuum_after(mut self, jobs: u64) -> Self {
        self.vacuum_after = jobs;
        self
    }
}
