//! Starts the parts of a runtime: workers and background tasks.

use std::pin::Pin;
use std::sync::Arc;

use jobs_core::{Cancellation, JobId};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::Client;
use crate::maintenance::dispatcher::Dispatcher;
use crate::maintenance::heartbeat::Heartbeat;
use crate::maintenance::pruning::Pruning;
use crate::maintenance::recovery::RecoveryLoop;
use crate::maintenance::scheduler::{self, Scheduler};
use crate::maintenance::store_contact::StoreContact;
use crate::perform::claim_performer::{ClaimPerformer, WorkerLimits};
use crate::perform::recent_runs::RecentRuns;
use crate::perform::retry_storage::RetryStorage;
use crate::runtime::plan::Plan;
use crate::runtime::shutdown::Tokens;
use crate::supervision::supervisor::{ProcessLoop, supervise};
use crate::worker::coordinator::Coordinator;
use crate::worker::crash_quarantine::CrashQuarantine;
use crate::worker::run_queue::RunQueue;
use crate::worker::settle_loop::SettleClaim;

/// Starts heartbeat, recovery, dispatcher, pruning and scheduler.
pub(crate) fn start_background_tasks(jobs: &Client, plan: &Plan, tokens: &Tokens) -> JoinSet<()> {
    let (timings, progress) = (&plan.timings, &jobs.shared.progress);
    let events = || jobs.shared.events.clone();
    let contact = watch::Sender::new(StoreContact::new(Instant::now()));
    let mut tasks = JoinSet::new();
    tasks.spawn(supervise(
        events(),
        RecoveryLoop { jobs: jobs.clone(), recovery: timings.recovery(), contact: contact.subscribe() },
    ));
    tasks.spawn(supervise(
        events(),
        Heartbeat {
            jobs: jobs.clone(),
            process: plan.process.clone(),
            interval: timings.heartbeat_interval,
            silence: timings.dead_after,
            quiet: tokens.quiet.clone(),
            contact,
            progress: progress.register(Heartbeat::NAME, timings.stalled_after(timings.heartbeat_interval)),
        },
    ));
    tasks.spawn(supervise(
        events(),
        Dispatcher {
            jobs: jobs.clone(),
            batch: timings.dispatch_batch,
            interval: timings.dispatch_interval,
            quiet: tokens.quiet.clone(),
            progress: progress.register(Dispatcher::NAME, timings.stalled_after(timings.dispatch_interval)),
        },
    ));
    tasks.spawn(supervise(events(), Pruning { jobs: jobs.clone(), keep_finished: timings.keep_finished }));
    if !plan.recurring.is_empty() {
        tasks.spawn(supervise(
            events(),
            Scheduler {
                jobs: jobs.clone(),
                tasks: plan.recurring.clone(),
                quiet: tokens.quiet.clone(),
                progress: progress.register(Scheduler::NAME, timings.stalled_after(scheduler::LONGEST)),
            },
        ));
    }
    tasks
}

/// Starts the workers. Each returns how many jobs it released at its end.
pub(crate) fn start_workers(jobs: &Client, plan: Plan, tokens: &Tokens) -> JoinSet<usize> {
    let mut running = JoinSet::new();
    let timings = plan.timings;
    // One for all workers, since they would die together.
    let quarantine = Arc::new(CrashQuarantine::default());
    let performer = Arc::new(ClaimPerformer {
        jobs: jobs.clone(),
        cancellation: Arc::new(RuntimeCancellation { stop: tokens.stop.clone(), jobs: jobs.clone() }),
        keep_finished: !timings.keep_finished.is_zero(),
        limits: Some(WorkerLimits {
            default_timeout: timings.default_timeout,
            slow_after: timings.slow_after,
            recent: RecentRuns::of(&jobs.shared.registry),
        }),
        retries: RetryStorage::Settlement,
    });
    for (worker, selection) in plan.workers {
        let queue = Arc::new(RunQueue::new());
        let coordinator = Coordinator {
            concurrency: worker.slots(),
            selection,
            performer: Arc::clone(&performer),
            batch: SettleClaim::new(jobs.clone(), Arc::clone(&queue), Arc::clone(&quarantine)),
            queue,
            process: plan.process.id,
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
