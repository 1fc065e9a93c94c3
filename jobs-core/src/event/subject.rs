//! What an event is about: one job, or the jobs of a bulk.

use std::collections::BTreeMap;

use crate::{JobId, Timestamp};

/// The job an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobRef {
    /// Its identity.
    pub id: JobId,
    /// Its name.
    pub name: String,
    /// Its queue.
    pub queue: String,
    /// Its priority.
    pub priority: i32,
    /// Which attempt, from 1; 0 before the first.
    pub attempt: u32,
    /// Its arguments as they may be shown: see [`Settings::shown_arguments`](crate::Settings::shown_arguments).
    pub arguments: String,
    /// When it may run, if not at once: of a job on its way into the store.
    pub at: Option<Timestamp>,
    /// When the store took it: of a job that came from one.
    pub enqueued_at: Option<Timestamp>,
    /// When it was due, for a retry that of this attempt: of a job that came from a store.
    pub due_at: Option<Timestamp>,
}

impl JobRef {
    /// A job of this name on its way to this queue, at once, with priority 0 and without arguments.
    pub fn new(id: JobId, name: impl Into<String>, queue: impl Into<String>) -> Self {
        let (name, queue, arguments) = (name.into(), queue.into(), "{}".to_owned());
        Self { id, name, queue, priority: 0, attempt: 0, arguments, at: None, enqueued_at: None, due_at: None }
    }
}

/// Jobs that were handed to the store together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bulk {
    /// How many are stored.
    pub stored: usize,
    /// How many the store did not take, at the end of the bulk.
    pub failed: usize,
    /// Whether those that the store did not take may be stored all the same, because its answer was lost.
    pub may_be_stored: bool,
    /// How many are stored of each name.
    pub names: BTreeMap<String, usize>,
}

impl Bulk {
    /// Counts jobs that were stored.
    pub fn add<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            self.stored += 1;
            match self.names.get_mut(name) {
                Some(count) => *count += 1,
                None => drop(self.names.insert(name.to_owned(), 1)),
            }
        }
    }
}
