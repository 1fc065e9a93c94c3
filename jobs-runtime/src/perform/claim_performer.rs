//! Performs claimed jobs and says what is to be written of each.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::events::{NameUnknown, VersionUnknown};
use jobs_core::{
    Cancellation, Completion, Context, Decision, Event, Execution, JobRef, Registered, Settlement, Timeout, expired,
};
use tracing::Span;

use crate::Client;
use crate::observe::attempt_counter::AttemptCounter;
use crate::observe::attempt_log::{self, LogCollector};
use crate::observe::job_span::in_span;
use crate::observe::log;
use crate::perform::recent_runs::RecentRuns;
use crate::perform::retry_storage::RetryStorage;
use crate::perform::run_once::{Attempt, FailedRun, Run, with_propagated};
use crate::perform::run_watch::RunWatch;

/// How long a job waits that only a newer program can perform.
const UNKNOWN_WAIT: Duration = Duration::from_secs(60);

/// Performs claimed jobs.
#[derive(Debug)]
pub(crate) struct ClaimPerformer {
    pub(crate) jobs: Client,
    pub(crate) cancellation: Arc<dyn Cancellation>,
    /// The limits of a worker; `None` without a worker: then only the time-out of the job itself holds.
    pub(crate) limits: Option<WorkerLimits>,
    pub(crate) retries: RetryStorage,
}

/// How long the jobs of a worker may run, if they do not say it themselves, and when they are slow.
#[derive(Debug)]
pub(crate) struct WorkerLimits {
    pub(crate) default_timeout: Timeout,
    pub(crate) slow_after: Option<Duration>,
    pub(crate) recent: RecentRuns,
    /// Counts the attempts, if anything does.
    pub(crate) attempts: Option<Arc<AttemptCounter>>,
}

impl WorkerLimits {
    fn watch(&self, known: &Registered) -> RunWatch<'_> {
        let own = known.definition.settings().timeout;
        RunWatch {
            timeout: own.unwrap_or(self.default_timeout).limit(),
            is_default: own.is_none(),
            slow_after: self.slow_after,
            recent: self.recent.of_job(known.definition.name()),
            attempts: self.attempts.as_deref(),
        }
    }
}

/// What is to be written of a job.
pub(crate) struct PerformedClaim {
    pub(crate) settlement: Settlement,
    /// The job was completed in a transaction of its own, so its claim token need not be valid any more.
    pub(crate) was_completed: bool,
}

impl ClaimPerformer {
    /// Performs one job.
    pub(crate) async fn perform(&self, execution: Execution) -> PerformedClaim {
        let Some(known) = self.jobs.shared.registry.get(&execution.name) else {
            return self.defer(execution, NameUnknown::new);
        };
        let version = execution.version;
        if version > known.definition.settings().version && self.retries != RetryStorage::None {
            return self.defer(execution, |job| VersionUnknown::new(job, version));
        }
        let (span, log) = self.span(known, &execution);
        if span.is_disabled() {
            return self.attempt(known, execution).await;
        }
        self.jobs.shared.spans.created(&span, &execution);
        let mut performed = in_span(span, self.attempt(known, execution)).await;
        if let Some(log) = log {
            log.add_to(&mut performed.settlement, &known.definition);
        }
        performed
    }

    /// The span of an attempt, and what collects its log, if the program has the layer for it and the store keeps logs.
    fn span(&self, known: &Registered, execution: &Execution) -> (Span, Option<Arc<LogCollector>>) {
        let shared = &self.jobs.shared;
        let span = || log::span(known.definition.name(), execution);
        if shared.keeps_logs { attempt_log::collecting(&shared.clock, span) } else { (span(), None) }
    }

    async fn attempt(&self, known: &Registered, execution: Execution) -> PerformedClaim {
        let shared = &self.jobs.shared;
        let own = known.definition.settings().timeout;
        let watch = self.limits.as_ref().map_or_else(|| RunWatch::own(own), |limits| limits.watch(known));
        let deadline = watch.timeout.map(|limit| shared.clock.now() + limit);
        let context = Context::new(execution, Arc::clone(&shared.provided), Arc::clone(&self.cancellation));
        let completion = Completion::new(Arc::clone(shared.store.inner()), true);
        let context = shared.captures.fill(context.until(deadline).completed_by(completion));
        let decision = {
            let run = pin!(self.decide(known, &context, watch));
            with_propagated(shared, &context, run).await
        };
        shared.cancel_requests.remove(context.id());
        let was_completed = context.is_completed();
        PerformedClaim { settlement: context.into_execution().settle(decision), was_completed }
    }

    /// Performs the job and says what is to be written.
    async fn decide(&self, known: &Registered, context: &Context, watch: RunWatch<'_>) -> Decision {
        let (shared, policy) = (&*self.jobs.shared, &known.policy);
        let attempt = Attempt { shared, context, policy, watch, retries: self.retries };
        let run = match expired(context.expires_at(), || shared.clock.now()) {
            Some(expired) => attempt.expire(expired).await,
            None => attempt.run(known.definition.perform(context, policy)).await,
        };
        match run {
            Run::Done(()) | Run::Halted if context.is_completed() => {
                Decision::unless_committed(context.execution(), shared.clock.now())
            }
            Run::Done(()) | Run::Halted => Decision::Finish { keep: true },
            Run::Snoozed(_, decision) => decision,
            // Only `inline:` cannot store it, and tells its caller.
            Run::NotSnoozed(_) => Decision::Release,
            Run::Failed(run) => self.written(*run),
        }
    }

    /// The decision of the rules, with the store's names of queues.
    fn written(&self, run: FailedRun) -> Decision {
        match run.decided.decision {
            Decision::Retry { wait, queue, priority, meta, error } => {
                let queue = queue.map(|queue| self.jobs.shared.naming.stored(&queue));
                Decision::Retry { wait, queue, priority, meta, error }
            }
            other => other,
        }
    }

    /// Leaves the job to a newer program, without counting an attempt.
    fn defer<E: Into<Event>>(&self, execution: Execution, event: impl FnOnce(JobRef) -> E) -> PerformedClaim {
        let shared = &self.jobs.shared;
        shared.events.emit(|| event(shared.execution(&execution)));
        let meta = execution.meta.clone();
        let settlement = execution.settle(Decision::Continue { wait: UNKNOWN_WAIT, meta });
        PerformedClaim { settlement, was_completed: false }
    }
}
