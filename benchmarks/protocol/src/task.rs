//! The task of a child process.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::Outcome;

/// One step; each step runs in its own process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Put `backlog` jobs into a fresh store, with the fastest call.
    Fill,
    /// Perform `jobs` of the `backlog` waiting jobs.
    Drain,
    /// Eight callers enqueue `jobs` in all, one at a time.
    EnqueueOne,
    /// Enqueue `jobs` with the bulk call.
    EnqueueBulk,
    /// Enqueue `jobs` for an idle worker of this process, with pauses.
    Pickup,
    /// Perform `jobs` that another process enqueues; print a line when the worker is ready.
    PickupWorker,
    /// Enqueue `jobs` for the worker of another process, with pauses.
    PickupSender,
    /// Start a worker and do nothing for two seconds.
    Idle,
    /// Enqueue and perform `jobs` at the same time, with at most `backlog` of them waiting.
    Day,
}

/// All steps with their names on the command line.
const STEPS: [(&str, Step); 9] = [
    ("fill", Step::Fill),
    ("drain", Step::Drain),
    ("enqueue-one", Step::EnqueueOne),
    ("enqueue-bulk", Step::EnqueueBulk),
    ("pickup", Step::Pickup),
    ("pickup-worker", Step::PickupWorker),
    ("pickup-sender", Step::PickupSender),
    ("idle", Step::Idle),
    ("day", Step::Day),
];

impl Step {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        STEPS.iter().find(|(_, step)| *step == self).map_or("?", |(name, _)| name)
    }
}

impl FromStr for Step {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = STEPS.iter().find(|(name, _)| *name == text);
        found.map(|(_, step)| *step).ok_or_else(|| format!("there is no step `{text}`"))
    }
}

/// A step with its parameters.
#[derive(Clone, Debug)]
pub struct Task {
    /// The contestant, for programs with several contestants or settings.
    pub contestant: String,
    /// The step.
    pub step: Step,
    /// The folder of the store's files, or the URL of its database.
    pub place: String,
    /// The number of jobs.
    pub jobs: u64,
    /// The number of jobs that wait in the store at first.
    pub backlog: u64,
}

impl Task {
    /// The arguments that make a program do this task.
    pub fn arguments(&self) -> Vec<String> {
        let place = self.place.clone();
        let (jobs, backlog) = (self.jobs.to_string(), self.backlog.to_string());
        vec!["child".to_owned(), self.contestant.clone(), self.step.name().to_owned(), place, jobs, backlog]
    }

    /// Parses the task from the arguments of the program, without the program's name.
    ///
    /// # Errors
    /// The arguments do not have the form of [`arguments`](Self::arguments).
    pub fn from_arguments(arguments: &[String]) -> Outcome<Self> {
        let [child, contestant, step, place, jobs, backlog] = arguments else {
            return Err("usage: child <contestant> <step> <place> <jobs> <backlog>".into());
        };
        if child != "child" {
            return Err(format!("`{child}` is not `child`; this program is started by the benchmark").into());
        }
        let (step, place) = (step.parse()?, place.clone());
        Ok(Self { contestant: contestant.clone(), step, place, jobs: jobs.parse()?, backlog: backlog.parse()? })
    }

    /// The file of the database, if the store is one.
    pub fn database(&self) -> PathBuf {
        Path::new(&self.place).join("jobs.db")
    }
}

#[cfg(test)]
mod tests {
    use super::{STEPS, Task};

    #[test]
    fn a_task_survives_the_command_line() {
        for (name, step) in STEPS {
            let task = Task { contestant: "x (y)".into(), step, place: "a b".into(), jobs: 3, backlog: 4 };
            let back = Task::from_arguments(&task.arguments()).unwrap();
            assert_eq!((back.step, back.step.name()), (step, name));
            assert_eq!((back.contestant.as_str(), back.jobs, back.backlog), ("x (y)", 3, 4));
        }
    }
}
