//! What a store is asked for when it claims or dispatches jobs, and what it answers.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{ProcessId, QueueSelector};

/// A request for jobs: for which process, from which queues, and how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Claim {
    /// The process that will hold the jobs.
    pub process: ProcessId,
    /// The queues, in this order.
    pub queues: Vec<QueueSelector>,
    /// How many at most.
    pub limit: usize,
}

impl Claim {
    /// Up to `limit` jobs from these queues, in this order.
    pub const fn new(process: ProcessId, queues: Vec<QueueSelector>, limit: usize) -> Self {
        Self { process, queues, limit }
    }

    /// Up to `limit` jobs from all queues.
    pub fn all(process: ProcessId, limit: usize) -> Self {
        Self::new(process, vec![QueueSelector::All], limit)
    }
}

/// The result of a dispatch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dispatched {
    /// How many jobs became ready.
    pub ready: usize,
    /// How long until the next job is due by the store's clock; zero if one is due already, `None` if none is scheduled.
    pub next_in: Option<Duration>,
}

impl Dispatched {
    /// This many jobs became ready, and the next is due after this duration.
    pub const fn new(ready: usize, next_in: Option<Duration>) -> Self {
        Self { ready, next_in }
    }
}
