//! One place of a worker: begins a claimed job, runs it, hands in what is to be written; again.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{
    Cancellation, Completion, Context, Decision, Event, Execution, JobRef, Outcome, Performed, Registered, Settlement,
};
use tokio::time::{Instant, timeout};
use tracing::Instrument;

use crate::Jobs;
use crate::observe::log;
use crate::perform::failure_handling::handle_failure;
use crate::perform::guard::run_guarded;
use crate::propagation;
use crate::worker::run_queue::{RunGuard, RunQueue};

/// How long a job that only a newer program can run waits before it is looked at again.
const UNKNOWN_WAIT: Duration = Duration::from_secs(60);

/// What all executors of a process share.
#[derive(Clone, Debug)]
pub(crate) struct JobExecutor {
    pub(crate) jobs: Jobs,
    pub(crate) queue: Arc<RunQueue>,
    pub(crate) cancellation: Arc<dyn Cancellation>,
    pub(crate) keep_finished: bool,
    pub(crate) slow_after: Option<Duration>,
    /// Whether there is a store that keeps what is put off; if not, a retry cannot be had.
    pub(crate) can_reschedule: bool,
}

impl JobExecutor {
    /// Runs until it is aborted; the job it holds then is given back.
    pub(crate) async fn run(self) {
        let jobs = self.jobs.clone();
        jobs.scope(async move {
            loop {
                let execution = self.queue.pop().await;
                let begun = RunGuard::new(&self.queue, &execution);
                begun.settle(self.perform(execution).await);
            }
        })
        .await;
    }

    /// Performs one job; gives what is to be written.
    pub(crate) async fn perform(&self, execution: Execution) -> Settlement {
        let Some(known) = self.jobs.shared.registry.find(&execution.name) else {
            return self.put_off(execution, Event::NameUnknown);
        };
        let version = execution.version;
        if version > known.definition.settings().version && self.can_reschedule {
            return self.put_off(execution, |job| Event::VersionUnknown(job, version));
        }
        let span = log::span(known.definition.name(), &execution);
        if span.is_disabled() {
            return self.attempt(known, execution).await;
        }
        self.jobs.shared.spans.made(&span, &execution);
        self.attempt(known, execution).instrument(span).await
    }

    async fn attempt(&self, known: &Registered, execution: Execution) -> Settlement {
        let shared = &self.jobs.shared;
        let limit = known.definition.settings().timeout;
        let deadline = limit.map(|limit| shared.clock.now().after(limit));
        let context = Context::new(execution, Arc::clone(&shared.provided), Arc::clone(&self.cancellation));
        let completion = Completion::new(Arc::clone(&shared.store), self.keep_finished);
        let context = context.until(deadline).completed_by(completion);
        let decision = {
            let run = pin!(self.decision(known, &context));
            propagation::performing(shared, &context, run).await
        };
        shared.cancel_requests.remove(context.id());
        if context.is_completed() {
            self.queue.mark_committed(context.id());
        }
        context.into_execution().settle(decision)
    }

    /// Performs the job and says what is to be written.
    async fn decision(&self, known: &Registered, context: &Context) -> Decision {
        let shared = &self.jobs.shared;
        let limit = known.definition.settings().timeout;
        shared.events.emit(|| Event::PerformStarted(shared.reference(context.execution())));
        let started = Instant::now();
        let run = run_guarded(known.definition.perform(context, &known.policy), limit);
        let result = self.watched(context, run).await;
        let took = started.elapsed();
        match result {
            Ok(performed) => self.succeeded(context, performed, took),
            Err(failure) => {
                log::span_failed(failure.class());
                let mut decided = handle_failure(shared, context, &known.policy, &failure, took).await;
                if let (Outcome::Retried { wait }, false) = (&decided.ruling.outcome, self.can_reschedule) {
                    let why = format!("a rule would have it tried again after {wait:?}, but `inline:` cannot wait");
                    decided.is_not_retried(context, why);
                }
                let ruling = decided.close(shared, context, &known.policy, &failure).await;
                self.written(ruling.decision, &ruling.outcome)
            }
        }
    }

    /// Runs the job, and says so once it has run for longer than it should.
    async fn watched<T>(&self, context: &Context, run: impl Future<Output = T>) -> T {
        let Some(limit) = self.slow_after else { return run.await };
        let mut run = pin!(run);
        if let Ok(result) = timeout(limit, &mut run).await {
            return result;
        }
        let shared = &self.jobs.shared;
        shared.events.emit(|| Event::RanSlowly(shared.reference(context.execution()), limit));
        run.await
    }

    fn succeeded(&self, context: &Context, performed: Performed, took: Duration) -> Decision {
        let shared = &self.jobs.shared;
        let job = || shared.reference(context.execution());
        shared.events.emit(|| match performed {
            Performed::Done(()) => Event::Performed(job(), took),
            Performed::Halted => Event::PerformHalted(job()),
        });
        if context.is_completed() {
            return Decision::unless_committed(context.execution(), shared.clock.now());
        }
        Decision::Finish { keep: self.keep_finished }
    }

    /// The ruling as this process writes it: its own retention, and the store's names of queues.
    fn written(&self, decision: Decision, outcome: &Outcome) -> Decision {
        match decision {
            Decision::Finish { .. } if *outcome == Outcome::Rescued => Decision::Finish { keep: self.keep_finished },
            Decision::Retry { wait, queue, priority, meta, error } => {
                let queue = queue.map(|queue| self.jobs.shared.naming.stored(&queue));
                Decision::Retry { wait, queue, priority, meta, error }
            }
            other => other,
        }
    }

    /// Leaves the job to a newer program, without counting an attempt.
    fn put_off(&self, execution: Execution, event: impl FnOnce(JobRef) -> Event) -> Settlement {
        let shared = &self.jobs.shared;
        shared.events.emit(|| event(shared.reference(&execution)));
        let meta = execution.meta.clone();
        execution.settle(Decision::Continue { wait: UNKNOWN_WAIT, meta })
    }
}
