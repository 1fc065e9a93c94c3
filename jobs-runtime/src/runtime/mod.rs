//! The assembled processes: start, run, stop.

pub(crate) mod builder;
mod signals;

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Cancellation, Error, Event, JobId, Phase, Process, Recovery};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::maintenance::dispatcher::Dispatcher;
use crate::maintenance::heartbeat::Maintenance;
use crate::maintenance::pruning::Pruning;
use crate::maintenance::scheduler::{Planned, Scheduler};
use crate::runtime::builder::Timings;
use crate::runtime::signals::{Request, Signals};
use crate::worker::coordinator::{Coordinator, Weighted};
use crate::worker::crash_quarantine::CrashQuarantine;
use crate::worker::executor::JobExecutor;
use crate::worker::run_queue::RunQueue;
use crate::{Jobs, RuntimeBuilder, Worker};

/// Workers, dispatcher and maintenance over one store, ready to run.
#[derive(Debug)]
pub struct Runtime {
    jobs: Jobs,
    plan: Plan,
}

/// What is to run.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) workers: Vec<(Worker, Weighted)>,
    pub(crate) process: Process,
    pub(crate) timings: Timings,
    pub(crate) recovery: Recovery,
    pub(crate) recurring: Vec<Planned>,
}

impl Runtime {
    /// Begins a description of a runtime.
    pub fn builder() -> RuntimeBuilder {
        RuntimeBuilder::default()
    }

    pub(crate) fn new(jobs: Jobs, plan: Plan) -> Self {
        Self { jobs, plan }
    }

    /// The handle to enqueue with.
    pub fn jobs(&self) -> Jobs {
        self.jobs.clone()
    }

    /// Whether one of the workers takes jobs from this queue, by its name in the store.
    pub fn serves(&self, queue: &str) -> bool {
        let selectors = self.plan.workers.iter().flat_map(|(_, selectors)| selectors);
        selectors.into_iter().any(|(selector, _)| selector.selects(queue))
    }

    /// Whether a job of this name or alias can be run.
    pub fn knows(&self, job: &str) -> bool {
        self.jobs.shared.registry.find(job).is_some()
    }

    /// Whether arguments of this version can be read by the job of this name or alias, which is known.
    pub fn reads(&self, job: &str, version: u32) -> bool {
        let known = self.jobs.shared.registry.find(job);
        known.is_some_and(|known| version <= known.definition.settings().version)
    }

    /// Runs until the operating system asks to stop (SIGINT, SIGTERM), then stops in order.
    ///
    /// Not cancel safe: a dropped future leaves the runtime running; use [`start`](Self::start) to stop it.
    ///
    /// # Errors
    /// The store did not take the process' first heartbeat, or signals cannot be listened to.
    pub async fn run(self) -> Result<(), Error> {
        let mut signals = if self.plan.timings.signals { Some(Signals::install()?) } else { None };
        let handle = self.start().await?;
        while next(&mut signals).await == Request::Quiet {
            handle.quiet();
        }
        tokio::select! {
            () = handle.stop() => {}
            () = second_stop(&mut signals) => handle.stop_now().await,
        }
        Ok(())
    }

    /// Starts everything and comes back. No signal is listened to.
    ///
    /// Cancel safe: a dropped future leaves at most a known process, which recovery forgets.
    ///
    /// # Errors
    /// The store did not take the process' first heartbeat.
    pub async fn start(self) -> Result<RuntimeHandle, Error> {
        let Self { jobs, plan } = self;
        let _pulse = jobs.shared.store.heartbeat(&plan.process).await?;
        let tokens = Tokens::default();
        jobs.shared.events.emit(|| Event::RuntimeStarted(plan.process.id));
        let background_tasks = background_tasks(&jobs, &plan, &tokens);
        let process = plan.process.clone();
        let workers = workers(&jobs, plan, &tokens);
        let ending = ShutdownTask { jobs: jobs.clone(), process, tokens: tokens.clone(), workers, background_tasks };
        let ended = CancellationToken::new();
        let end = tokio::spawn(ending.run(ended.clone()));
        Ok(RuntimeHandle { jobs, tokens, ended, _end: end })
    }
}

/// The three requests that reach every loop.
#[derive(Clone, Debug, Default)]
struct Tokens {
    /// Claim no more; jobs that are running see it as cancellation only with `stop`.
    quiet: CancellationToken,
    /// End when nothing runs any more.
    stop: CancellationToken,
    /// End at once.
    force: CancellationToken,
    shutdown: Shutdown,
}

/// How long running jobs may go on, set at start.
type Shutdown = Arc<std::sync::OnceLock<Duration>>;

/// A runtime that runs.
#[derive(Debug)]
pub struct RuntimeHandle {
    jobs: Jobs,
    tokens: Tokens,
    ended: CancellationToken,
    _end: JoinHandle<()>,
}

impl RuntimeHandle {
    /// The handle to enqueue with.
    pub fn jobs(&self) -> Jobs {
        self.jobs.clone()
    }

    /// Claims no more; what runs goes on. There is no way back, as in Sidekiq.
    pub fn quiet(&self) {
        self.tokens.quiet.cancel();
    }

    /// Claims no more, waits for what runs as long as the shutdown time-out allows, gives the rest back.
    ///
    /// Cancel safe: the stop goes on when the future is dropped.
    pub async fn stop(&self) {
        self.tokens.quiet.cancel();
        self.tokens.stop.cancel();
        let limit = self.tokens.shutdown.get().copied().unwrap_or_default();
        if timeout(limit, self.ended.cancelled()).await.is_err() {
            self.stop_now().await;
        }
    }

    /// Drops what runs at its present await and gives it back without counting the attempt.
    ///
    /// Cancel safe: the stop goes on when the future is dropped.
    pub async fn stop_now(&self) {
        self.tokens.quiet.cancel();
        self.tokens.stop.cancel();
        self.tokens.force.cancel();
        self.ended.cancelled().await;
    }

    /// Waits until no job is scheduled, blocked, ready or claimed in the store.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// The store cannot be looked into, or says no.
    pub async fn drained(&self) -> Result<(), Error> {
        let inspect = self.jobs.inspect()?;
        while inspect.counts().await?.pending() > 0 {
            sleep(DRAIN_POLL).await;
        }
        Ok(())
    }
}

/// How often [`RuntimeHandle::drained`] looks.
const DRAIN_POLL: Duration = Duration::from_millis(25);

/// A runtime handle that is dropped stops its runtime in order, without waiting for it.
impl Drop for RuntimeHandle {
    fn drop(&mut self) {
        self.tokens.quiet.cancel();
        self.tokens.stop.cancel();
    }
}

fn background_tasks(jobs: &Jobs, plan: &Plan, tokens: &Tokens) -> JoinSet<()> {
    let timings = &plan.timings;
    // A runtime is started once, so the cell is empty here.
    let _set = tokens.shutdown.set(timings.shutdown);
    let mut background_tasks = JoinSet::new();
    let dispatcher = Dispatcher {
        jobs: jobs.clone(),
        batch: timings.dispatch_batch,
        interval: timings.dispatch_interval,
        quiet: tokens.quiet.clone(),
    };
    let maintenance = Maintenance {
        jobs: jobs.clone(),
        process: plan.process.clone(),
        heartbeat: timings.heartbeat,
        recovery: plan.recovery,
        quiet: tokens.quiet.clone(),
    };
    let pruning = Pruning { jobs: jobs.clone(), keep_finished: timings.keep_finished };
    background_tasks.spawn(dispatcher.run());
    background_tasks.spawn(maintenance.run());
    background_tasks.spawn(pruning.run());
    if !plan.recurring.is_empty() {
        let tasks = plan.recurring.clone();
        let scheduler = Scheduler { jobs: jobs.clone(), tasks, quiet: tokens.quiet.clone() };
        background_tasks.spawn(scheduler.run());
    }
    background_tasks
}

fn workers(jobs: &Jobs, plan: Plan, tokens: &Tokens) -> JoinSet<usize> {
    let mut running = JoinSet::new();
    // One for all workers: they would die together.
    let quarantine = Arc::new(CrashQuarantine::default());
    for (worker, selectors) in plan.workers {
        let executor = JobExecutor {
            jobs: jobs.clone(),
            queue: Arc::new(RunQueue::new()),
            cancellation: Arc::new(RuntimeCancellation { stop: tokens.stop.clone(), jobs: jobs.clone() }),
            keep_finished: !plan.timings.keep_finished.is_zero(),
            slow_after: plan.timings.slow_after,
            can_reschedule: true,
        };
        let coordinator = Coordinator {
            worker,
            executor,
            quarantine: Arc::clone(&quarantine),
            process: plan.process.id,
            quiet: tokens.quiet.clone(),
            force: tokens.force.clone(),
            poll: plan.timings.poll,
        };
        running.spawn(coordinator.run(selectors));
    }
    running
}

/// Waits for the workers to end, then takes everything down in order.
struct ShutdownTask {
    jobs: Jobs,
    process: Process,
    tokens: Tokens,
    workers: JoinSet<usize>,
    background_tasks: JoinSet<()>,
}

impl ShutdownTask {
    async fn run(mut self, ended: CancellationToken) {
        let shared = &self.jobs.shared;
        self.tokens.quiet.cancelled().await;
        shared.events.emit(|| Event::RuntimeQuieted(self.process.id));
        let mut returned = 0;
        while let Some(worker) = self.workers.join_next().await {
            returned += worker.unwrap_or(0);
        }
        self.tokens.stop.cancelled().await;
        // Heartbeats go on until the last settlement is written, so that nothing is recovered run_while.
        self.background_tasks.shutdown().await;
        self.process.phase = Phase::Stopped;
        if let Err(error) = shared.store.heartbeat(&self.process).await {
            shared.events.emit(|| Event::StoreFailed { operation: "say goodbye", message: error.to_string() });
        }
        shared.events.emit(|| Event::RuntimeStopped(self.process.id, returned));
        ended.cancel();
    }
}

async fn next(signals: &mut Option<Signals>) -> Request {
    match signals {
        Some(signals) => signals.next().await,
        None => pending().await,
    }
}

async fn second_stop(signals: &mut Option<Signals>) {
    while next(signals).await != Request::Stop {}
}

/// The process wants to stop, or the job was cancelled.
#[derive(Debug)]
struct RuntimeCancellation {
    stop: CancellationToken,
    jobs: Jobs,
}

impl Cancellation for RuntimeCancellation {
    fn is_cancelled(&self, job: JobId) -> bool {
        self.stop.is_cancelled() || self.jobs.shared.cancel_requests.contains(job)
    }

    fn cancelled(&self, job: JobId) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = self.jobs.shared.cancel_requests.requested(job) => {}
            }
        })
    }
}
