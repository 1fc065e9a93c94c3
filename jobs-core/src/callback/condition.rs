//! When a callback runs and when it does not: `if = ..` and `unless = ..`.

use std::fmt;
use std::sync::Arc;

use crate::callback::{Erased, Moment, typed};
use crate::job::enqueue::Enqueue;
use crate::{Context, Job};

/// A question that decides whether a callback runs. It is asked when the callback's turn comes.
#[derive(Clone)]
pub struct Condition {
    question: Question,
}

#[derive(Clone)]
enum Question {
    OnPerform(Arc<AskedOnPerform>),
    OnEnqueue(Arc<AskedOnEnqueue>),
}

type AskedOnPerform = dyn Fn(&Context, &Erased) -> bool + Send + Sync;
type AskedOnEnqueue = dyn Fn(&Enqueue, &Erased) -> bool + Send + Sync;

impl Condition {
    /// Of a callback around a perform.
    pub fn on_perform<J: Job>(holds: fn(&Context, &J) -> bool) -> Self {
        let asked = move |context: &Context, job: &Erased| typed(job).is_some_and(|job| holds(context, job));
        Self { question: Question::OnPerform(Arc::new(asked)) }
    }

    /// As [`on_perform`](Self::on_perform), for the jobs of a base, whatever their type.
    pub fn on_any_perform(holds: fn(&Context) -> bool) -> Self {
        Self { question: Question::OnPerform(Arc::new(move |context, _| holds(context))) }
    }

    /// Of a callback around an enqueue.
    pub fn on_enqueue<J: Job>(holds: fn(&Enqueue, &J) -> bool) -> Self {
        let asked = move |enqueue: &Enqueue, job: &Erased| typed(job).is_some_and(|job| holds(enqueue, job));
        Self { question: Question::OnEnqueue(Arc::new(asked)) }
    }

    /// As [`on_enqueue`](Self::on_enqueue), for the jobs of a base, whatever their type.
    pub fn on_any_enqueue(holds: fn(&Enqueue) -> bool) -> Self {
        Self { question: Question::OnEnqueue(Arc::new(move |enqueue, _| holds(enqueue))) }
    }

    pub(crate) const fn moment(&self) -> Moment {
        match self.question {
            Question::OnPerform(_) => Moment::Perform,
            Question::OnEnqueue(_) => Moment::Enqueue,
        }
    }

    pub(crate) fn holds_in_perform(&self, context: &Context, job: &Erased) -> bool {
        matches!(&self.question, Question::OnPerform(asked) if asked(context, job))
    }

    pub(crate) fn holds_in_enqueue(&self, enqueue: &Enqueue, job: &Erased) -> bool {
        matches!(&self.question, Question::OnEnqueue(asked) if asked(enqueue, job))
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition(on {:?})", self.moment())
    }
}
