//! The event of manual changes: of jobs that are retried, discarded or rescheduled, of queues, and of recurring tasks.

use std::fmt;

use crate::{JobId, OneLine};

/// Stored jobs, a queue or a recurring task were changed manually: through the client of a runtime, or by the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ManuallyChanged {
    /// What was done: `retry`, `discard`, `reschedule`, `cancel`, `enqueue`, `pause`, `resume`, `prune`, `run` or `forget`.
    pub action: &'static str,
    /// The jobs that the call named, or the job that it enqueued; empty for a queue and for `prune`.
    pub jobs: Vec<JobId>,
    /// The queue that was paused or resumed.
    pub queue: Option<String>,
    /// The key of the recurring task that was run, paused, resumed or deleted.
    pub task: Option<String>,
    /// How many jobs, queues or tasks were changed, at least one.
    pub changed: u64,
    /// Who did it, if that is known; the program itself if not.
    pub actor: Option<String>,
}

/// How many ids a log line shows.
const SHOWN: usize = 10;

impl ManuallyChanged {
    /// A change of these jobs, by the program itself.
    pub const fn jobs(action: &'static str, jobs: Vec<JobId>, changed: u64) -> Self {
        Self { action, jobs, queue: None, task: None, changed, actor: None }
    }

    /// A change of a queue, by the program itself.
    pub fn queue(action: &'static str, queue: impl Into<String>) -> Self {
        Self { queue: Some(queue.into()), ..Self::jobs(action, Vec::new(), 1) }
    }

    /// A change of a recurring task, by the program itself. `job` is the job that was enqueued for it.
    pub fn task(action: &'static str, key: impl Into<String>, job: Option<JobId>) -> Self {
        Self { task: Some(key.into()), ..Self::jobs(action, Vec::from_iter(job), 1) }
    }

    /// The same by this user.
    #[must_use]
    pub fn by(mut self, actor: Option<String>) -> Self {
        self.actor = actor;
        self
    }

    /// What it was done to, as text: a queue, a recurring task, or the jobs with the first ten of their ids.
    pub fn object(&self) -> String {
        let ids: Vec<_> = self.jobs.iter().take(SHOWN).map(ToString::to_string).collect();
        let more = self.jobs.len().saturating_sub(SHOWN);
        let jobs = match self.jobs.len() {
            0 => "old jobs".to_owned(),
            1 => format!("the job {}", ids.join(", ")),
            count if more == 0 => format!("{count} jobs ({})", ids.join(", ")),
            count => format!("{count} jobs ({} and {more} more)", ids.join(", ")),
        };
        match (&self.queue, &self.task) {
            (Some(queue), _) => format!("the queue {queue}"),
            (None, Some(key)) if self.jobs.is_empty() => format!("the recurring task {key}"),
            (None, Some(key)) => format!("the recurring task {key}, as {jobs}"),
            (None, None) => jobs,
        }
    }
}

/// As the audit records of the dashboard: `ada requested retry of the job 01..: 1 changed`. One line: text is escaped.
impl fmt::Display for ManuallyChanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actor = self.actor.as_deref().unwrap_or("This program");
        let (actor, object) = (OneLine(actor), OneLine(self.object()));
        write!(f, "{actor} requested {} of {object}: {} changed", self.action, self.changed)
    }
}
