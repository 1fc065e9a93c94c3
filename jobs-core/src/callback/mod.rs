//! Functions around enqueue and perform. They may alter and halt; events may not.

mod condition;
mod next;
mod result;
pub(crate) mod skip;

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::failure::Failure;
use crate::{Context, Job};

pub use crate::job::enqueue::{Enqueue, Storing};
pub use condition::Condition;
pub use next::{Next, NextEnqueue};
pub use result::{Answer, Async, CallbackFuture, Halt, IntoVerdict, Plain, Stop, Verdict, told, verdict};

/// What a callback is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The job goes into the store.
    Enqueue,
    /// The job runs.
    Perform,
}

/// The six kinds of callbacks. Shown as the keys of `#[job]` are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Before the body; may halt.
    BeforePerform,
    /// After a body that succeeded.
    AfterPerform,
    /// Around the body.
    AroundPerform,
    /// Before the job is stored; may alter and halt.
    BeforeEnqueue,
    /// After the job was stored.
    AfterEnqueue,
    /// Around the storing.
    AroundEnqueue,
}

impl Kind {
    /// What it is about.
    pub const fn moment(self) -> Moment {
        match self {
            Self::BeforePerform | Self::AfterPerform | Self::AroundPerform => Moment::Perform,
            Self::BeforeEnqueue | Self::AfterEnqueue | Self::AroundEnqueue => Moment::Enqueue,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BeforePerform => "before_perform",
            Self::AfterPerform => "after_perform",
            Self::AroundPerform => "around_perform",
            Self::BeforeEnqueue => "before_enqueue",
            Self::AfterEnqueue => "after_enqueue",
            Self::AroundEnqueue => "around_enqueue",
        })
    }
}

pub(crate) type Erased = dyn Any + Send + Sync;
type Done<'a> = CallbackFuture<'a, Result<(), Failure>>;
type Around = Arc<dyn for<'a> Fn(&'a Context, &'a Erased, Next<'a>) -> Done<'a> + Send + Sync>;
type Beside = Arc<dyn for<'a> Fn(&'a Context, &'a Erased) -> CallbackFuture<'a, Verdict> + Send + Sync>;
type OnEnqueue = Arc<dyn for<'a> Fn(&'a mut Enqueue, &'a Erased) -> CallbackFuture<'a, Verdict> + Send + Sync>;
type AroundEnqueue = Arc<dyn for<'a> Fn(&'a mut Enqueue, &'a Erased, NextEnqueue<'a>) -> Done<'a> + Send + Sync>;

/// One declared callback.
#[derive(Clone)]
pub struct Callback {
    name: &'static str,
    pub(crate) body: Body,
    conditions: Vec<(Condition, bool)>,
}

#[derive(Clone)]
pub(crate) enum Body {
    BeforePerform(Beside),
    AfterPerform(Beside),
    AroundPerform(Around),
    BeforeEnqueue(OnEnqueue),
    AfterEnqueue(OnEnqueue),
    AroundEnqueue(AroundEnqueue),
}

/// Looks at the job as the callback's own type. A base's callbacks take `Erased` and see any job.
pub(crate) fn typed<J: Job>(job: &Erased) -> Option<&J> {
    job.downcast_ref()
}

impl Callback {
    const fn new(name: &'static str, body: Body) -> Self {
        Self { name, body, conditions: Vec::new() }
    }

    /// Runs before the body; may halt.
    pub fn before_perform<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a Context, &'a J) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self::new(name, Body::BeforePerform(beside(call)))
    }

    /// Runs after a body that succeeded, the last declared first.
    pub fn after_perform<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a Context, &'a J) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self::new(name, Body::AfterPerform(beside(call)))
    }

    /// Runs around the rest of the chain.
    pub fn around_perform<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a Context, &'a J, Next<'a>) -> Done<'a>,
    ) -> Self {
        let call: Around = Arc::new(move |context, job, next| match typed::<J>(job) {
            Some(job) => call(context, job, next),
            None => Box::pin(next.run()),
        });
        Self::new(name, Body::AroundPerform(call))
    }

    /// Runs before the job is stored; may alter queue, priority and time, and may halt.
    pub fn before_enqueue<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a mut Enqueue, &'a J) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self::new(name, Body::BeforeEnqueue(on_enqueue(call)))
    }

    /// Runs after the job was stored.
    pub fn after_enqueue<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a mut Enqueue, &'a J) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self::new(name, Body::AfterEnqueue(on_enqueue(call)))
    }

    /// Runs around the storing and the enqueue callbacks that are declared after it.
    pub fn around_enqueue<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a mut Enqueue, &'a J, NextEnqueue<'a>) -> Done<'a>,
    ) -> Self {
        let call: AroundEnqueue = Arc::new(move |enqueue, job, next| match typed::<J>(job) {
            Some(job) => call(enqueue, job, next),
            None => Box::pin(next.run(enqueue)),
        });
        Self::new(name, Body::AroundEnqueue(call))
    }

    /// As [`before_perform`](Self::before_perform), for the jobs of a base, whatever their type.
    pub fn before_any(name: &'static str, call: for<'a> fn(&'a Context) -> CallbackFuture<'a, Verdict>) -> Self {
        Self::new(name, Body::BeforePerform(Arc::new(move |context, _| call(context))))
    }

    /// As [`after_perform`](Self::after_perform), for the jobs of a base, whatever their type.
    pub fn after_any(name: &'static str, call: for<'a> fn(&'a Context) -> CallbackFuture<'a, Verdict>) -> Self {
        Self::new(name, Body::AfterPerform(Arc::new(move |context, _| call(context))))
    }

    /// As [`around_perform`](Self::around_perform), for the jobs of a base, whatever their type.
    pub fn around_any(name: &'static str, call: for<'a> fn(&'a Context, Next<'a>) -> Done<'a>) -> Self {
        Self::new(name, Body::AroundPerform(Arc::new(move |context, _, next| call(context, next))))
    }

    /// As [`before_enqueue`](Self::before_enqueue), for the jobs of a base, whatever their type.
    pub fn before_any_enqueue(
        name: &'static str,
        call: for<'a> fn(&'a mut Enqueue) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self::new(name, Body::BeforeEnqueue(Arc::new(move |enqueue, _| call(enqueue))))
    }

    /// As [`after_enqueue`](Self::after_enqueue), for the jobs of a base, whatever their type.
    pub fn after_any_enqueue(
        name: &'static str,
        call: for<'a> fn(&'a mut Enqueue) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self::new(name, Body::AfterEnqueue(Arc::new(move |enqueue, _| call(enqueue))))
    }

    /// As [`around_enqueue`](Self::around_enqueue), for the jobs of a base, whatever their type.
    pub fn around_any_enqueue(
        name: &'static str,
        call: for<'a> fn(&'a mut Enqueue, NextEnqueue<'a>) -> Done<'a>,
    ) -> Self {
        Self::new(name, Body::AroundEnqueue(Arc::new(move |enqueue, _, next| call(enqueue, next))))
    }

    /// Runs only where this holds, asked when its turn comes. Of several conditions all must allow it.
    pub fn only_if(mut self, condition: Condition) -> Self {
        self.conditions.push((condition, true));
        self
    }

    /// Runs only where this does not hold.
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

    /// What it is about.
    pub const fn moment(&self) -> Moment {
        self.kind().moment()
    }

    /// Whether its conditions let it run in a perform.
    pub(crate) fn is_on_for_perform(&self, context: &Context, job: &Erased) -> bool {
        self.conditions.iter().all(|(condition, wanted)| condition.holds_in_perform(context, job) == *wanted)
    }

    /// Whether its conditions let it run in an enqueue.
    pub(crate) fn is_on_for_enqueue(&self, enqueue: &Enqueue, job: &Erased) -> bool {
        self.conditions.iter().all(|(condition, wanted)| condition.holds_in_enqueue(enqueue, job) == *wanted)
    }

    /// Whether a condition is about the other moment, where nobody would ask it.
    pub(crate) fn has_strange_condition(&self) -> bool {
        self.conditions.iter().any(|(condition, _)| condition.moment() != self.moment())
    }
}

fn beside<J: Job>(call: for<'a> fn(&'a Context, &'a J) -> CallbackFuture<'a, Verdict>) -> Beside {
    Arc::new(move |context, job| match typed::<J>(job) {
        Some(job) => call(context, job),
        None => Box::pin(async { Ok(()) }),
    })
}

fn on_enqueue<J: Job>(call: for<'a> fn(&'a mut Enqueue, &'a J) -> CallbackFuture<'a, Verdict>) -> OnEnqueue {
    Arc::new(move |enqueue, job| match typed::<J>(job) {
        Some(job) => call(enqueue, job),
        None => Box::pin(async { Ok(()) }),
    })
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Callback({}({}))", self.kind(), self.name)
    }
}
