//! After a failure: the rules decide, whoever is to be told is told, and it becomes known.

use std::time::Duration;

use jobs_core::{
    Context, Decision, ErrorRecord, Event, Failure, FailureCallback, JobRef, Outcome, Policy, Ruling, decide,
};

use crate::attempt::guarded;
use crate::handle::Shared;

/// Decides on a failure, tells the functions that are to be told, and emits the events.
pub(crate) async fn judge(
    shared: &Shared,
    context: &Context,
    policy: &Policy,
    failure: &Failure,
    took: Duration,
) -> Ruling {
    let record = dated(shared, context, failure.record(), took);
    let meta = match context.execution().meta() {
        Ok(meta) => meta,
        Err(error) => return unreadable(context, record, &error),
    };
    let mut ruling = decide(policy, failure, record.clone(), meta, shared.entropy.next_u64());
    if let Some(told) = ruling.told.clone() {
        tell_first(shared, context, failure, &told, &mut ruling).await;
    }
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

fn dated(shared: &Shared, context: &Context, mut record: ErrorRecord, took: Duration) -> ErrorRecord {
    record.attempt = context.attempt();
    record.duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    record.at = shared.clock.now();
    record
}

/// Counters that cannot be read must not be reset: the job is kept as failed, as it is.
fn unreadable(context: &Context, record: ErrorRecord, error: &jobs_core::Error) -> Ruling {
    let mut record = record;
    record.causes.push(error.to_string());
    let decision = Decision::Fail { meta: context.execution().meta.clone(), error: record };
    Ruling { outcome: Outcome::Failed, decision, told: None }
}

/// Tells the function that takes care of the failure. If it fails itself, the job is kept as failed, so
/// that nothing is lost.
async fn tell_first(
    shared: &Shared,
    context: &Context,
    failure: &Failure,
    told: &FailureCallback,
    ruling: &mut Ruling,
) {
    let Err(second) = tell(context, failure, told).await else { return };
    emit_callback_failed(shared, context, &second);
    let mut error = dated(shared, context, second.record(), Duration::ZERO);
    error.causes.push(format!("while it was told of: {failure}"));
    ruling.outcome = Outcome::Failed;
    ruling.decision = Decision::Fail { meta: context.execution().meta.clone(), error };
}

async fn tell(context: &Context, failure: &Failure, told: &FailureCallback) -> Result<(), Failure> {
    guarded(told(context, failure), None).await
}

fn emit_callback_failed(shared: &Shared, context: &Context, failure: &Failure) {
    shared.events.emit(|| Event::CallbackFailed(reference(context), failure.record()));
}

fn announce(shared: &Shared, context: &Context, outcome: &Outcome, record: &ErrorRecord) {
    let about = || (reference(context), record.clone());
    let events = &shared.events;
    match outcome {
        Outcome::Retried { wait } => events.emit(|| {
            let (job, error) = about();
            Event::RetryScheduled { job, wait: *wait, error }
        }),
        Outcome::Rescued => events.emit(|| Event::Rescued(reference(context), record.clone())),
        Outcome::Discarded => events.emit(|| Event::Discarded(reference(context), record.clone())),
        Outcome::Exhausted { handled } => {
            events.emit(|| Event::RetryStopped(reference(context), record.clone()));
            let last = if *handled { Event::Discarded } else { Event::Failed };
            events.emit(|| last(reference(context), record.clone()));
        }
        Outcome::Failed => events.emit(|| Event::Failed(reference(context), record.clone())),
        _ => {}
    }
}

pub(crate) fn reference(context: &Context) -> JobRef {
    JobRef {
        id: context.id(),
        name: context.name().to_owned(),
        queue: context.queue().to_owned(),
        attempt: context.attempt(),
    }
}
