//! Starts the parts of a runtime: workers and background tasks.

use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::sync::Arc;

use jobs_core::{Cancellation, JobId, kept_for};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::Client;
use crate::maintenance::cancellations::CancellationLoop;
use crate::maintenance::dispatcher::Dispatcher;
use crate::maintenance::figures::{self, FigureLoop};
use crate::maintenance::heartbeat::{Heartbeat, HeartbeatLoop};
use crate::maintenance::pruning::{self, Pruning};
use crate::maintenance::recovery::RecoveryLoop;
use crate::maintenance::scheduler::{self, Scheduler};
use crate::maintenance::store_contact::StoreContact;
use crate::observe::attempt_counter::AttemptCounter;
use crate::perform::claim_performer::{ClaimPerformer, WorkerLimits};
use crate::perform::recent_runs::RecentRuns;
use crate::perform::retry_storage::RetryStorage;
use crate::runtime::plan::Plan;
use crate::runtime::shutdown::Tokens;
use crate::supervision::liveness::Liveness;
use crate::supervision::loop_watch::LoopWatch;
use crate::supervision::supervisor::{ProcessLoop, supervise};
use crate::worker::claim_planner::ClaimPlanner;
use crate::worker::coordinator::Coordinator;
use crate::worker::crash_quarantine::CrashQuarantine;
use crate::worker::run_queue::RunQueue;
use crate::worker::settle_loop::SettleClaim;

/// The heartbeat of the process, and what recovery learns of it.
pub(crate) fn heartbeat(
    jobs: &Client,
    plan: &Plan,
    tokens: &Tokens,
    liveness: &Arc<Liveness>,
) -> (Heartbeat, watch::Receiver<StoreContact>) {
    let (timings, progress) = (&plan.timings, &jobs.shared.progress);
    let (contact, contacted) = watch::channel(StoreContact::new(Instant::now()));
    let heartbeat = Heartbeat {
        jobs: jobs.clone(),
        process: plan.process.clone(),
        interval: timings.heartbeat_interval,
        silence: timings.dead_after,
        quiet: tokens.quiet.clone(),
        stop: tokens.stop.clone(),
        contact,
        liveness: Arc::clone(liveness),
        progress: progress.register(HeartbeatLoop::NAME, timings.stalled_after(timings.heartbeat_interval)),
        program: Handle::current(),
    };
    (heartbeat, contacted)
}

/// Starts recovery, cancellations, dispatcher, pruning, scheduler and the watch of all loops; and the heartbeat, if it has no thread.
pub(crate) fn start_background_tasks(
    jobs: &Client,
    plan: &Plan,
    tokens: &Tokens,
    heartbeat: Option<HeartbeatLoop<'static>>,
    contact: watch::Receiver<StoreContact>,
) -> JoinSet<()> {
    let (timings, progress) = (&plan.timings, &jobs.shared.progress);
    let register = |name, interval| progress.register(name, timings.stalled_after(interval));
    let mut tasks = Background { jobs, tokens, tasks: JoinSet::new() };
    tasks.start(LoopWatch { jobs: jobs.clone(), reported: HashMap::new() });
    tasks.start(RecoveryLoop {
        jobs: jobs.clone(),
        recovery: timings.recovery(),
        contact,
        interval: timings.heartbeat_interval,
        progress: register(RecoveryLoop::NAME, timings.heartbeat_interval),
    });
    if let Some(heartbeat) = heartbeat {
        tasks.start(heartbeat);
    }
    tasks.start(Dispatcher {
        jobs: jobs.clone(),
        batch: timings.dispatch_batch,
        interval: timings.dispatch_interval,
        quiet: tokens.quiet.clone(),
        progress: register(Dispatcher::NAME, timings.dispatch_interval),
    });
    tasks.start(Pruning {
        jobs: jobs.clone(),
        keep_finished: kept_for(timings.keep_finished),
        progress: register(Pruning::NAME, pruning::INTERVAL),
    });
    if jobs.shared.store.inner().process_orders().is_some() {
        tasks.start(cancellation_loop(jobs, plan));
    }
    if let Some(counter) = &jobs.shared.attempts {
        tasks.start(figure_loop(jobs, plan, counter));
    }
    if !plan.recurring.is_empty() {
        tasks.start(Scheduler {
            jobs: jobs.clone(),
            tasks: plan.recurring.iter().cloned().map(Arc::new).collect(),
            quiet: tokens.quiet.clone(),
            progress: register(Scheduler::NAME, scheduler::LONGEST),
        });
    }
    tasks.tasks
}

fn cancellation_loop(jobs: &Client, plan: &Plan) -> CancellationLoop {
    let interval = plan.timings.heartbeat_interval;
    CancellationLoop {
        jobs: jobs.clone(),
        process: plan.process.id,
        interval,
        progress: jobs.shared.progress.register(CancellationLoop::NAME, plan.timings.stalled_after(interval)),
        requested: HashSet::new(),
    }
}

fn figure_loop(jobs: &Client, plan: &Plan, counter: &Arc<AttemptCounter>) -> FigureLoop {
    let allowed = plan.timings.stalled_after(figures::INTERVAL);
    FigureLoop {
        shared: Arc::clone(&jobs.shared),
        counter: Arc::clone(counter),
        started_version: plan.version.clone(),
        progress: jobs.shared.progress.register(FigureLoop::NAME, allowed),
    }
}

/// The loops that run in the background, each supervised.
struct Background<'r> {
    jobs: &'r Client,
    tokens: &'r Tokens,
    tasks: JoinSet<()>,
}

impl Background<'_> {
    fn start(&mut self, process_loop: impl ProcessLoop + 'static) {
        let events = self.jobs.shared.events.clone();
        self.tasks.spawn(supervise(events, self.tokens.quiet.clone(), process_loop));
    }
}

/// Starts the workers. Each returns how many jobs it released at its end.
pub(crate) fn start_workers(jobs: &Client, plan: Plan, tokens: &Tokens, liveness: &Arc<Liveness>) -> JoinSet<usize> {
    let mut running = JoinSet::new();
    let timings = plan.timings;
    // One for all workers, since they would die together.
    let quarantine = Arc::new(CrashQuarantine::new(timings.crash_limit));
    let performer = Arc::new(ClaimPerformer {
        jobs: jobs.clone(),
        cancellation: Arc::new(RuntimeCancellation { stop: tokens.stop.clone(), jobs: jobs.clone() }),
        limits: Some(WorkerLimits {
            default_timeout: timings.default_timeout,
            slow_after: timings.slow_after,
            recent: RecentRuns::of(&jobs.shared.registry),
            attempts: jobs.shared.attempts.clone(),
        }),
        retries: RetryStorage::Settlement,
    });
    let names: Arc<[String]> = jobs.shared.registry.names().map(str::to_owned).collect();
    for (worker, selection) in plan.workers {
        let queue = Arc::new(RunQueue::new());
        let planner = ClaimPlanner::new(plan.process.id, selection, &*jobs.shared.entropy).of_jobs(Arc::clone(&names));
        let (shared_queue, quarantine) = (Arc::clone(&queue), Arc::clone(&quarantine));
        let coordinator = Coordinator {
            concurrency: worker.slots(),
            performer: Arc::clone(&performer),
            batch: SettleClaim::new(jobs.clone(), shared_queue, quarantine, Arc::clone(liveness), planner),
            liveness: Arc::clone(liveness),
            queue,
            quiet: tokens.quiet.clone(),
            force: tokens.force.clone(),
            poll: timings.poll,
            progress: jobs.shared.progress.register("worker", timings.stalled_after(timings.poll)),
        };
        running.spawn(coordinator.run());
    }
    running
}

/// A job is cancelled if the process stops, or if its own cancellation was requested.
#[derive(Debug)]
struct RuntimeCancellation {
    stop: CancellationToken,
    jobs: Client,
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
