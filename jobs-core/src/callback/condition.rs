//! The conditions of a callback: `if = ..` and `unless = ..`.

use std::fmt;
use std::sync::Arc;

use super::kind::{ErasedJob, Moment};
use crate::{Context, JobDraft};

/// A test that decides whether a callback runs. It is evaluated right before the callback would run.
#[derive(Clone)]
pub struct Condition {
    test: Test,
}

#[derive(Clone)]
enum Test {
    OnPerform(Arc<PerformTest>),
    OnEnqueue(Arc<EnqueueTest>),
}

type PerformTest = dyn Fn(&Context, &ErasedJob) -> bool + Send + Sync;
type EnqueueTest = dyn Fn(&JobDraft, &ErasedJob) -> bool + Send + Sync;

impl Condition {
    /// As [`on_perform`](Self::on_perform), for the jobs of a base, of any type.
    pub fn on_any_perform(holds: fn(&Context) -> bool) -> Self {
        Self::perform_test(move |context, _| holds(context))
    }

    /// As [`on_enqueue`](Self::on_enqueue), for the jobs of a base, of any type.
    pub fn on_any_enqueue(holds: fn(&JobDraft) -> bool) -> Self {
        Self::enqueue_test(move |enqueue, _| holds(enqueue))
    }

    pub(super) fn perform_test(test: impl Fn(&Context, &ErasedJob) -> bool + Send + Sync + 'static) -> Self {
        Self { test: Test::OnPerform(Arc::new(test)) }
    }

    pub(super) fn enqueue_test(test: impl Fn(&JobDraft, &ErasedJob) -> bool + Send + Sync + 'static) -> Self {
        Self { test: Test::OnEnqueue(Arc::new(test)) }
    }

    pub(super) const fn moment(&self) -> Moment {
        match self.test {
            Test::OnPerform(_) => Moment::Perform,
            Test::OnEnqueue(_) => Moment::Enqueue,
        }
    }

    pub(super) fn holds_in_perform(&self, context: &Context, job: &ErasedJob) -> bool {
        matches!(&self.test, Test::OnPerform(test) if test(context, job))
    }

    pub(super) fn holds_in_enqueue(&self, enqueue: &JobDraft, job: &ErasedJob) -> bool {
        matches!(&self.test, Test::OnEnqueue(test) if test(enqueue, job))
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition(on {:?})", self.moment())
    }
}
