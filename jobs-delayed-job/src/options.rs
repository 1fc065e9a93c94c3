//! How to open the store.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jobs_active_job::{ClassNames, Rails};
use jobs_core::{Clock, Error};

use crate::row::{MAX_ATTEMPTS, MAX_RUN_TIME};

/// How to open the store: which database and table, and what its Ruby workers are like. `Debug` leaves out the address.
#[derive(Clone)]
pub struct DelayedJobOptions {
    pub(crate) database: String,
    pub(crate) table: String,
    pub(crate) names: ClassNames,
    pub(crate) rails: Rails,
    pub(crate) max_attempts: u32,
    pub(crate) max_run_time: Duration,
    pub(crate) destroys_failed_jobs: bool,
    pub(crate) creates_tables: bool,
    pub(crate) polling_interval: Duration,
    pub(crate) clock: Option<Arc<dyn Clock>>,
}

/// How often a process looks for jobs of others. A worker of Ruby sleeps for five seconds.
const POLLING_INTERVAL: Duration = Duration::from_millis(500);

/// The table of Delayed Job in an application without a prefix.
const TABLE: &str = "delayed_jobs";

/// The longest name of a table: the names of our own tables are longer, and PostgreSQL cuts names to 63 bytes.
const TABLE_MAX: usize = 40;

impl DelayedJobOptions {
    /// The table `delayed_jobs` in the database of this URL: `postgres://..`, `mysql://..` or `sqlite:path`.
    pub fn new(database: impl Into<String>) -> Self {
        Self {
            database: database.into(),
            table: TABLE.to_owned(),
            names: ClassNames::Same,
            rails: Rails::default(),
            max_attempts: MAX_ATTEMPTS,
            max_run_time: MAX_RUN_TIME,
            destroys_failed_jobs: false,
            creates_tables: true,
            polling_interval: POLLING_INTERVAL,
            clock: None,
        }
    }

    /// Another table, as `shop_delayed_jobs` or `shop.delayed_jobs`.
    ///
    /// # Errors
    /// The name has another character than letters, digits, `_` and `.`, or more than 40 bytes. The error
    /// [is invalid](Error::is_invalid).
    pub fn table(mut self, name: &str) -> Result<Self, Error> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.".contains(&byte);
        if name.is_empty() || name.len() > TABLE_MAX || !name.bytes().all(is_plain) {
            return Err(Error::invalid(format!(
                "the name of Delayed Job's table is 1 to {TABLE_MAX} letters, digits, `_` and `.`; write it as `table={TABLE}`"
            )));
        }
        name.clone_into(&mut self.table);
        Ok(self)
    }

    /// Takes the names of jobs for those of Ruby's classes: `process_payment` is the class `ProcessPaymentJob`. See
    /// [`ClassNames::Ruby`]. By default the class is the name.
    pub const fn ruby_names(mut self) -> Self {
        self.names = ClassNames::Ruby;
        self
    }

    /// Writes jobs for this release of Rails and newer ones, by default 7.2.
    pub const fn rails(mut self, rails: Rails) -> Self {
        self.rails = rails;
        self
    }

    /// After this many failed attempts a job of Ruby has failed for good, by default 25: `Delayed::Worker.max_attempts`. It
    /// decides about jobs that Ruby enqueued and that no rule of the Rust job retries.
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// For how long the lock of a Ruby worker holds, by default 4 hours: `Delayed::Worker.max_run_time`. It must not be shorter
    /// than that of the Ruby workers.
    pub const fn max_run_time(mut self, time: Duration) -> Self {
        self.max_run_time = time;
        self
    }

    /// Deletes jobs that have failed for good, as Ruby does by default: `Delayed::Worker.destroy_failed_jobs`. By default they
    /// are kept with `failed_at`.
    pub const fn destroy_failed_jobs(mut self, destroy: bool) -> Self {
        self.destroys_failed_jobs = destroy;
        self
    }

    /// Creates the three small tables of ours where they are missing, as it is by default: `delayed_jobs_rs_processes`,
    /// `delayed_jobs_rs_paused` and `delayed_jobs_rs_cancellations`, with the name of the other table in front if it has another
    /// one. Otherwise the store is not opened
    /// without them.
    pub const fn create_tables(mut self, create: bool) -> Self {
        self.creates_tables = create;
        self
    }

    /// How often a process looks whether other programs have stored jobs, while its workers have nothing to do: half a second by
    /// default. It is what `Delayed::Worker.sleep_delay`, five seconds, is in Ruby. Jobs of this program wake its workers at once.
    pub const fn polling_interval(mut self, interval: Duration) -> Self {
        self.polling_interval = interval;
        self
    }

    /// Goes by this clock instead of that of the database server.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }
}

impl fmt::Debug for DelayedJobOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut options = f.debug_struct("DelayedJobOptions");
        options.field("table", &self.table).field("names", &self.names).field("max_attempts", &self.max_attempts);
        options.field("max_run_time", &self.max_run_time).finish_non_exhaustive()
    }
}
