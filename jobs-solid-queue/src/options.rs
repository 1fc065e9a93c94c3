//! How to open the store.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jobs_active_job::{ClassNames, Rails};
use jobs_core::Clock;

use crate::ConcurrencyLimit;
use crate::limits::Limits;

/// How often a worker of Solid Queue looks for jobs, without another setting.
const POLLING_INTERVAL: Duration = Duration::from_millis(100);

/// How to open the store: which database, and how its Rails application is set up. `Debug` leaves out the address.
#[derive(Clone)]
pub struct SolidQueueOptions {
    /// The URL of the database for its driver.
    pub(crate) url: String,
    pub(crate) creates_tables: bool,
    pub(crate) preserves_finished_jobs: bool,
    pub(crate) names: ClassNames,
    pub(crate) limits: Limits,
    pub(crate) rails: Rails,
    pub(crate) polling_interval: Duration,
    pub(crate) clock: Option<Arc<dyn Clock>>,
}

impl SolidQueueOptions {
    pub(crate) fn new(url: String) -> Self {
        Self {
            url,
            creates_tables: false,
            preserves_finished_jobs: true,
            names: ClassNames::Same,
            limits: Limits::default(),
            rails: Rails::V7_1,
            polling_interval: POLLING_INTERVAL,
            clock: None,
        }
    }

    /// Takes the names of jobs for those of Ruby's classes: `process_payment` is the class `ProcessPaymentJob`, and
    /// `billing::charge` is `Billing::ChargeJob`. A name of another form, as `HardWorker`, is a class already and stays as it
    /// is. By default the class is the name.
    pub const fn ruby_names(mut self) -> Self {
        self.names = ClassNames::Ruby;
        self
    }

    /// Creates the tables that do not exist when the store is opened, for programs without Rails. By default the
    /// migrations of Rails create them, and a missing table is an error.
    pub const fn create_tables(mut self, create: bool) -> Self {
        self.creates_tables = create;
        self
    }

    /// Keeps finished jobs, as `config.solid_queue.preserve_finished_jobs` does; `true` by default as there. With `false`
    /// the row of a job is deleted when it is finished or discarded.
    pub const fn preserve_finished_jobs(mut self, preserve: bool) -> Self {
        self.preserves_finished_jobs = preserve;
        self
    }

    /// Writes jobs for this release of Rails and newer ones, by default 7.1, the oldest one that Solid Queue has.
    pub const fn rails(mut self, rails: Rails) -> Self {
        self.rails = rails;
        self
    }

    /// Limits how many jobs of this class of Ruby run at once, as `limits_concurrency` of the class does. Every program of the
    /// fleet needs the same limit.
    pub fn limits_concurrency(mut self, class: impl Into<String>, limit: ConcurrencyLimit) -> Self {
        self.limits.add(class.into(), limit);
        self
    }

    /// How often a process looks whether other programs have made jobs ready, while its workers have nothing to do: 100
    /// milliseconds by default, as in Solid Queue. Jobs of this program wake its workers at once.
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

impl fmt::Debug for SolidQueueOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut options = f.debug_struct("SolidQueueOptions");
        options.field("creates_tables", &self.creates_tables);
        options.field("preserves_finished_jobs", &self.preserves_finished_jobs);
        options.field("names", &self.names).field("rails", &self.rails);
        options.finish_non_exhaustive()
    }
}
