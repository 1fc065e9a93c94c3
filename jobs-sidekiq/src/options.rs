//! How to open the store.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::Clock;
use redis::Client;

use crate::Rails;
use crate::payload::{ClassNames, RetryField, TimeUnit, Version};

/// How to open the store: which Redis, and what its fleet is like. `Debug` leaves out the password.
#[derive(Clone)]
pub struct SidekiqOptions {
    pub(crate) client: Client,
    pub(crate) namespace: String,
    pub(crate) names: ClassNames,
    pub(crate) time_unit: Option<TimeUnit>,
    pub(crate) version: Option<Version>,
    pub(crate) rails: Option<Rails>,
    pub(crate) dead_max_jobs: u32,
    pub(crate) dead_timeout: Duration,
    pub(crate) performs_batches: bool,
    pub(crate) writes_active_jobs: bool,
    pub(crate) retries: RetryField,
    pub(crate) is_embedded: bool,
    pub(crate) cron: CronOptions,
    pub(crate) clock: Option<Arc<dyn Clock>>,
}

/// What is done with the tasks of sidekiq-cron.
#[derive(Clone)]
pub(crate) struct CronOptions {
    pub(crate) is_served: bool,
    pub(crate) namespaces: Vec<String>,
    pub(crate) zone: Option<String>,
    pub(crate) grace: Duration,
}

/// The latest that a tick is taken by default, as by sidekiq-cron.
const CRON_GRACE: Duration = Duration::from_secs(60);

/// Sidekiq's own limits of the set of dead jobs: fewer than ten thousand of them, six months long.
const DEAD_MAX_JOBS: u32 = 10_000;
const DEAD_TIMEOUT: Duration = Duration::from_secs(180 * 24 * 60 * 60);

impl SidekiqOptions {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            namespace: String::new(),
            names: ClassNames::Same,
            time_unit: None,
            version: None,
            rails: None,
            dead_max_jobs: DEAD_MAX_JOBS,
            dead_timeout: DEAD_TIMEOUT,
            performs_batches: false,
            writes_active_jobs: false,
            retries: RetryField::True,
            is_embedded: false,
            cron: CronOptions {
                is_served: false,
                namespaces: vec!["default".to_owned()],
                zone: None,
                grace: CRON_GRACE,
            },
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

    /// Writes times in this unit. By default it is that of the processes that are alive, and milliseconds if there is none.
    pub const fn time_unit(mut self, unit: TimeUnit) -> Self {
        self.time_unit = Some(unit);
        self
    }

    /// Writes for a fleet of this version of Sidekiq.
    pub(crate) const fn version(mut self, version: Version) -> Self {
        self.version = Some(version);
        self
    }

    /// Writes jobs of Active Job for this release of Rails and newer ones. By default it is 7.1 beside Sidekiq 7 and newer, and
    /// 6.1 beside Sidekiq 6: decimals and ranges have a form of their own from 7.1 on, and zones of times from 7.2 on. It
    /// matters for [`write_active_jobs`](Self::write_active_jobs), and for jobs of Ruby that a rule in Rust retries.
    pub const fn rails(mut self, rails: Rails) -> Self {
        self.rails = Some(rails);
        self
    }

    /// With this namespace in front of all keys, as the gem `redis-namespace` has it. For Sidekiq 6 and older: newer ones refuse
    /// namespaces.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// Keeps fewer dead jobs than this, by default 10,000 as Sidekiq. Less than 2 means 2: the last dead job is always kept. Each
    /// process of a fleet removes what its own limit says.
    pub const fn dead_max_jobs(mut self, most: u32) -> Self {
        self.dead_max_jobs = if most < 2 { 2 } else { most };
        self
    }

    /// Keeps dead jobs this long, by default 180 days as Sidekiq.
    pub const fn dead_timeout(mut self, timeout: Duration) -> Self {
        self.dead_timeout = timeout;
        self
    }

    /// Writes the jobs that Rust enqueues as jobs of Active Job, in the wrapper of Rails' adapter: for classes that inherit from
    /// `ApplicationJob`. By default they are jobs of Sidekiq itself, for classes that include `Sidekiq::Job`. Both are read.
    pub const fn write_active_jobs(mut self, write: bool) -> Self {
        self.writes_active_jobs = write;
        self
    }

    /// Leaves it to the class in Ruby how often a job of Sidekiq itself is retried that Rust enqueues, as its `sidekiq_options`
    /// say: `"retry":null` is written. Then every Ruby process has to know the class before Rust enqueues it: **a process that
    /// cannot load the class drops the job**, and nothing of it is kept. By default `"retry":true` is written, as by Sidekiq's
    /// client that knows a class by its name only: 25 retries, even if the class says another number or cannot be loaded. A job of
    /// Active Job gets these always, since Sidekiq asks the wrapper and not the class.
    pub const fn retries_of_class(mut self, of_class: bool) -> Self {
        self.retries = if of_class { RetryField::Null } else { RetryField::True };
        self
    }

    /// Performs jobs that belong to a batch of Sidekiq Pro. By default they are put back for the Ruby processes: only those
    /// count down a batch, so a batch of which Rust performs a job never ends.
    pub const fn perform_batches(mut self, perform: bool) -> Self {
        self.performs_batches = perform;
        self
    }

    /// Says that the workers are a part of another program, such as a web server: Sidekiq's page of processes then has no
    /// buttons to quiet and to stop them. By default it has.
    pub const fn embedded(mut self, embedded: bool) -> Self {
        self.is_embedded = embedded;
        self
    }

    /// Enqueues the jobs of sidekiq-cron whose class is a job of this program, as its poller does: a tick is enqueued once over
    /// all processes, of Ruby and of Rust. By default they are only shown, among the recurring tasks.
    pub const fn serve_cron(mut self, serve: bool) -> Self {
        self.cron.is_served = serve;
        self
    }

    /// Reads the jobs of sidekiq-cron in these namespaces of its own, which version 2 has. By default `default`; those of version
    /// 1, which have none, are read always.
    pub fn cron_namespaces(mut self, namespaces: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.cron.namespaces = namespaces.into_iter().map(Into::into).collect();
        self
    }

    /// The time zone of schedules of Ruby that name none, as `Europe/Berlin`: that of the variable `TZ` of the Ruby processes if it is
    /// set, otherwise `config.time_zone` of Rails, otherwise that of the machines. With another one here a tick comes twice. By default
    /// UTC.
    pub fn cron_zone(mut self, zone: impl Into<String>) -> Self {
        self.cron.zone = Some(zone.into());
        self
    }

    /// How late a tick of sidekiq-cron is still taken: the `reschedule_grace_period` of the Ruby processes. By default a minute, as
    /// theirs; at most a day, for so long the gem remembers which ticks were taken.
    pub const fn cron_grace(mut self, grace: Duration) -> Self {
        self.cron.grace = grace;
        self
    }

    /// Goes by this clock instead of that of the Redis server.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// What stands in front of all keys.
    pub(crate) fn namespace_prefix(&self) -> String {
        if self.namespace.is_empty() { String::new() } else { format!("{}:", self.namespace) }
    }
}

impl fmt::Debug for SidekiqOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut options = f.debug_struct("SidekiqOptions");
        options.field("namespace", &self.namespace).field("names", &self.names).field("time_unit", &self.time_unit);
        options.finish_non_exhaustive()
    }
}
