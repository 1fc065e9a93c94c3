//! How a store is opened.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Clock, Error};
use tokio_postgres::Config;

use crate::tls::Trust;
use crate::vacuum::AFTER;
use crate::{PostgresStore, url};

/// How to open a [`PostgresStore`].
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
    pub(crate) patience: Duration,
    pub(crate) migrate: bool,
    pub(crate) vacuum_after: u64,
}

impl PostgresOptions {
    /// By a URL: `postgres://user:password@host:5432/database?sslmode=verify-full&schema=jobs`.
    ///
    /// Options of ours: `schema` (where the tables are, `jobs` if not set), `listen` (`on`, `off`), `prepare` (`on`,
    /// `off`), `patience` (as `500ms`, `30s`, `2m`), `vacuum_after` (a number of jobs), `sslrootcert` (a PEM file of the authorities to trust). All
    /// others are those of `PostgreSQL` itself, as `sslmode`, `connect_timeout` or `application_name`.
    ///
    /// # Errors
    /// The URL is not of this form; says what is wrong and which words there are.
    pub fn from_url(text: &str) -> Result<Self, Error> {
        url::parse(text)
    }

    pub(crate) fn new(config: Config) -> Self {
        Self {
            config,
            trust: Trust::default(),
            root_certificates: None,
            schema: "jobs".to_owned(),
            clock: None,
            listen: true,
            prepare: true,
            patience: Duration::from_secs(30),
            migrate: true,
            vacuum_after: AFTER,
        }
    }

    /// The schema that holds the tables, created if it is not there; `jobs` if not set. Several schemas are several
    /// stores.
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.schema = name.into();
        self
    }

    /// Where wall time comes from; the server's clock if not set, which is right for all but tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Whether to hear by `LISTEN` that there is work; on if not set. Off, workers find it by polling.
    pub fn listen(mut self, listen: bool) -> Self {
        self.listen = listen;
        self
    }

    /// Whether a session may be kept for as long as a connection lasts: what was prepared or listened to on it, and its
    /// settings. On if not set. Off is for poolers in transaction mode, such as pgbouncer, which are noticed by
    /// themselves.
    pub fn prepare(mut self, prepare: bool) -> Self {
        self.prepare = prepare;
        self
    }

    /// How long the server may be silent during a call before the call fails as transient and the connection is made
    /// anew; 30 seconds if not set. What the call was to do is ended on the server.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Whether an older schema is brought up to date, and one that is not there made; both are if not set. If not, either
    /// is an error.
    pub fn migrate(mut self, migrate: bool) -> Self {
        self.migrate = migrate;
        self
    }

    /// After how many jobs that this store settled the table of jobs is vacuumed; 200,000 if not set, 0 for never.
    ///
    /// The server does so by itself, but looks only once a minute whether it is to, and claims become slower with each dead
    /// row until then. It takes a connection for as long as it lasts, gives way to a vacuum of others, and rests for ten times
    /// as long as it took. A user who does not own the table leaves it to the server.
    pub fn vacuum_after(mut self, jobs: u64) -> Self {
        self.vacuum_after = jobs;
        self
    }

    /// Connects and brings the schema up to date. To be called within a tokio runtime, which serves the connections
    /// for as long as the store lives.
    ///
    /// Cancel safe: a dropped future leaves at most a schema that was created empty.
    ///
    /// # Errors
    /// The server cannot be reached or does not let this user in; the schema is older and not to be changed, or so much
    /// newer that this library would do harm; or its tables are those of another program.
    pub async fn connect(self) -> Result<PostgresStore, Error> {
        PostgresStore::with(self).await
    }
}
