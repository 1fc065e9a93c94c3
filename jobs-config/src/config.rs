//! The settings of one environment.

use std::fmt;
use std::time::Duration;

use jobs_core::{Jitter, RecurringTask, Timeout};
use jobs_runtime::{QueueNaming, Runtime, RuntimeBuilder, Worker};

/// The settings of one environment. A setting that the file omits has the default of the runtime.
///
/// [`load`](Config::load) reads `config/jobs.yml`, [`builder`](Config::builder) starts a runtime from it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Config {
    /// The environment whose section this is, as `production`.
    pub environment: String,
    /// The URL of the store. Default: none, so that the program or `JOBS_URL` names it.
    pub store: Option<String>,
    /// Prefix, delimiter and map of queue names. Default: no prefix, `_`, names as they are written.
    pub naming: QueueNaming,
    /// The workers in the order of the file. Default: none, so that one worker serves all queues and runs ten jobs at once.
    pub workers: Vec<Worker>,
    /// How often due jobs are made ready. Default 1 s.
    pub dispatch_interval: Duration,
    /// How many due jobs are made ready at once. Default 500.
    pub dispatch_batch: usize,
    /// How often an idle worker polls without a notification. Default 1 s.
    pub poll_interval: Duration,
    /// How often the process sends a heartbeat. Default 5 s.
    pub heartbeat_interval: Duration,
    /// How long a process may send no heartbeat before it counts as dead. Default 60 s.
    pub heartbeat_silence: Duration,
    /// How long running jobs may continue after a shutdown was requested. Default 25 s.
    pub shutdown_timeout: Duration,
    /// How long finished and discarded jobs stay visible. Default 1 d, and five minutes at least.
    pub keep_finished: Duration,
    /// How many processes may die while they run a job before it fails. Default 3.
    pub crash_limit: u32,
    /// How many bytes of JSON the arguments of a job may take. Default 1 MiB.
    pub argument_limit: usize,
    /// How long an attempt may run if its job does not say it. Default 1 h.
    pub default_timeout: Timeout,
    /// How the waits before retries differ at random if the job does not say it. Default: up to 15 % are added.
    pub retry_jitter: Option<Jitter>,
    /// Jobs that run longer than this are reported as slow. Default: ten times the longest of their recent attempts.
    pub slow_after: Option<Duration>,
    /// Recurring jobs, in addition to those that are declared in the code. Default: none.
    pub recurring: Vec<RecurringTask>,
    /// The time zone of the [recurring](Self::recurring) jobs whose schedule names none, by its name in the IANA database.
    /// Default: UTC.
    pub time_zone: Option<String>,
    /// How many schedules in files of Ruby projects name hours or days and no time zone.
    pub(crate) without_zone: usize,
    /// The settings in a file of a Ruby project that are ignored or have another effect here, a line each with its
    /// location. Always empty for `jobs.yml`, where such a setting is an error.
    pub warnings: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            environment: "development".to_owned(),
            store: None,
            naming: QueueNaming::new(),
            workers: Vec::new(),
            dispatch_interval: Duration::from_secs(1),
            dispatch_batch: 500,
            poll_interval: Duration::from_secs(1),
            heartbeat_interval: Duration::from_secs(5),
            heartbeat_silence: Duration::from_secs(60),
            shutdown_timeout: Duration::from_secs(25),
            keep_finished: Duration::from_secs(24 * 60 * 60),
            crash_limit: 3,
            argument_limit: 1024 * 1024,
            default_timeout: Timeout::DEFAULT,
            retry_jitter: None,
            slow_after: None,
            recurring: Vec::new(),
            time_zone: None,
            without_zone: 0,
            warnings: Vec::new(),
        }
    }
}

impl Config {
    /// Builds a runtime with these settings. Settings on the builder override them; a [`worker`](RuntimeBuilder::worker) is
    /// added to those of the file. The [warnings](Self::warnings) are logged, also that of schedules without a time zone.
    pub fn builder(&self) -> RuntimeBuilder {
        for warning in self.warnings.iter().cloned().chain(self.zone_warning()) {
            tracing::warn!("{}", jobs_core::LogText::message(warning));
        }
        let mut builder = Runtime::builder()
            .environment(&self.environment)
            .naming(self.naming.clone())
            .dispatch_interval(self.dispatch_interval)
            .dispatch_batch(self.dispatch_batch)
            .poll_interval(self.poll_interval)
            .heartbeat_interval(self.heartbeat_interval)
            .dead_after(self.heartbeat_silence)
            .shutdown_timeout(self.shutdown_timeout)
            .keep_finished(self.keep_finished)
            .crash_limit(self.crash_limit)
            .argument_limit(self.argument_limit)
            .default_timeout(self.default_timeout);
        if let Some(jitter) = self.retry_jitter {
            builder = builder.retry_jitter(jitter);
        }
        if let Some(limit) = self.slow_after {
            builder = builder.slow_after(limit);
        }
        if let Some(url) = &self.store {
            builder = builder.connect(url);
        }
        let builder = self.workers.iter().cloned().fold(builder, RuntimeBuilder::worker);
        self.recurring.iter().cloned().map(|task| self.in_time_zone(task)).fold(builder, RuntimeBuilder::recurring)
    }

    /// The scheme of the store URL, without the rest, which may be secret.
    fn shown_store(&self) -> Option<String> {
        self.store.as_deref().map(jobs_core::url::shown)
    }
}

#[expect(clippy::missing_fields_in_debug, reason = "a count that only a warning needs")]
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Config");
        shown
            .field("environment", &self.environment)
            .field("store", &self.shown_store())
            .field("naming", &self.naming)
            .field("workers", &self.workers)
            .field("dispatch_interval", &self.dispatch_interval)
            .field("dispatch_batch", &self.dispatch_batch)
            .field("poll_interval", &self.poll_interval)
            .field("heartbeat_interval", &self.heartbeat_interval)
            .field("heartbeat_silence", &self.heartbeat_silence)
            .field("shutdown_timeout", &self.shutdown_timeout)
            .field("keep_finished", &self.keep_finished)
            .field("crash_limit", &self.crash_limit)
            .field("argument_limit", &self.argument_limit)
            .field("slow_after", &self.slow_after);
        if self.default_timeout != Timeout::DEFAULT {
            shown.field("default_timeout", &self.default_timeout);
        }
        if let Some(jitter) = self.retry_jitter {
            shown.field("retry_jitter", &jitter);
        }
        if !self.recurring.is_empty() {
            shown.field("recurring", &self.recurring);
        }
        if let Some(zone) = &self.time_zone {
            shown.field("time_zone", zone);
        }
        if !self.warnings.is_empty() {
            shown.field("warnings", &self.warnings);
        }
        shown.finish()
    }
}
