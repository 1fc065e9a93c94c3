//! Applies the rules to a failure, runs failure callbacks, and emits the event.

use std::time::Duration;

use jobs_core::events::{AttemptEnded, CallbackFailed, Discarded, Failed, Rescued, RetryScheduled, RetryStopped};
use jobs_core::{
    Context, Decision, ErrorRecord, Failure, FailureCallback, FailureDecision, Outcome, Policy, abandon, decide,
};

use crate::client::shared::Shared;
use crate::guard::{catch_panic, record_of, run_guarded};
use crate::perform::run_watch::RunWatch;

/// A failure that the rules have decided on. Its event is emitted by [`close`](Self::close), when the result is certain.
#[must_use = "a failure is not reported before it is closed"]
pub(crate) struct DecidedFailure {
    pub(crate) decided: FailureDecision,
    record: ErrorRecord,
    /// How long each of the failure functions may run.
    limit: Option<Duration>,
}

impl DecidedFailure {
    /// The retry that the rules decided on cannot be stored: the job fails.
    pub(crate) fn is_not_retried(&mut self, context: &Context, reason: String) {
        self.record.causes.push(reason);
        self.decided = failed(context, self.record.clone());
    }

    /// Emits the event, runs the discard callbacks if the job is given up, and emits the end of the attempt, which took
    /// this long.
    pub(crate) async fn close(
        self,
        shared: &Shared,
        context: &Context,
        policy: &Policy,
        failure: &Failure,
        took: Duration,
    ) -> FailureDecision {
        self.report(shared, context, policy, failure).await;
        let Self { decided, record, .. } = self;
        let job = || shared.execution(context.execution());
        shared.events.emit(|| AttemptEnded::new(job(), decided.outcome.clone(), took, Some(record)));
        decided
    }

    /// As [`close`](Self::close) for a job that was not begun, so that no attempt ends.
    pub(crate) async fn close_unbegun(
        self,
        shared: &Shared,
        context: &Context,
        policy: &Policy,
        failure: &Failure,
    ) -> FailureDecision {
        self.report(shared, context, policy, failure).await;
        self.decided
    }

    async fn report(&self, shared: &Shared, context: &Context, policy: &Policy, failure: &Failure) {
        report(shared, context, &self.decided.outcome, &self.record);
        if !self.decided.outcome.is_given_up() {
            return;
        }
        for callback in policy.discard_callbacks() {
            if let Err(second) = call(context, failure, callback, self.limit).await {
                report_callback_failed(shared, context, &second);
            }
        }
    }
}

/// Discards a job that was not begun, with this error. No rule applies. A failure function may run for this long.
pub(crate) fn give_up(
    shared: &Shared,
    context: &Context,
    failure: &Failure,
    limit: Option<Duration>,
) -> DecidedFailure {
    let record = with_attempt(shared, context, &record_of(failure), Duration::ZERO);
    DecidedFailure { decided: abandon(record.clone()), record, limit }
}

/// Decides on a failure of an attempt that took this long, and runs the function of the rule that decided, for as long as the
/// watch lets an attempt run: else a function that hangs would hold its place of the worker for ever.
pub(crate) async fn handle_failure(
    shared: &Shared,
    context: &Context,
    policy: &Policy,
    failure: &Failure,
    took: Duration,
    watch: &RunWatch<'_>,
) -> DecidedFailure {
    let mut record = with_attempt(shared, context, &record_of(failure), took);
    record.causes.extend(watch.explain(context, failure));
    let is_cancelled = shared.cancel_requests.contains(context.id());
    let mut decided =
        if is_cancelled { abandon(record.clone()) } else { apply_rules(shared, context, policy, failure, &record) };
    decided = decided.unless_expired(context.expires_at(), record.at);
    if let Decision::Discard { error: Some(error) } = &decided.decision {
        record.clone_from(error);
    }
    if let Some(callback) = decided.told.clone()
        && let Err(second) = call(context, failure, &callback, watch.timeout).await
    {
        handler_failed(shared, context, failure, &second, &mut decided);
    }
    DecidedFailure { decided, record, limit: watch.timeout }
}

fn apply_rules(
    shared: &Shared,
    context: &Context,
    policy: &Policy,
    failure: &Failure,
    record: &ErrorRecord,
) -> FailureDecision {
    let meta = match context.execution().meta() {
        Ok(meta) => meta,
        // Counters that cannot be read must not be reset.
        Err(error) => return undecided(context, record.clone(), error.to_string()),
    };
    // Guards, predicates and computed waits are the user's code.
    let decided = catch_panic(|| decide(policy, failure, record.clone(), meta, shared.entropy.next_u64()));
    decided.unwrap_or_else(|panic| undecided(context, record.clone(), format!("while a rule was evaluated: {panic}")))
}

/// The error of this attempt, as long as stores keep it: an error of megabytes would also fill log lines and events.
fn with_attempt(shared: &Shared, context: &Context, record: &ErrorRecord, took: Duration) -> ErrorRecord {
    let mut record = record.bounded().into_owned();
    record.attempt = context.attempt();
    record.duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    record.at = shared.clock.now();
    // A job that was not claimed has a token without a process.
    let process = context.execution().token.process;
    record.by(Some(process).filter(|process| process.get() != 0))
}

/// The rules could not be applied: the job is kept as failed, as it is.
fn undecided(context: &Context, mut record: ErrorRecord, reason: String) -> FailureDecision {
    record.causes.push(reason);
    failed(context, record)
}

fn failed(context: &Context, error: ErrorRecord) -> FailureDecision {
    let decision = Decision::Fail { meta: context.execution().meta.clone(), error };
    FailureDecision::new(Outcome::Failed, decision)
}

/// The function that handles the failure failed itself: the job is kept as failed, so that it is not lost.
fn handler_failed(
    shared: &Shared,
    context: &Context,
    failure: &Failure,
    second: &Failure,
    decided: &mut FailureDecision,
) {
    report_callback_failed(shared, context, second);
    let mut error = with_attempt(shared, context, &record_of(second), Duration::ZERO);
    error.causes.push(format!("while it was called with: {failure}"));
    decided.outcome = Outcome::Failed;
    decided.decision = Decision::Fail { meta: context.execution().meta.clone(), error };
}

async fn call(
    context: &Context,
    failure: &Failure,
    callback: &FailureCallback,
    limit: Option<Duration>,
) -> Result<(), Failure> {
    // A plain function runs when it is called, so the call is guarded too.
    run_guarded(Box::pin(async { callback(context, failure).await }), limit).await
}

fn report_callback_failed(shared: &Shared, context: &Context, failure: &Failure) {
    shared
        .events
        .emit(|| CallbackFailed::new(shared.execution(context.execution()), record_of(failure).bounded().into_owned()));
}

fn report(shared: &Shared, context: &Context, outcome: &Outcome, record: &ErrorRecord) {
    let (events, job) = (&shared.events, || shared.execution(context.execution()));
    match outcome {
        Outcome::Retried { wait } => events.emit(|| RetryScheduled::new(job(), *wait, record.clone())),
        Outcome::Rescued => events.emit(|| Rescued::new(job(), record.clone())),
        Outcome::Discarded => events.emit(|| Discarded::new(job(), record.clone())),
        Outcome::Exhausted { handled } => {
            events.emit(|| RetryStopped::new(job(), record.clone()));
            if *handled {
                events.emit(|| Discarded::new(job(), record.clone()));
            } else {
                events.emit(|| Failed::new(job(), record.clone()));
            }
        }
        Outcome::Failed => events.emit(|| Failed::new(job(), record.clone())),
        _ => {}
    }
}
