//! After a failure: the rules decide, whoever is to be told is told, and it becomes known.

use std::time::Duration;

use jobs_core::{
    Context, Decision, ErrorRecord, Event, Failure, FailureCallback, FailureDecision, Outcome, Policy, abandon, decide,
};

use crate::attempt::{called, guarded};
use crate::handle::Shared;

/// A failure on which the rules have decided. It is not known to anybody else before [`close`](Self::close), so that
/// what becomes known is what came of it.
#[must_use = "nobody hears of a failure before it is closed"]
pub(crate) struct Judged {
    pub(crate) ruling: FailureDecision,
    record: ErrorRecord,
}

impl Judged {
    /// The retry that the rules asked for cannot be had: the job is given up.
    pub(crate) fn is_not_retried(&mut self, context: &Context, why: String) {
        self.record.causes.push(why);
        self.ruling = failed(context, self.record.clone());
    }

    /// Makes it known, and tells those who hear of jobs that are given up.
    pub(crate) async fn close(
        self,
        shared: &Shared,
        context: &Context,
        policy: &Policy,
        failure: &Failure,
    ) -> FailureDecision {
        let Self { ruling, record } = self;
        announce(shared, context, &ruling.outcome, &record);
        if ruling.outcome.is_given_up() {
            for told in policy.told_of_discard() {
                if let Err(second) = tell(context, failure, told).await {
                    emit_callback_failed(shared, context, &second);
                }
            }
        }
        ruling
    }
}

/// Decides on a failure, and tells the function that takes care of it.
pub(crate) async fn judge(
    shared: &Shared,
    context: &Context,
    policy: &Policy,
    failure: &Failure,
    took: Duration,
) -> Judged {
    // The words of causes are the user's code.
    let record = called(|| failure.record());
    let record = record.unwrap_or_else(|_| ErrorRecord::new(failure.class(), failure.message()));
    let record = dated(shared, context, record, took);
    let cancelled = shared.asked.holds(context.id());
    let mut ruling =
        if cancelled { abandon(record.clone()) } else { rule(shared, context, policy, failure, record.clone()) };
    if let Some(told) = ruling.told.clone() {
        tell_first(shared, context, failure, &told, &mut ruling).await;
    }
    Judged { ruling, record }
}

fn rule(
    shared: &Shared,
    context: &Context,
    policy: &Policy,
    failure: &Failure,
    record: ErrorRecord,
) -> FailureDecision {
    let meta = match context.execution().meta() {
        Ok(meta) => meta,
        // Counters that cannot be read must not be reset.
        Err(error) => return undecided(context, record, error.to_string()),
    };
    // Guards, predicates and computed waits are the user's code.
    let ruled = called(|| decide(policy, failure, record.clone(), meta, shared.entropy.next_u64()));
    ruled.unwrap_or_else(|panic| undecided(context, record, format!("while a rule was asked about it: {panic}")))
}

fn dated(shared: &Shared, context: &Context, mut record: ErrorRecord, took: Duration) -> ErrorRecord {
    record.attempt = context.attempt();
    record.duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    record.at = shared.clock.now();
    // A run that no worker claimed has a token of nobody's.
    let process = context.execution().token.process;
    record.by(Some(process).filter(|process| process.get() != 0))
}

/// Nobody knows what to do: the job is kept as failed, as it is.
fn undecided(context: &Context, mut record: ErrorRecord, why: String) -> FailureDecision {
    record.causes.push(why);
    failed(context, record)
}

fn failed(context: &Context, error: ErrorRecord) -> FailureDecision {
    let decision = Decision::Fail { meta: context.execution().meta.clone(), error };
    FailureDecision::new(Outcome::Failed, decision)
}

/// Tells the function that takes care of the failure. If it fails itself, the job is kept as failed, so
/// that nothing is lost.
async fn tell_first(
    shared: &Shared,
    context: &Context,
    failure: &Failure,
    told: &FailureCallback,
    ruling: &mut FailureDecision,
) {
    let Err(second) = tell(context, failure, told).await else { return };
    emit_callback_failed(shared, context, &second);
    let mut error = dated(shared, context, second.record(), Duration::ZERO);
    error.causes.push(format!("while it was told of: {failure}"));
    ruling.outcome = Outcome::Failed;
    ruling.decision = Decision::Fail { meta: context.execution().meta.clone(), error };
}

async fn tell(context: &Context, failure: &Failure, told: &FailureCallback) -> Result<(), Failure> {
    // A plain function runs when it is called, so the call is guarded too.
    guarded(Box::pin(async { told(context, failure).await }), None).await
}

fn emit_callback_failed(shared: &Shared, context: &Context, failure: &Failure) {
    shared.events.emit(|| Event::CallbackFailed(shared.reference(context.execution()), failure.record()));
}

fn announce(shared: &Shared, context: &Context, outcome: &Outcome, record: &ErrorRecord) {
    let about = || (shared.reference(context.execution()), record.clone());
    let events = &shared.events;
    match outcome {
        Outcome::Retried { wait } => events.emit(|| {
            let (job, error) = about();
            Event::RetryScheduled { job, wait: *wait, error }
        }),
        Outcome::Rescued => events.emit(|| Event::Rescued(shared.reference(context.execution()), record.clone())),
        Outcome::Discarded => events.emit(|| Event::Discarded(shared.reference(context.execution()), record.clone())),
        Outcome::Exhausted { handled } => {
            events.emit(|| Event::RetryStopped(shared.reference(context.execution()), record.clone()));
            let last = if *handled { Event::Discarded } else { Event::Failed };
            events.emit(|| last(shared.reference(context.execution()), record.clone()));
        }
        Outcome::Failed => events.emit(|| Event::Failed(shared.reference(context.execution()), record.clone())),
        _ => {}
    }
}
