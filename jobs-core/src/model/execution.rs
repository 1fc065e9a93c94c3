//! A claimed run of a job.

use serde::de::DeserializeOwned;

use crate::failure::DeserializeError;
use crate::{ClaimToken, Decision, Error, JobId, Meta, Settlement, Timestamp};

/// A job that a process has claimed and may run once.
///
/// It cannot be cloned, and settling consumes it: whoever holds it is the only one who may decide.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub struct Execution {
    /// The right to settle it.
    pub token: ClaimToken,
    /// The name its definition is found by.
    pub name: String,
    /// The queue it was claimed from.
    pub queue: String,
    /// Its priority.
    pub priority: i32,
    /// The arguments as JSON text.
    pub arguments: String,
    /// The version of the arguments' form.
    pub version: u32,
    /// What travels with it; see [`Meta`].
    pub meta: Option<String>,
    /// Which attempt this is, from 1. Released runs are not counted, crashed ones are.
    pub attempt: u32,
    /// How many processes died under it.
    pub crashes: u32,
    /// When the store took the job.
    pub enqueued_at: Timestamp,
    /// When it was due, for a retry that of this attempt: what it waited since then is the queue's latency.
    pub due_at: Timestamp,
}

impl Execution {
    /// A first attempt with default queue and priority, for stores to fill in.
    pub fn new(token: ClaimToken, name: String, arguments: String) -> Self {
        Self {
            token,
            name,
            queue: crate::queue::DEFAULT_QUEUE.to_owned(),
            priority: 0,
            arguments,
            version: 1,
            meta: None,
            attempt: 1,
            crashes: 0,
            enqueued_at: Timestamp::default(),
            due_at: Timestamp::default(),
        }
    }

    /// A copy for reading while the original is performed. It must not be settled: see `Context::on_thread`.
    pub(crate) fn copy_for_reading(&self) -> Self {
        let Self { token, name, queue, arguments, meta, .. } = self;
        let (name, queue, arguments, meta) = (name.clone(), queue.clone(), arguments.clone(), meta.clone());
        Self { token: *token, name, queue, arguments, meta, ..*self }
    }

    /// The job's identity.
    pub const fn id(&self) -> JobId {
        self.token.job
    }

    /// The arguments as a `T`.
    ///
    /// # Errors
    /// The text is not a `T`; says which field.
    pub fn arguments<T: DeserializeOwned>(&self) -> Result<T, DeserializeError> {
        DeserializeError::read(&self.arguments)
    }

    /// What travels with the job.
    ///
    /// # Errors
    /// The stored text is not readable.
    pub fn meta(&self) -> Result<Meta, Error> {
        Meta::parse(self.meta.as_deref())
    }

    /// Ends this execution with what is to be written.
    pub fn settle(self, decision: Decision) -> Settlement {
        Settlement { token: self.token, decision }
    }
}
