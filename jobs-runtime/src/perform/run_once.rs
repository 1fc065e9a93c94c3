//! One perform, for workers and for `perform_now`: events, guard, failure handling.

use std::future::Future;
use std::pin::{Pin, pin};
use std::time::Duration;

use jobs_core::callback::CallbackFuture;
use jobs_core::{
    Context, Decision, Error, Expired, Failure, FailureDecision, Outcome, Performed, Policy, events, expired,
};
use tokio::time::Instant;

use crate::client::shared::Shared;
use crate::guard::run_guarded;
use crate::observe::log;
use crate::perform::failure_handling::{give_up, handle_failure};
use crate::perform::retry_storage::RetryStorage;
use crate::perform::run_watch::RunWatch;
use crate::propagation;

/// One perform of a job.
pub(crate) struct Attempt<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) context: &'a Context,
    pub(crate) policy: &'a Policy,
    pub(crate) watch: RunWatch<'a>,
    pub(crate) retries: RetryStorage,
}

/// How a perform ended.
pub(crate) enum Run<T> {
    /// The body returned this.
    Done(T),
    /// A callback stopped the job.
    Halted,
    /// The job put itself off; with what the body returned, if it ran.
    Snoozed(Option<T>, Decision),
    /// The job put itself off, and that could not be stored.
    NotSnoozed(Error),
    /// It failed, and its rules were applied.
    Failed(Box<FailedRun>),
}

/// A perform that failed.
pub(crate) struct FailedRun {
    pub(crate) failure: Failure,
    pub(crate) decided: FailureDecision,
    /// Why the retry could not be stored that the rules decided on.
    pub(crate) unstored: Option<Error>,
}

impl Attempt<'_> {
    /// Runs the body, applies the rules to a failure, and emits the events.
    pub(crate) async fn run<T>(&self, body: CallbackFuture<'_, Result<Performed<T>, Failure>>) -> Run<T> {
        let (shared, context) = (self.shared, self.context);
        let job = || shared.execution(context.execution());
        shared.events.emit(|| events::PerformStarted::new(job()));
        let started = Instant::now();
        let result = self.watch.run(shared, context, run_guarded(body, None)).await;
        let took = started.elapsed();
        self.watch.record(shared, context, &result, took);
        match (result, self.snoozed_for()) {
            (Ok(performed), Some(wait)) => self.snooze(performed, wait, took).await,
            (Ok(Performed::Done(value)), None) => {
                shared.events.emit(|| events::Performed::new(job(), took));
                shared.events.emit(|| events::AttemptEnded::new(job(), Outcome::Finished, took, None));
                Run::Done(value)
            }
            (Ok(Performed::Halted), None) => {
                shared.events.emit(|| events::PerformHalted::new(job()));
                shared.events.emit(|| events::AttemptEnded::new(job(), Outcome::Halted, took, None));
                Run::Halted
            }
            (Err(failure), _) => Run::Failed(Box::new(self.failed(failure, took).await)),
        }
    }

    /// A job that is completed already, or that was cancelled, is not put off.
    fn snoozed_for(&self) -> Option<Duration> {
        let is_over = || self.context.is_completed() || self.shared.cancel_requests.contains(self.context.id());
        self.context.snoozed_for().filter(|_| !is_over())
    }

    /// Gives up a job that has expired before it was begun.
    pub(crate) async fn expire<T>(&self, expired: Expired) -> Run<T> {
        let failure = Failure::from_error(expired);
        let decided = give_up(self.shared, self.context, &failure, self.watch.timeout);
        let decided = decided.close_unbegun(self.shared, self.context, self.policy, &failure).await;
        Run::Failed(Box::new(FailedRun { failure, decided, unstored: None }))
    }

    async fn snooze<T>(&self, performed: Performed<T>, wait: Duration, took: Duration) -> Run<T> {
        let Self { shared, context, policy, retries, .. } = *self;
        // As a retry that would come too late: it could only be discarded when it is due.
        if let Some(expired) = expired(context.expires_at(), || shared.clock.now() + wait) {
            let failure = Failure::from_error(expired);
            let decided = give_up(shared, context, &failure, self.watch.timeout);
            let decided = decided.close(shared, context, policy, &failure, took).await;
            return Run::Failed(Box::new(FailedRun { failure, decided, unstored: None }));
        }
        let decision = Decision::snooze(context.execution(), wait);
        if let Err(error) = retries.put_off(shared, context, &decision).await {
            return Run::NotSnoozed(error);
        }
        let job = || shared.execution(context.execution());
        shared.events.emit(|| events::Snoozed::new(job(), wait));
        shared.events.emit(|| events::AttemptEnded::new(job(), Outcome::Snoozed { wait }, took, None));
        Run::Snoozed(if let Performed::Done(value) = performed { Some(value) } else { None }, decision)
    }

    async fn failed(&self, failure: Failure, took: Duration) -> FailedRun {
        let Self { shared, context, policy, .. } = *self;
        log::span_failed(failure.class());
        let mut decision = handle_failure(shared, context, policy, &failure, took, &self.watch).await;
        let mut unstored = None;
        if let Err(not_retried) = self.retries.store(shared, context, &decision.decided).await {
            decision.is_not_retried(context, not_retried.reason);
            unstored = not_retried.error;
        }
        let decided = decision.close(shared, context, policy, &failure, took).await;
        FailedRun { failure, decided, unstored }
    }
}

/// Runs `future` as the performing of the job, with the values that came with it, and reports those that could not be read.
///
/// The future is pinned by the caller, so that nothing is moved.
pub(crate) async fn with_propagated<F: Future>(shared: &Shared, context: &Context, future: Pin<&mut F>) -> F::Output {
    let execution = context.execution();
    let future = pin!(async {
        if execution.is_claimed() { propagation::within_job(execution.id(), future).await } else { future.await }
    });
    let Some(values) = context.baggage() else { return future.await };
    let output = propagation::scope(values, future).await;
    for error in values.take_unread() {
        shared.events.emit(|| events::PropagationFailed::new(shared.execution(context.execution()), error));
    }
    output
}
