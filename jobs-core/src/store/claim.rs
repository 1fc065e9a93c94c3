//! What a store is asked for when it claims or dispatches jobs, and what it answers.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::RefusedJob;
use crate::{ProcessId, QueueSelector};

/// A request for jobs: for which process, from which queues, and how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Claim {
    /// The process that will hold the jobs.
    pub process: ProcessId,
    /// The queues, in this order. A queue that several selectors select belongs to the first of them alone.
    pub queues: Vec<QueueClaim>,
    /// How many at most, from all queues together.
    pub limit: usize,
    /// The names of the jobs that the process can perform, if it says so. A store whose queues other programs share gives
    /// no other jobs, if it can choose; the others leave it out of account.
    #[serde(skip)]
    pub names: Option<Arc<[String]>>,
}

/// Queues of a claim, and how many jobs may be taken from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QueueClaim {
    /// Which queues.
    pub selector: QueueSelector,
    /// How many jobs at most, from all queues of this selector together. 0 takes none of them, and no later selector takes
    /// them either.
    pub limit: usize,
}

impl QueueClaim {
    /// Up to `limit` jobs from the queues of this selector.
    pub const fn new(selector: QueueSelector, limit: usize) -> Self {
        Self { selector, limit }
    }
}

impl Claim {
    /// Up to `limit` jobs from these queues, in this order, however many from each.
    pub fn new(process: ProcessId, queues: Vec<QueueSelector>, limit: usize) -> Self {
        Self::limited(process, queues.into_iter().map(|selector| QueueClaim::new(selector, limit)).collect(), limit)
    }

    /// Up to `limit` jobs from these queues, in this order, and no more of each selector than its own limit.
    pub const fn limited(process: ProcessId, queues: Vec<QueueClaim>, limit: usize) -> Self {
        Self { process, queues, limit, names: None }
    }

    /// With the names of the jobs that the process can perform.
    pub fn with_names(mut self, names: Arc<[String]>) -> Self {
        self.names = Some(names);
        self
    }

    /// Up to `limit` jobs from all queues.
    pub fn all(process: ProcessId, limit: usize) -> Self {
        Self::new(process, vec![QueueSelector::All], limit)
    }
}

/// The result of a dispatch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dispatched {
    /// How many jobs became ready.
    pub ready: usize,
    /// How long until the next job is due by the store's clock; zero if one is due already, `None` if none is scheduled.
    pub next_in: Option<Duration>,
    /// The jobs that are due and that the database refused to change.
    pub refused: Vec<RefusedJob>,
}

impl Dispatched {
    /// This many jobs became ready, and the next is due after this duration.
    pub const fn new(ready: usize, next_in: Option<Duration>) -> Self {
        Self { ready, next_in, refused: Vec::new() }
    }
}
