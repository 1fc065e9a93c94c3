//! The audit record of an action, for the log and the `on_action` hook.

use std::fmt;

use jobs_core::{JobId, JobRecord, LogText, OneLine, Process};

use crate::security::actor::Actor;

/// Something that a user did through the dashboard, for your own audit records. It is also logged by `tracing` under the
/// target `jobs::audit`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Action {
    /// The user; `None` without authentication.
    pub actor: Option<Actor>,
    /// What was done: `retry`, `discard`, `cancel`, `reschedule`, `pause`, `resume`, `run`, `quiet`, `stop`.
    pub verb: &'static str,
    /// What it was done to, as text: a queue, a job, or the jobs that matched.
    pub object: String,
    /// The jobs, if the request named them by their ids.
    pub jobs: Vec<JobId>,
    /// How many jobs, queues or tasks were changed.
    pub changed: u64,
}

/// The hook that is called with each action.
pub(crate) type ActionHook = Box<dyn Fn(&Action) + Send + Sync>;

impl Action {
    pub(crate) fn on_queue(actor: Option<Actor>, verb: &'static str, queue: &str, changed: bool) -> Self {
        Self { actor, verb, object: format!("the queue {queue}"), jobs: Vec::new(), changed: changed.into() }
    }

    pub(crate) fn on_process(actor: Option<Actor>, verb: &'static str, process: &Process, changed: bool) -> Self {
        let object = format!("the process {} {}", process.name, process.id);
        Self { actor, verb, object, jobs: Vec::new(), changed: changed.into() }
    }

    pub(crate) fn on_job(actor: Option<Actor>, verb: &'static str, job: &JobRecord, changed: u64) -> Self {
        Self { actor, verb, object: format!("the job {} {}", job.name, job.id), jobs: vec![job.id], changed }
    }

    pub(crate) fn on_selected(actor: Option<Actor>, verb: &'static str, jobs: Vec<JobId>, changed: u64) -> Self {
        Self { actor, verb, object: format!("{} selected jobs", jobs.len()), jobs, changed }
    }

    pub(crate) fn on_matching(actor: Option<Actor>, verb: &'static str, jobs: &str, changed: u64) -> Self {
        Self { actor, verb, object: format!("all {jobs}"), jobs: Vec::new(), changed }
    }

    pub(crate) fn on_task(actor: Option<Actor>, verb: &'static str, key: &str, jobs: &[JobId], changed: bool) -> Self {
        Self { actor, verb, object: format!("the recurring task {key}"), jobs: jobs.to_vec(), changed: changed.into() }
    }

    /// Text from requests is escaped and cut, so that a user can neither forge lines of the log nor fill it.
    pub(crate) fn log(&self) {
        tracing::info!(target: "jobs::audit",
            actor = ?LogText::field(self.actor.as_ref().map_or("-", Actor::name)).to_string(), action = self.verb,
            object = ?LogText::field(&self.object).to_string(), changed = self.changed, "{}", LogText::message(self));
    }
}

/// One line: text from requests is escaped.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actor = OneLine(self.actor.as_ref().map_or("An anonymous user", Actor::name));
        write!(f, "{actor} requested {} of {}: {} changed", self.verb, OneLine(&self.object), self.changed)
    }
}
