//! The settings of a runtime: store, jobs, workers, durations and limits.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Clock, Definition, Entropy, Jitter, Policy, RecurringTask, Store, Timeout};

use crate::enqueue::queue_naming::QueueNaming;
use crate::runtime::builder::RuntimeBuilder;
use crate::runtime::source::Source;
use crate::worker::config::Worker;

impl RuntimeBuilder {
    /// The store that this URL names, as `sqlite:jobs.db`. Without one, and without [`store`](Self::store), it
    /// is the one that the environment variable `JOBS_URL` names.
    pub fn connect(mut self, url: impl Into<String>) -> Self {
        self.source = Source::Url(url.into());
        self
    }

    /// Whether a store that is opened by URL is created if it is not there, and an older schema brought up to date.
    /// Default: yes. If not, [`build`](Self::build) refuses it and says to run `jobsctl migrate`.
    pub fn migrate(mut self, migrate: bool) -> Self {
        self.migrate = migrate;
        self
    }

    /// A store that is open already.
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.source = Source::Open(store);
        self
    }

    /// Only these jobs, instead of all that `#[job]` registered.
    pub fn register(mut self, definitions: impl IntoIterator<Item = Definition>) -> Self {
        self.definitions = Some(definitions.into_iter().collect());
        self
    }

    /// Rules and callbacks below those of every job and base.
    pub fn defaults(mut self, defaults: Policy) -> Self {
        self.defaults = defaults;
        self
    }

    /// The jitter of retries if neither the rule nor the job nor its base sets one: 0.15 unless set here
    /// (Active Job's `retry_jitter`). It is a fraction of the wait that may be added, or [`Jitter::Full`].
    pub fn retry_jitter(mut self, jitter: impl Into<Jitter>) -> Self {
        self.jitter = Some(jitter.into());
        self
    }

    /// A value that jobs may borrow as `&T`.
    pub fn provide<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.provided.insert(value);
        self
    }

    /// One more worker. Without any, one serves all queues and runs ten jobs at once.
    pub fn worker(mut self, worker: Worker) -> Self {
        self.workers.push(worker);
        self
    }

    /// A task that recurs, besides those that jobs declare themselves.
    ///
    /// ```
    /// use jobs_core::RecurringTask;
    /// use jobs_runtime::Runtime;
    ///
    /// let nightly = RecurringTask::new("nightly", "clean_up", "0 2 * * *").zone("Europe/Berlin");
    /// let builder = Runtime::builder().recurring(nightly);
    /// # drop(builder);
    /// ```
    pub fn recurring(mut self, task: RecurringTask) -> Self {
        self.recurring.push(task);
        self
    }

    /// Whether this process enqueues jobs that recur. Default: yes; any number of processes may.
    pub fn scheduler(mut self, runs: bool) -> Self {
        self.schedules = runs;
        self
    }

    /// Another source of wall time; for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Another source of random bits; for tests.
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// How queue names of the code become those of the store.
    pub fn naming(mut self, naming: QueueNaming) -> Self {
        self.naming = naming;
        self
    }

    /// The most bytes of JSON that a job's arguments may take. Default 1 MiB.
    pub fn argument_limit(mut self, bytes: usize) -> Self {
        self.argument_limit = bytes;
        self
    }

    /// The priority of jobs that are enqueued through this runtime and neither declare nor choose one; also where a base
    /// declares none. Default 0.
    pub fn default_priority(mut self, priority: i32) -> Self {
        self.default_priority = priority;
        self
    }

    /// The name of this process, for people. Default `jobs`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The environment in which the program runs, as `production`, for people: the log line of the start names it.
    pub fn environment(mut self, name: impl Into<String>) -> Self {
        self.environment = Some(name.into());
        self
    }

    /// The version of the program, as `env!("CARGO_PKG_VERSION")` or a commit, for people: charts mark when another one was
    /// first started. Default: none, and then nothing is marked. At most 64 characters.
    /// The marks are kept with the [figures](Self::keep_figures): without them nothing is marked.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Whether the attempts of this process are counted and measured in the store, by job and by queue. Default: yes, if the
    /// store [keeps such figures](jobs_core::FigureStore). They are added every ten seconds and at the end; a process that is
    /// killed loses those of its last ten seconds.
    pub fn keep_figures(mut self, keeps: bool) -> Self {
        self.keeps_figures = keeps;
        self
    }

    /// How long running jobs may go on after a request to stop. Default 25 s.
    pub fn shutdown_timeout(mut self, limit: Duration) -> Self {
        self.timings.shutdown = limit;
        self
    }

    /// How often an idle worker claims without a notification. Default 1 s.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.timings.poll = interval;
        self
    }

    /// How often due jobs are made ready. Default every second.
    pub fn dispatch_interval(mut self, interval: Duration) -> Self {
        self.timings.dispatch_interval = interval;
        self
    }

    /// How many due jobs are made ready in one call. Default 500; 0 is read as 1.
    pub fn dispatch_batch(mut self, jobs: usize) -> Self {
        self.timings.dispatch_batch = jobs.max(1);
        self
    }

    /// How often the process sends a heartbeat. Default 5 s; at most half of [`dead_after`](Self::dead_after).
    pub fn heartbeat_interval(mut self, interval: Duration) -> Self {
        self.timings.heartbeat_interval = interval;
        self
    }

    /// How long a process is silent before the others take over its jobs. Default 60 s.
    pub fn dead_after(mut self, silence: Duration) -> Self {
        self.timings.dead_after = silence;
        self
    }

    /// After how many deaths of processes that performed it a job fails. Default 3.
    pub fn crash_limit(mut self, deaths: u32) -> Self {
        self.timings.crash_limit = deaths.max(1);
        self
    }

    /// How long finished and discarded jobs stay visible. Default a day, and at least [`REPEATABLE_FOR`]: until then an
    /// enqueue that is repeated with the same id stores nothing. A shorter duration is logged as a warning.
    ///
    /// [`REPEATABLE_FOR`]: jobs_core::REPEATABLE_FOR
    pub fn keep_finished(mut self, duration: Duration) -> Self {
        self.timings.keep_finished = duration;
        self
    }

    /// How long an attempt may run on a worker if neither its job nor the base of the job says it. Default: an hour; see
    /// [`Timeout::DEFAULT`] for the reason. The log says it at the start.
    ///
    /// When 80 % of it is over, the job is [reported](jobs_core::events::RanSlowly). At its end the job fails with
    /// [`TimedOut`](jobs_core::TimedOut), as with a time-out of its own. `perform_now` and `perform_execution` have no
    /// default time-out, since no slot of a worker waits for them.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use jobs_core::Timeout;
    /// use jobs_runtime::Runtime;
    ///
    /// let shorter = Runtime::builder().default_timeout(Duration::from_secs(10 * 60));
    /// let none = Runtime::builder().default_timeout(Timeout::Never);
    /// # drop((shorter, none));
    /// ```
    ///
    /// Zero is read as [`Timeout::Never`], with a warning in the log.
    pub fn default_timeout(mut self, limit: impl Into<Timeout>) -> Self {
        self.timings.default_timeout = limit.into();
        self
    }

    /// Jobs that run longer than this are reported as slow, again at twice this time, at four times, and so on. Default:
    /// ten times the longest of the last 32 attempts of the job in this process, at least a minute, once ten have ended.
    pub fn slow_after(mut self, limit: Duration) -> Self {
        self.timings.slow_after = Some(limit);
        self
    }

    /// Whether [`Runtime::run`](crate::Runtime::run) listens to signals of the operating system. Default: yes. If not, the
    /// program stops the runtime itself.
    pub fn signals(mut self, listens: bool) -> Self {
        self.timings.signals = listens;
        self
    }

    /// Whether a signal that stops [`Runtime::run`](crate::Runtime::run) also ends the process, even if its jobs never yield;
    /// likewise a person who asks the process to stop through the store. Default: no. `jobs_cli` does it.
    ///
    /// A job that holds a thread of tokio and never awaits cannot be dropped, so `main` does not return and the process runs
    /// on. With this, the process ends by [`std::process::exit`] when its jobs are released: at the latest some seconds after the
    /// shutdown time-out, or after a second signal (after a request through the store, the next signal is the first). The status is 0, or 1 if the store did not answer and other processes
    /// recover the jobs. What the program does after `run` has five seconds.
    pub fn exit_after_signal(mut self, exits: bool) -> Self {
        self.timings.exits_after_signal = exits;
        self
    }
}
