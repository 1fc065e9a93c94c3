//! One perform, for workers and for `perform_now`: events, guard, failure handling.

use std::future::Future;
use std::pin::{Pin, pin};
use std::time::Duration;

use jobs_core::callback::CallbackFuture;
use jobs_core::{Context, Error, Failure, FailureDecision, Outcome, Performed, Policy, events};
use tokio::time::{Instant, timeout};

use crate::client::shared::Shared;
use crate::guard::run_guarded;
use crate::observe::log;
use crate::perform::failure_handling::handle_failure;
use crate::perform::retry_storage::RetryStorage;
use crate::propagation;

/// One perform of a job.
pub(crate) struct Attempt<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) context: &'a Context,
    pub(crate) policy: &'a Policy,
    /// The job's timeout.
    pub(crate) limit: Option<Duration>,
    /// A job that runs for longer than this is reported.
    pub(crate) slow_after: Option<Duration>,
    pub(crate) retries: RetryStorage,
}

/// How a perform ended.
pub(crate) enum Run<T> {
    /// The body returned this.
    Done(T),
    /// A callback stopped the job.
    Halted,
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
        let result = self.report_if_slow(run_guarded(body, self.limit)).await;
        let took = started.elapsed();
        match result {
            Ok(Performed::Done(value)) => {
                shared.events.emit(|| events::Performed::new(job(), took));
                shared.events.emit(|| events::AttemptEnded::new(job(), Outcome::Finished, took, None));
                Run::Done(value)
            }
            Ok(Performed::Halted) => {
                shared.events.emit(|| events::PerformHalted::new(job()));
                shared.events.emit(|| events::AttemptEnded::new(job(), Outcome::Halted, took, None));
                Run::Halted
            }
            Err(failure) => Run::Failed(Box::new(self.failed(failure, took).await)),
        }
    }

    async fn failed(&self, failure: Failure, took: Duration) -> FailedRun {
        let Self { shared, context, policy, .. } = *self;
        log::span_failed(failure.class());
        let mut decision = handle_failure(shared, context, policy, &failure, took).await;
        let mut unstored = None;
        if let Err(not_retried) = self.retries.store(shared, context, &decision.decided).await {
            decision.is_not_retried(context, not_retried.reason);
            unstored = not_retried.error;
        }
        let decided = decision.close(shared, context, policy, &failure, took).await;
        FailedRun { failure, decided, unstored }
    }

    async fn report_if_slow<T>(&self, run: impl Future<Output = T>) -> T {
        let Some(limit) = self.slow_after else { return run.await };
        let mut run = pin!(run);
        if let Ok(result) = timeout(limit, &mut run).await {
            return result;
        }
        self.shared.events.emit(|| events::RanSlowly::new(self.shared.execution(self.context.execution()), limit));
        run.await
    }
}

/// Runs `future` with the values that came with the job, and reports those that could not be read.
///
/// The future is pinned by the caller, so that nothing is moved for jobs without such values.
pub(crate) async fn with_propagated<F: Future>(shared: &Shared, context: &Context, future: Pin<&mut F>) -> F::Output {
    let Some(values) = context.baggage() else { return future.await };
    let output = propagation::scope(values, future).await;
    for error in values.take_unread() {
        shared.events.emit(|| events::PropagationFailed::new(shared.execution(context.execution()), error));
    }
    output
}
