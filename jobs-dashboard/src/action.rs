//! What a person did.

use std::fmt;

use jobs_core::{JobId, JobRecord};

use crate::access::Actor;
use crate::visit::Visit;

/// Something that was done through the dashboard, for your own records. It is also a line by `tracing` under the target
/// `jobs::audit`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Action {
    /// Who did it; `None` where nobody asks.
    pub actor: Option<Actor>,
    /// What was done: `retry`, `discard`, `reschedule`, `pause`, `resume`, `run`.
    pub verb: &'static str,
    /// To what, in words: a queue, a job, or which jobs were meant.
    pub object: String,
    /// The jobs, where they were named one by one.
    pub jobs: Vec<JobId>,
    /// How many were touched.
    pub touched: u64,
}

/// Hears of actions.
pub(crate) type Witness = Box<dyn Fn(&Action) + Send + Sync>;

impl Action {
    pub(crate) fn on_queue(visit: &Visit, verb: &'static str, queue: &str, changed: bool) -> Self {
        let (actor, object) = (visit.actor.clone(), format!("the queue {queue}"));
        Self { actor, verb, object, jobs: Vec::new(), touched: changed.into() }
    }

    pub(crate) fn on_job(visit: &Visit, verb: &'static str, job: &JobRecord, touched: u64) -> Self {
        let (actor, object) = (visit.actor.clone(), format!("the job {} {}", job.name, job.id));
        Self { actor, verb, object, jobs: vec![job.id], touched }
    }

    pub(crate) fn on_some(visit: &Visit, verb: &'static str, jobs: Vec<JobId>, touched: u64) -> Self {
        let (actor, object) = (visit.actor.clone(), format!("{} jobs that were chosen", jobs.len()));
        Self { actor, verb, object, jobs, touched }
    }

    pub(crate) fn on_many(actor: Option<Actor>, verb: &'static str, which: &str, touched: u64) -> Self {
        Self { actor, verb, object: format!("all {which}"), jobs: Vec::new(), touched }
    }

    pub(crate) fn on_task(visit: &Visit, verb: &'static str, key: &str, jobs: &[JobId], changed: bool) -> Self {
        let (actor, object) = (visit.actor.clone(), format!("the recurring task {key}"));
        Self { actor, verb, object, jobs: jobs.to_vec(), touched: changed.into() }
    }

    /// What comes from requests is escaped, so that nobody writes lines of their own into the log.
    pub(crate) fn log(&self) {
        tracing::info!(target: "jobs::audit",
            who = ?self.actor.as_ref().map_or("-", Actor::name), what = self.verb, object = ?self.object,
            touched = self.touched, "{self}");
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = self.actor.as_ref().map_or("Somebody", Actor::name).escape_debug();
        write!(f, "{who} did {} to {}: {} touched", self.verb, self.object.escape_debug(), self.touched)
    }
}
