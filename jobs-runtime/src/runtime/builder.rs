//! Assembles a runtime and checks it before anything runs.

use std::sync::Arc;

use jobs_core::{
    AttemptLogs, Clock, Definition, Entropy, Error, Jitter, JobIds, Policy, Process, ProcessId, Provided,
    RecurringTask, Registry, SystemClock, SystemEntropy,
};

use crate::Client;
use crate::checked_store::CheckedStore;
use crate::client::reported_manage::ReportedManage;
use crate::client::shared::Shared;
use crate::enqueue::queue_naming::QueueNaming;
use crate::maintenance::recurring_plan;
use crate::observe::events::Events;
use crate::observe::hooks::Hooks;
use crate::panic_place;
use crate::perform::cancel_requests::CancelRequests;
use crate::perform::slow_jobs::SlowJobs;
use crate::runtime::Runtime;
use crate::runtime::builder_warnings;
use crate::runtime::plan::{self, Banner, Plan, Timings};
use crate::runtime::source::Source;
use crate::runtime::store_checks;
use crate::supervision::polled_jobs::PolledJobs;
use crate::supervision::progress::Progress;
use crate::worker::config::Worker;
use crate::worker::selection::Selection;

/// Collects what a runtime needs. Every setting has a default except the store.
#[must_use = "a builder does nothing until `.build()`"]
pub struct RuntimeBuilder {
    pub(crate) source: Source,
    pub(crate) migrate: bool,
    pub(crate) definitions: Option<Vec<Definition>>,
    pub(crate) defaults: Policy,
    pub(crate) jitter: Option<Jitter>,
    pub(crate) provided: Provided,
    pub(crate) workers: Vec<Worker>,
    pub(crate) hooks: Hooks,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) naming: QueueNaming,
    pub(crate) argument_limit: usize,
    pub(crate) default_priority: i32,
    pub(crate) name: String,
    pub(crate) timings: Timings,
    pub(crate) recurring: Vec<RecurringTask>,
    pub(crate) schedules: bool,
    pub(crate) environment: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) keeps_figures: bool,
}

/// The default limit of a job's arguments in bytes of JSON: 1 MiB. Larger values belong in a file store.
const ARGUMENT_LIMIT: usize = 1024 * 1024;

impl Default for RuntimeBuilder {
    fn default() -> Self {
        Self {
            source: Source::Environment,
            migrate: true,
            definitions: None,
            defaults: Policy::default(),
            jitter: None,
            provided: Provided::new(),
            workers: Vec::new(),
            hooks: Hooks::default(),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy::new()),
            naming: QueueNaming::default(),
            argument_limit: ARGUMENT_LIMIT,
            default_priority: 0,
            name: "jobs".to_owned(),
            timings: Timings::default(),
            recurring: Vec::new(),
            schedules: true,
            environment: None,
            version: None,
            keeps_figures: true,
        }
    }
}

impl Runtime {
    /// Starts the description of a runtime.
    pub fn builder() -> RuntimeBuilder {
        RuntimeBuilder::default()
    }
}

impl RuntimeBuilder {
    /// Checks everything and opens the store. Nothing runs yet.
    ///
    /// Cancel safe: a dropped future leaves at most a store that was created empty.
    ///
    /// # Errors
    /// There is no store or it cannot be opened; no job is registered, or two share a name; a job borrows a
    /// type that is not provided, or skips a callback that it does not inherit; a worker's selector is not valid; heartbeats
    /// are further apart than half the silence that counts as death; a recurring task has a schedule that is not valid, a
    /// job that is not known, arguments that are not the job's, or the key of another task.
    ///
    /// The error [is unsupported](Error::is_unsupported) if the store keeps no recurring tasks and there are some, or if it
    /// has no unique keys and a job is unique.
    pub async fn build(self) -> Result<Runtime, Error> {
        self.assemble(Purpose::Run).await
    }

    /// A client for a process that only enqueues: what jobs borrow need not be provided there, and nothing can be
    /// started. A job that is performed with it all the same, as by `perform_now`, fails if something is missing.
    ///
    /// Cancel safe as [`build`](Self::build).
    ///
    /// # Errors
    /// As [`build`](Self::build), except for missing values.
    pub async fn build_client(self) -> Result<Client, Error> {
        let runtime = self.assemble(Purpose::Enqueue).await?;
        Ok(runtime.client())
    }

    async fn assemble(mut self, purpose: Purpose) -> Result<Runtime, Error> {
        let workers = self.checked_workers()?;
        self.check_timings()?;
        let registry = self.registry()?;
        let mut recurring = Vec::new();
        if purpose == Purpose::Run {
            panic_place::record_places();
            check_provided(&registry, &self.provided)?;
            builder_warnings::report(&registry, &workers, &mut self.timings);
            if self.schedules {
                recurring = recurring_plan::plan(&registry, std::mem::take(&mut self.recurring))?;
            }
        }
        let source = std::mem::replace(&mut self.source, Source::Environment);
        let banner = Banner { store: source.shown(), environment: self.environment.take() };
        let (store, inline) = source.open(self.migrate).await?;
        if inline.is_some() {
            recurring_plan::remove_all(&mut recurring);
        }
        recurring_plan::check_store(&recurring, &*store)?;
        let guarantees = store.guarantees();
        store_checks::check(&registry, guarantees)?;
        if purpose == Purpose::Run {
            store_checks::report_without_effect(&registry, guarantees, self.timings.keep_finished);
        }
        let version = self.version.take();
        let mut process = describe(&self.name, &*self.entropy);
        process.details = plan::details(&workers, version.clone());
        let plan = Plan { workers, process, timings: self.timings, recurring, banner, version };
        let shared = self.share(CheckedStore::new(store), registry, plan.process.id);
        let jobs = Client { shared: Arc::new(shared) };
        if let Some(inline) = inline {
            inline.bind(&jobs);
        }
        Ok(Runtime::new(jobs, plan))
    }

    fn registry(&mut self) -> Result<Registry, Error> {
        if let Some(jitter) = self.jitter {
            self.defaults = std::mem::take(&mut self.defaults).jitter(jitter);
        }
        match self.definitions.take() {
            Some(list) => Registry::of(list, &self.defaults),
            None => Registry::collect_over(&self.defaults),
        }
    }

    fn share(mut self, store: CheckedStore, registry: Registry, process: ProcessId) -> Shared {
        let events = Events::new(self.hooks.subscriptions(store.inner().adapter_name(), &self.clock));
        let reported = events.clone();
        let keeps_figures =
            self.keeps_figures && store.inner().figures().is_some_and(|figures| !figures.counts_attempts());
        let keeps_logs = cfg!(feature = "logs") && store.inner().guarantees().attempt_logs == AttemptLogs::Kept;
        Shared {
            manage: ReportedManage::new(Arc::clone(store.inner()), move |change| reported.emit(|| change)),
            registry: Arc::new(registry),
            defaults: self.defaults,
            provided: Arc::new(self.provided),
            events,
            store,
            clock: self.clock,
            entropy: self.entropy,
            ids: JobIds::new(),
            naming: self.naming,
            captures: self.hooks.captures,
            spans: self.hooks.spans,
            argument_limit: self.argument_limit,
            default_priority: self.default_priority,
            process,
            cancel_requests: CancelRequests::default(),
            progress: Progress::default(),
            polled_jobs: PolledJobs::default(),
            attempts: keeps_figures.then(Arc::default),
            slow_jobs: SlowJobs::default(),
            keeps_logs,
        }
    }

    fn checked_workers(&mut self) -> Result<Vec<(Worker, Selection)>, Error> {
        if self.workers.is_empty() {
            self.workers.push(Worker::default());
        }
        let workers = std::mem::take(&mut self.workers).into_iter();
        workers.map(|worker| worker.selection(&self.naming).map(|selection| (worker, selection))).collect()
    }

    fn check_timings(&self) -> Result<(), Error> {
        let (interval, silence) = (self.timings.heartbeat_interval, self.timings.dead_after);
        if interval.saturating_mul(2) <= silence {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "a heartbeat every {interval:?} and death after {silence:?} of silence would kill live processes: \
             let `.dead_after(..)` be at least twice the `.heartbeat_interval(..)`"
        )))
    }
}

/// What the runtime is for.
#[derive(Clone, Copy, PartialEq)]
enum Purpose {
    Run,
    Enqueue,
}

fn check_provided(registry: &Registry, provided: &Provided) -> Result<(), Error> {
    let missing: Vec<_> = registry.iter().flat_map(|known| missing(&known.definition, provided)).collect();
    if missing.is_empty() { Ok(()) } else { Err(Error::invalid(missing.join("\n"))) }
}

fn missing(definition: &Definition, provided: &Provided) -> Vec<String> {
    let missing = definition.requires().iter().filter_map(|required| provided.missing(required));
    missing.map(|what| format!("the job `{}` borrows a type: {what}", definition.name())).collect()
}

fn describe(name: &str, entropy: &dyn Entropy) -> Process {
    let host = whoami::hostname().unwrap_or_else(|_| "unknown".to_owned());
    Process::new(ProcessId::random(entropy), name, host, std::process::id())
}

impl std::fmt::Debug for RuntimeBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuntimeBuilder")
            .field("name", &self.name)
            .field("workers", &self.workers)
            .field("naming", &self.naming)
            .field("argument_limit", &self.argument_limit)
            .field("timings", &self.timings)
            .field("jitter", &self.jitter)
            .field("recurring", &self.recurring)
            .field("schedules", &self.schedules)
            .finish_non_exhaustive()
    }
}
