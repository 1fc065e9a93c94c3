//! The task of a child process.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Outcome, Step};

/// A step with its parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The tables in the database of a server, if they are those of Rails.
    #[serde(default)]
    pub tables: Option<RailsTables>,
}

/// The tables of a job system of Rails, on `PostgreSQL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RailsTables {
    /// Those of Solid Queue.
    SolidQueue,
    /// The table of Delayed Job.
    DelayedJob,
}

impl Task {
    /// The arguments that make a program do this task.
    ///
    /// # Errors
    /// The task cannot be written as JSON.
    pub fn arguments(&self) -> Outcome<[String; 2]> {
        Ok(["child".to_owned(), serde_json::to_string(self)?])
    }

    /// Parses the task from the arguments of the program, without the program's name.
    ///
    /// # Errors
    /// The arguments do not have the form of [`arguments`](Self::arguments).
    pub fn from_arguments(arguments: &[String]) -> Outcome<Self> {
        match arguments {
            [child, task] if child == "child" => Ok(serde_json::from_str(task)?),
            _ => Err("usage: child <task as JSON>; this program is started by the benchmark".into()),
        }
    }

    /// The same task with another step.
    #[must_use]
    pub fn with(&self, step: Step) -> Self {
        Self { step, ..self.clone() }
    }

    /// The file of the database, if the store is one.
    pub fn database(&self) -> PathBuf {
        Path::new(&self.place).join("jobs.db")
    }

    /// Whether the place is a server.
    pub fn is_on_a_server(&self) -> bool {
        self.place.starts_with("postgres://") || self.is_on_redis()
    }

    /// Whether the place is a Redis.
    pub fn is_on_redis(&self) -> bool {
        self.place.starts_with("redis://")
    }
}

#[cfg(test)]
mod tests {
    use super::Task;
    use crate::{Selectors, Step};

    #[test]
    fn a_task_survives_the_command_line() {
        let steps = [Step::Fill, Step::Weights { weights: [5, 3, 1], millis: 10 }];
        for step in steps.into_iter().chain([Step::DrainQueues { selectors: Selectors::Prefixes }]) {
            let task =
                Task { contestant: "x (y)".into(), step, place: "a b".into(), jobs: 3, backlog: 4, tables: None };
            assert_eq!(Task::from_arguments(&task.arguments().unwrap()).unwrap(), task);
        }
    }
}
