//! A recurring task as a program declares it.

use std::time::Duration;

use jobs_syntax::spelling::shortened;
use serde::{Deserialize, Serialize};

use super::job_schedule::When;
use super::{JobSchedule, MissedTicks, Schedule};
use crate::model::debug::debug_without_arguments;
use crate::{Error, JobId, Timestamp, check_queue_name};

/// A job that recurs, as a program declares it. `Debug` leaves out the arguments, which may be secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecurringTask {
    /// Its name among the tasks of a store.
    pub key: String,
    /// The name of the job.
    pub job: String,
    /// The arguments of each job as JSON text.
    pub arguments: String,
    /// The version of the arguments.
    pub version: u32,
    /// The queue, without prefix, instead of the job's own.
    pub queue: Option<String>,
    /// The priority instead of the job's own.
    pub priority: Option<i32>,
    /// When: a text that [`Schedule::parse`] reads.
    pub schedule: String,
    /// The time zone, if it is not part of the schedule.
    pub zone: Option<String>,
    /// What happens to missed ticks.
    pub missed: MissedTicks,
    /// What it is for, as the program describes it.
    pub description: Option<String>,
    /// How long each of its jobs is worth running after it was due; then it is discarded instead of being begun. `None` for
    /// what the job itself says.
    pub expires_in: Option<Duration>,
}

debug_without_arguments!(
    RecurringTask: key,
    job,
    version,
    queue,
    priority,
    schedule,
    zone,
    missed,
    description,
    expires_in
);

/// The longest key in bytes.
const KEY_MAX: usize = 255;

impl RecurringTask {
    /// A task that enqueues the job of this name at these times, without arguments.
    pub fn new(key: impl Into<String>, job: impl Into<String>, schedule: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            job: job.into(),
            arguments: "{}".to_owned(),
            version: 1,
            queue: None,
            priority: None,
            schedule: schedule.into(),
            zone: None,
            missed: MissedTicks::Skip,
            description: None,
            expires_in: None,
        }
    }

    /// With these arguments: JSON text of the current version.
    pub fn arguments(mut self, json: impl Into<String>) -> Self {
        self.arguments = json.into();
        self
    }

    /// The version of the arguments.
    pub fn version(mut self, version: u32) -> Self {
        self.version = version;
        self
    }

    /// Into this queue, without prefix, instead of the job's own.
    pub fn queue(mut self, queue: impl Into<String>) -> Self {
        self.queue = Some(queue.into());
        self
    }

    /// With this priority instead of the job's own.
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = Some(priority);
        self
    }

    /// In this zone instead of UTC.
    pub fn zone(mut self, name: impl Into<String>) -> Self {
        self.zone = Some(name.into());
        self
    }

    /// What happens to missed ticks, instead of leaving them out.
    pub fn missed(mut self, missed: MissedTicks) -> Self {
        self.missed = missed;
        self
    }

    /// What it is for.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Each of its jobs is discarded if it has not begun this long after it was due, instead of what the job itself says.
    pub fn expires_in(mut self, time: Duration) -> Self {
        self.expires_in = Some(time);
        self
    }

    /// The id of the job of one of its ticks: every scheduler computes the same.
    pub fn job_id(&self, at: Timestamp) -> JobId {
        JobId::of_tick(&self.key, at)
    }

    /// Its schedule.
    ///
    /// # Errors
    /// The schedule or the zone cannot be read; the error [is invalid](Error::is_invalid) and names the task.
    pub fn when(&self) -> Result<Schedule, Error> {
        Schedule::parse(&self.schedule, self.zone.as_deref()).map_err(|error| {
            let message = format!("the recurring task `{}`: {error}", self.key);
            Error::invalid(message).with_source(error)
        })
    }

    /// Checks its key, its schedule, its queue and when its jobs expire.
    ///
    /// # Errors
    /// Says which of them is not valid; the error [is invalid](Error::is_invalid).
    pub fn check(&self) -> Result<(), Error> {
        let key = self.key.escape_debug();
        if self.key.is_empty() || self.key.len() > KEY_MAX || self.key.contains(char::is_control) {
            let shown = shortened(&self.key).escape_debug().to_string();
            let rule = format!("1 to {KEY_MAX} bytes without control characters");
            return Err(Error::invalid(format!("`{shown}` cannot be the key of a recurring task: {rule}")));
        }
        if let Some(queue) = &self.queue {
            check_queue_name(queue).map_err(|error| Error::invalid(format!("the recurring task `{key}`: {error}")))?;
        }
        if self.expires_in.is_some_and(|time| time.is_zero()) {
            let advice = "a job that expires when it is due never runs; give a longer `expires_in`";
            return Err(Error::invalid(format!("the recurring task `{key}`: {advice}")));
        }
        self.when().map(drop)
    }
}

impl JobSchedule {
    /// The task of the jobs of this name, under that name.
    ///
    /// # Errors
    /// The interval is not a number of whole seconds; the error [is invalid](Error::is_invalid).
    pub fn task(&self, job: &str) -> Result<RecurringTask, Error> {
        let schedule = match self.when {
            When::Words(words) => words.to_owned(),
            When::Every(interval) => Schedule::every(interval)?.describe(),
        };
        let task = RecurringTask::new(job, job, schedule).missed(self.missed);
        Ok(self.zone.into_iter().fold(task, RecurringTask::zone))
    }
}
