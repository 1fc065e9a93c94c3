//! How to open the store.

use std::fmt;
use std::sync::Arc;

use jobs_active_job::{ClassNames, Rails};
use jobs_core::Clock;
use jobs_redis::redis::Client;

use crate::Keys;

/// How to open the store: which Redis, and what its fleet is like. `Debug` leaves out the password.
#[derive(Clone)]
pub struct ResqueOptions {
    pub(crate) client: Client,
    pub(crate) keys: Keys,
    pub(crate) names: ClassNames,
    pub(crate) rails: Rails,
    pub(crate) writes_active_jobs: bool,
    pub(crate) has_failures_by_queue: bool,
    pub(crate) clock: Option<Arc<dyn Clock>>,
}

impl ResqueOptions {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            keys: Keys::default(),
            names: ClassNames::Same,
            rails: Rails::V7_1,
            writes_active_jobs: false,
            has_failures_by_queue: false,
            clock: None,
        }
    }

    /// Takes the names of jobs for those of Ruby's classes: `process_payment` is the class `ProcessPaymentJob`, and
    /// `billing::charge` is `Billing::ChargeJob`. A name of another form, as `HardWorker`, is a class already and stays as it is. A
    /// job whose name is `ProcessPaymentJob` itself needs the alias `process_payment`. By default the class is the name.
    pub const fn ruby_names(mut self) -> Self {
        self.names = ClassNames::Ruby;
        self
    }

    /// With this namespace in front of all keys, as the application gives it to `Resque.redis.namespace`. By default `resque`.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.keys = Keys::new(namespace);
        self
    }

    /// Writes the jobs that Rust enqueues as jobs of Active Job, in the wrapper of Rails' adapter: for classes that inherit from
    /// `ApplicationJob`. By default they are jobs of Resque itself. Both are read.
    pub const fn write_active_jobs(mut self, write: bool) -> Self {
        self.writes_active_jobs = write;
        self
    }

    /// Writes jobs of Active Job for this release of Rails and newer ones, by default 7.1.
    pub const fn rails(mut self, rails: Rails) -> Self {
        self.rails = rails;
        self
    }

    /// Writes failures to one list for each queue, as Resque does with `Resque::Failure::RedisMultiQueue`. By default there is
    /// one list for all. The records of both are read.
    pub const fn failures_by_queue(mut self, by_queue: bool) -> Self {
        self.has_failures_by_queue = by_queue;
        self
    }

    /// Goes by this clock instead of that of the Redis server.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }
}

impl fmt::Debug for ResqueOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResqueOptions").field("keys", &self.keys).field("names", &self.names).finish_non_exhaustive()
    }
}
