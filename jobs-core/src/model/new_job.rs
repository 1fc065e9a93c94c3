//! A job that is handed to a store, and the store's answer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::debug::debug_without_arguments;
use crate::{Error, JobId, OneLine, Signature, Timestamp, UniqueKey, check_queue_name};

/// When a job may run first. Exhaustive: a store that ignored a variant would run jobs at the wrong time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// Immediately.
    #[default]
    Now,
    /// This long after the store receives it, by the store's clock.
    In(Duration),
    /// Not before this point, by the store's clock. A past point means immediately.
    At(Timestamp),
}

impl Due {
    /// The point at which a job is due that a store receives at `now`.
    pub fn at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Now => now,
            Self::In(wait) => now + wait,
            Self::At(point) => point,
        }
    }
}

/// When a job expires that has not begun by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expires {
    /// This long after it was first due.
    In(Duration),
    /// At this point in time.
    At(Timestamp),
}

impl Expires {
    /// The point in time for a job that is due at `due`.
    pub fn at(self, due: Timestamp) -> Timestamp {
        match self {
            Self::In(time) => due + time,
            Self::At(point) => point,
        }
    }
}

/// A job as it is handed to [`Store::enqueue`](crate::Store::enqueue). `Debug` leaves out what may be secret.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewJob {
    /// Its identity, chosen by the caller.
    pub id: JobId,
    /// The name of its definition.
    pub name: String,
    /// The queue, checked and with its prefix.
    pub queue: String,
    /// Higher numbers run first; 0 is the default.
    pub priority: i32,
    /// When it may run first.
    pub due: Due,
    /// The arguments as JSON text. Stores do not interpret them.
    pub arguments: String,
    /// The version of the arguments.
    pub version: u32,
    /// The job's metadata as JSON text; see [`Meta`](crate::Meta). Stores do not interpret it.
    pub meta: Option<String>,
    /// What makes it the same as others, if it is unique.
    pub unique_key: Option<UniqueKey>,
    /// For concurrency limits: stored and displayed, not yet used.
    pub concurrency_key: Option<String>,
    /// For batches: stored and displayed, not yet used.
    pub batch_id: Option<String>,
    /// If it has not begun by then, it is discarded instead.
    pub expires_at: Option<Timestamp>,
    /// How its arguments become a list, for stores that keep lists. A job that is read back has none.
    #[serde(skip)]
    pub signature: Option<Signature>,
    /// The first key in its arguments that begins with `_aj_` and was not written by a type of Ruby. Stores that Ruby shares
    /// refuse the job; the others store it. A job that is read back has none.
    #[serde(skip)]
    pub reserved_key: Option<String>,
}

debug_without_arguments!(
    NewJob: id, name, queue, priority, due, version, unique_key, concurrency_key, batch_id, expires_at
);

impl NewJob {
    /// A job of this name with these arguments (JSON text): default queue, priority 0, due now, version 1.
    pub fn new(id: JobId, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            queue: crate::queue::DEFAULT_QUEUE.to_owned(),
            priority: 0,
            due: Due::Now,
            arguments: arguments.into(),
            version: 1,
            meta: None,
            unique_key: None,
            concurrency_key: None,
            batch_id: None,
            expires_at: None,
            signature: None,
            reserved_key: None,
        }
    }

    /// Checks what a store refuses in every job: every [`Store::enqueue`](crate::Store::enqueue) calls it before it stores
    /// any job of a batch.
    ///
    /// # Errors
    /// The queue has no [valid name](crate::check_queue_name), or the job has no name. The error
    /// [is invalid](Error::is_invalid) and names the job.
    pub fn check(&self) -> Result<(), Error> {
        let refused = |why: &str| {
            Error::invalid(format!("the job `{}` ({}) cannot be stored: {why}", OneLine(&self.name), self.id))
        };
        check_queue_name(&self.queue).map_err(|error| refused(&error.to_string()))?;
        if self.name.is_empty() { Err(refused("its name is empty")) } else { Ok(()) }
    }

    /// Checks that the job is not unique, for a store that has no unique keys; `store` is for the message, as `the store on
    /// Sidekiq's Redis`.
    ///
    /// # Errors
    /// It is unique. The error [is unsupported](Error::is_unsupported), names the job and says what to do.
    pub fn check_not_unique(&self, store: &str) -> Result<(), Error> {
        if self.unique_key.is_none() {
            return Ok(());
        }
        Err(Error::unsupported(format!(
            "the job `{}` ({}) is unique, and {store} cannot keep jobs unique: remove `unique` from the job, or keep it in \
             another store",
            self.name, self.id
        )))
    }
}

/// The store's answer for one job. Exhaustive: a caller has to react to each answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It is stored under this id.
    New(JobId),
    /// A job with the same unique key exists already; nothing was stored.
    Duplicate {
        /// The existing job.
        of: JobId,
    },
    /// A callback halted the enqueue; nothing was stored.
    Halted,
}

impl Enqueued {
    /// The id of the job that is stored: the new one, or the one it duplicates. `None` if it was halted.
    pub const fn id(&self) -> Option<JobId> {
        match self {
            Self::New(id) | Self::Duplicate { of: id } => Some(*id),
            Self::Halted => None,
        }
    }
}
