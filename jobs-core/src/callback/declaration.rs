//! One declared callback: its name, its function and its conditions.

use std::fmt;
use std::sync::Arc;

use super::kind::{ErasedJob, Kind, Moment};
use super::{CallbackFuture, Condition, JobDraft, Next, NextEnqueue, Verdict};
use crate::Context;
use crate::failure::Failure;

pub(super) type StepFuture<'a> = CallbackFuture<'a, Result<(), Failure>>;
pub(super) type PerformStep =
    Arc<dyn for<'a> Fn(&'a Context, &'a ErasedJob) -> CallbackFuture<'a, Verdict> + Send + Sync>;
pub(super) type AroundPerform =
    Arc<dyn for<'a> Fn(&'a Context, &'a ErasedJob, Next<'a>) -> StepFuture<'a> + Send + Sync>;
pub(super) type EnqueueStep =
    Arc<dyn for<'a> Fn(&'a mut JobDraft, &'a ErasedJob) -> CallbackFuture<'a, Verdict> + Send + Sync>;
pub(super) type AroundEnqueue =
    Arc<dyn for<'a> Fn(&'a mut JobDraft, &'a ErasedJob, NextEnqueue<'a>) -> StepFuture<'a> + Send + Sync>;

/// One declared callback.
#[derive(Clone)]
pub struct Callback {
    name: &'static str,
    pub(super) body: Body,
    conditions: Vec<(Condition, bool)>,
}

#[derive(Clone)]
pub(super) enum Body {
    BeforePerform(PerformStep),
    AfterPerform(PerformStep),
    AroundPerform(AroundPerform),
    BeforeEnqueue(EnqueueStep),
    AfterEnqueue(EnqueueStep),
    AroundEnqueue(AroundEnqueue),
}

impl Callback {
    pub(super) const fn new(name: &'static str, body: Body) -> Self {
        Self { name, body, conditions: Vec::new() }
    }

    /// As [`before_perform`](Self::before_perform), for the jobs of a base, of any type.
    pub fn before_any(name: &'static str, call: for<'a> fn(&'a Context) -> CallbackFuture<'a, Verdict>) -> Self {
        Self::new(name, Body::BeforePerform(Arc::new(move |context, _| call(context))))
    }

    /// As [`after_perform`](Self::after_perform), for the jobs of a base, of any type.
    pub fn after_any(name: &'static str, call: for<'a> fn(&'a Context) -> CallbackFuture<'a, Verdict>) -> Self {
        Self::new(name, Body::AfterPerform(Arc::new(move |context, _| call(context))))
    }

    /// As [`around_perform`](Self::around_perform), for the jobs of a base, of any type.
    pub fn around_any(name: &'static str, call: for<'a> fn(&'a Context, Next<'a>) -> StepFuture<'a>) -> Self {
        Self::new(name, Body::AroundPerform(Arc::new(move |context, _, next| call(context, next))))
    }

    /// As [`before_enqueue`](Self::before_enqueue), for the jobs of a base, of any type.
    pub fn before_any_enqueue(
        name: &'static str,
        call: for<'a> fn(&'a mut JobDraft) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self::new(name, Body::BeforeEnqueue(Arc::new(move |enqueue, _| call(enqueue))))
    }

    /// As [`after_enqueue`](Self::after_enqueue), for the jobs of a base, of any type.
    pub fn after_any_enqueue(
        name: &'static str,
        call: for<'a> fn(&'a mut JobDraft) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self::new(name, Body::AfterEnqueue(Arc::new(move |enqueue, _| call(enqueue))))
    }

    /// As [`around_enqueue`](Self::around_enqueue), for the jobs of a base, of any type.
    pub fn around_any_enqueue(
        name: &'static str,
        call: for<'a> fn(&'a mut JobDraft, NextEnqueue<'a>) -> StepFuture<'a>,
    ) -> Self {
        Self::new(name, Body::AroundEnqueue(Arc::new(move |enqueue, _, next| call(enqueue, next))))
    }

    /// Runs only if this holds. With several conditions all of them have to hold.
    pub fn only_if(mut self, condition: Condition) -> Self {
        self.conditions.push((condition, true));
        self
    }

    /// Runs only if this does not hold.
    pub fn unless(mut self, condition: Condition) -> Self {
        self.conditions.push((condition, false));
        self
    }

    /// The name it was declared by.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Which kind.
    pub const fn kind(&self) -> Kind {
        match self.body {
            Body::BeforePerform(_) => Kind::BeforePerform,
            Body::AfterPerform(_) => Kind::AfterPerform,
            Body::AroundPerform(_) => Kind::AroundPerform,
            Body::BeforeEnqueue(_) => Kind::BeforeEnqueue,
            Body::AfterEnqueue(_) => Kind::AfterEnqueue,
            Body::AroundEnqueue(_) => Kind::AroundEnqueue,
        }
    }

    /// The operation it belongs to.
    pub const fn moment(&self) -> Moment {
        self.kind().moment()
    }

    /// Whether its conditions let it run in a perform.
    pub(super) fn is_on_for_perform(&self, context: &Context, job: &ErasedJob) -> bool {
        self.conditions.iter().all(|(condition, wanted)| condition.holds_in_perform(context, job) == *wanted)
    }

    /// Whether its conditions let it run in an enqueue.
    pub(super) fn is_on_for_enqueue(&self, enqueue: &JobDraft, job: &ErasedJob) -> bool {
        self.conditions.iter().all(|(condition, wanted)| condition.holds_in_enqueue(enqueue, job) == *wanted)
    }

    /// Whether a condition belongs to the other operation, so that it would never be evaluated.
    pub(crate) fn has_misplaced_condition(&self) -> bool {
        self.conditions.iter().any(|(condition, _)| condition.moment() != self.moment())
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Callback({}({}))", self.kind(), self.name)
    }
}
