//! Enqueues one job: its callbacks around the call that stores it.

use crate::callback::{Callback, Moment, Verdict, run_enqueue};
use crate::{Job, JobDraft, Policy, Storing};

/// Runs the enqueue callbacks around `storing`, nested as those of a perform are.
///
/// Dropping it drops the callback, or the call that stores the job, at its current await.
///
/// # Errors
/// What stopped the enqueue. The job may be stored nevertheless: an after callback runs too late to change that.
pub async fn enqueue<J: Job>(enqueue: &mut JobDraft, job: &J, policy: &Policy, storing: &dyn Storing) -> Verdict {
    let callbacks: Vec<&Callback> = policy.callbacks(Moment::Enqueue).collect();
    run_enqueue(&callbacks, enqueue, job, storing).await
}
