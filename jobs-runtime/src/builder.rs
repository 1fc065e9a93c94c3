//! Puts a runtime together and checks it before anything runs.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{
    Clock, Definition, Entropy, Error, JobIds, Policy, Process, ProcessId, Provided, Recovery, RecurringTask, Registry,
    Store, SystemClock, SystemEntropy, connect, connect_as_it_is,
};

use crate::asked::Asked;
use crate::events::Events;
use crate::handle::{ARGUMENT_LIMIT, Shared};
use crate::hooks::Hooks;
use crate::inline::Inline;
use crate::planning;
use crate::runtime::Plan;
use crate::worker::Weighted;
use crate::{Jobs, Naming, Runtime, Worker};

/// Collects what a runtime needs. Every setting has a default except the store.
#[must_use = "a builder does nothing until `.build()`"]
pub struct RuntimeBuilder {
    source: Source,
    migrate: bool,
    definitions: Option<Vec<Definition>>,
    defaults: Policy,
    jitter: Option<f64>,
    provided: Provided,
    workers: Vec<Worker>,
    pub(crate) hooks: Hooks,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    naming: Naming,
    argument_limit: usize,
    name: String,
    timings: Timings,
    pub(crate) recurring: Vec<RecurringTask>,
    pub(crate) schedules: bool,
}

enum Source {
    Missing,
    Url(String),
    Open(Arc<dyn Store>),
}

impl Source {
    async fn open(self, migrate: bool) -> Result<Opened, Error> {
        match self {
            Self::Open(store) => Ok((store, None)),
            Self::Url(url) => open(&url, migrate).await,
            Self::Missing => match std::env::var(URL_VARIABLE) {
                Ok(url) => open(&url, migrate).await,
                Err(_) => Err(Error::invalid(NO_STORE)),
            },
        }
    }
}

/// A store, and the same once more if it performs with what the runtime knows.
type Opened = (Arc<dyn Store>, Option<Arc<Inline>>);

async fn open(url: &str, migrate: bool) -> Result<Opened, Error> {
    match Inline::of(url) {
        Some(inline) => inline.map(|store| (Arc::clone(&store) as _, Some(store))),
        None if migrate => connect(url).await.map(|store| (store, None)),
        None => connect_as_it_is(url).await.map(|store| (store, None)),
    }
}

/// The environment variable that names the store where the program does not.
const URL_VARIABLE: &str = "JOBS_URL";

const NO_STORE: &str = "the runtime has no store: add `.connect(\"sqlite:jobs.db\")` or `.store(..)`, \
                        or set `JOBS_URL` in the environment";

/// Durations and limits, with their defaults.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timings {
    pub(crate) shutdown: Duration,
    pub(crate) poll: Duration,
    pub(crate) dispatch_interval: Duration,
    pub(crate) dispatch_batch: usize,
    pub(crate) heartbeat: Duration,
    pub(crate) silence: Duration,
    pub(crate) crash_limit: u32,
    pub(crate) keep_finished: Duration,
    pub(crate) slow_after: Option<Duration>,
    pub(crate) signals: bool,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            // Sidekiq's time-out at shutdown.
            shutdown: Duration::from_secs(25),
            poll: Duration::from_secs(1),
            // Solid Queue's dispatcher: every second, batches of 500.
            dispatch_interval: Duration::from_secs(1),
            dispatch_batch: 500,
            heartbeat: Duration::from_secs(5),
            silence: Duration::from_secs(60),
            crash_limit: 3,
            keep_finished: Duration::from_secs(24 * 60 * 60),
            slow_after: None,
            signals: true,
        }
    }
}

impl Default for RuntimeBuilder {
    fn default() -> Self {
        Self {
            source: Source::Missing,
            migrate: true,
            definitions: None,
            defaults: Policy::default(),
            jitter: None,
            provided: Provided::new(),
            workers: Vec::new(),
            hooks: Hooks::default(),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy::new()),
            naming: Naming::default(),
            argument_limit: ARGUMENT_LIMIT,
            name: "jobs".to_owned(),
            timings: Timings::default(),
            recurring: Vec::new(),
            schedules: true,
        }
    }
}

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
    pub fn jobs(mut self, definitions: impl IntoIterator<Item = Definition>) -> Self {
        self.definitions = Some(definitions.into_iter().collect());
        self
    }

    /// Rules and callbacks below those of every job and base.
    pub fn defaults(mut self, defaults: Policy) -> Self {
        self.defaults = defaults;
        self
    }

    /// The jitter of retries where neither the rule nor the job nor its base says one: 0.15 unless set here
    /// (Active Job's `retry_jitter`).
    pub fn retry_jitter(mut self, jitter: f64) -> Self {
        self.jitter = Some(jitter);
        self
    }

    /// A value that jobs may borrow as `&T`.
    pub fn provide<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.provided.insert(value);
        self
    }

    /// One more worker. Without any, one serves all queues with ten places.
    pub fn worker(mut self, worker: Worker) -> Self {
        self.workers.push(worker);
        self
    }

    /// Another source of wall time; for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Another source of chance; for tests.
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// How queue names of the code become those of the store.
    pub fn naming(mut self, naming: Naming) -> Self {
        self.naming = naming;
        self
    }

    /// The most bytes of JSON that a job's arguments may take. Default 1 MiB.
    pub fn argument_limit(mut self, bytes: usize) -> Self {
        self.argument_limit = bytes;
        self
    }

    /// What people call this process. Default `jobs`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// How long running jobs may go on after a request to stop. Default 25 s.
    pub fn shutdown_timeout(mut self, limit: Duration) -> Self {
        self.timings.shutdown = limit;
        self
    }

    /// How often an idle worker looks without having been woken. Default 1 s.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.timings.poll = interval;
        self
    }

    /// How often, and in what batches, due jobs are made ready. Default every second, 500.
    pub fn dispatch(mut self, interval: Duration, batch: usize) -> Self {
        self.timings.dispatch_interval = interval;
        self.timings.dispatch_batch = batch.max(1);
        self
    }

    /// How often the process shows that it lives, and after what silence it is thought dead. Default 5 s and 60 s.
    pub fn heartbeat(mut self, interval: Duration, silence: Duration) -> Self {
        self.timings.heartbeat = interval;
        self.timings.silence = silence;
        self
    }

    /// After how many deaths of processes under it a job is failed. Default 3.
    pub fn crash_limit(mut self, deaths: u32) -> Self {
        self.timings.crash_limit = deaths.max(1);
        self
    }

    /// How long finished and discarded jobs stay visible. Default a day; zero forgets finished ones at once.
    pub fn keep_finished(mut self, span: Duration) -> Self {
        self.timings.keep_finished = span;
        self
    }

    /// Jobs that run longer than this are reported as slow. Default: none is.
    pub fn slow_after(mut self, limit: Duration) -> Self {
        self.timings.slow_after = Some(limit);
        self
    }

    /// Leaves the signals of the operating system alone; the program stops the runtime itself.
    pub fn without_signals(mut self) -> Self {
        self.timings.signals = false;
        self
    }

    /// Checks everything and opens the store. Nothing runs yet.
    ///
    /// Cancel safe: a dropped future leaves at most a store that was created empty.
    ///
    /// # Errors
    /// There is no store or it cannot be opened; no job is registered, or two share a name; a job borrows a
    /// type that is not provided, or skips a callback that it does not inherit; a worker's selector cannot be; heartbeats are
    /// further apart than half the silence that counts as death; a recurring task has a schedule that cannot be, a job that
    /// is not known, arguments that are not the job's, or the key of another, or the store keeps no recurring tasks.
    pub async fn build(self) -> Result<Runtime, Error> {
        self.assemble(Purpose::Run).await
    }

    /// A handle for a process that only enqueues: what jobs borrow need not be provided there, and nothing can be
    /// started. A job that is performed with it all the same, as by `perform_now`, fails if something is missing.
    ///
    /// Cancel safe as [`build`](Self::build).
    ///
    /// # Errors
    /// As [`build`](Self::build), but for what is not provided.
    pub async fn build_handle(self) -> Result<Jobs, Error> {
        let runtime = self.assemble(Purpose::Enqueue).await?;
        Ok(runtime.jobs())
    }

    async fn assemble(mut self, purpose: Purpose) -> Result<Runtime, Error> {
        let workers = self.checked_workers()?;
        self.check_timings()?;
        if let Some(jitter) = self.jitter {
            self.defaults = self.defaults.jitter(jitter);
        }
        let registry = match self.definitions.take() {
            Some(list) => Registry::of(list, &self.defaults)?,
            None => Registry::collect_over(&self.defaults)?,
        };
        let mut recurring = Vec::new();
        if purpose == Purpose::Run {
            check_provided(&registry, &self.provided)?;
            if self.schedules {
                recurring = planning::plan(&registry, std::mem::take(&mut self.recurring))?;
            }
        }
        let (store, inline) = self.source.open(self.migrate).await?;
        if inline.is_some() {
            planning::leave_out(&mut recurring);
        }
        planning::check_store(&recurring, &*store)?;
        let process = describe(&self.name, &*self.entropy);
        let shared = Shared {
            store,
            registry: Arc::new(registry),
            defaults: self.defaults,
            provided: Arc::new(self.provided),
            events: Events::new(self.hooks.subscriptions(&self.clock)),
            clock: self.clock,
            entropy: self.entropy,
            ids: JobIds::new(),
            naming: self.naming,
            captures: self.hooks.captures,
            spans: self.hooks.spans,
            argument_limit: self.argument_limit,
            process: process.id,
            asked: Asked::default(),
        };
        let plan = Plan { workers, process, timings: self.timings, recovery: recovery(&self.timings), recurring };
        let jobs = Jobs { shared: Arc::new(shared) };
        if let Some(inline) = inline {
            inline.bind(&jobs);
        }
        Ok(Runtime::new(jobs, plan))
    }

    fn checked_workers(&mut self) -> Result<Vec<(Worker, Weighted)>, Error> {
        if self.workers.is_empty() {
            self.workers.push(Worker::default());
        }
        let workers = std::mem::take(&mut self.workers).into_iter();
        workers.map(|worker| worker.selectors(&self.naming).map(|selectors| (worker, selectors))).collect()
    }

    fn check_timings(&self) -> Result<(), Error> {
        if self.timings.heartbeat.saturating_mul(2) <= self.timings.silence {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "a heartbeat every {:?} and death after {:?} of silence would kill live processes: \
             let the silence be at least twice the interval",
            self.timings.heartbeat, self.timings.silence
        )))
    }
}

/// What the runtime is for.
#[derive(Clone, Copy, PartialEq)]
enum Purpose {
    Run,
    Enqueue,
}

fn recovery(timings: &Timings) -> Recovery {
    Recovery::new(timings.silence, timings.crash_limit)
}

fn check_provided(registry: &Registry, provided: &Provided) -> Result<(), Error> {
    let faults: Vec<_> = registry.iter().flat_map(|known| missing(&known.definition, provided)).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults.join("\n"))) }
}

fn missing(definition: &Definition, provided: &Provided) -> Vec<String> {
    let missing = definition.requires().iter().filter_map(|required| provided.missing(required));
    missing.map(|fault| format!("the job `{}` borrows a type: {fault}", definition.name())).collect()
}

fn describe(name: &str, entropy: &dyn Entropy) -> Process {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let host = host.map(|host| host.trim().to_owned()).or_else(|| std::env::var("HOSTNAME").ok());
    Process::new(ProcessId::random(entropy), name, host.unwrap_or_else(|| "unknown".to_owned()), std::process::id())
}

impl std::fmt::Debug for RuntimeBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuntimeBuilder")
            .field("name", &self.name)
            .field("workers", &self.workers)
            .field("naming", &self.naming)
            .field("argument_limit", &self.argument_limit)
            .field("timings", &self.timings)
            .field("recurring", &self.recurring)
            .field("schedules", &self.schedules)
            .finish_non_exhaustive()
    }
}
