//! A claimed run of a job, as a store gives it to a worker.

use serde::de::DeserializeOwned;

use crate::failure::DeserializeError;
use crate::model::debug::debug_without_arguments;
use crate::{ClaimToken, Decision, Error, JobId, Meta, ProcessId, Settlement, Timestamp};

/// A job that a process has claimed and may run once.
///
/// It cannot be cloned, and settling consumes it: only the code that holds it may decide how the run ends.
/// `Debug` leaves out what may be secret.
#[derive(PartialEq)]
#[non_exhaustive]
pub struct Execution {
    /// The right to settle it.
    pub token: ClaimToken,
    /// The name of its definition.
    pub name: String,
    /// The queue it was claimed from.
    pub queue: String,
    /// Its priority.
    pub priority: i32,
    /// The arguments as JSON text.
    pub arguments: String,
    /// The version of the arguments.
    pub version: u32,
    /// Its metadata; see [`Meta`].
    pub meta: Option<String>,
    /// Which attempt this is, from 1. Released runs do not count, crashed ones do.
    pub attempt: u32,
    /// How many processes died while they ran it.
    pub crashes: u32,
    /// When the store received the job.
    pub enqueued_at: Timestamp,
    /// When this attempt was due. The time from then to the claim is the queue's latency.
    pub due_at: Timestamp,
    /// If it has not begun by then, it is discarded instead.
    pub expires_at: Option<Timestamp>,
    /// Whether a store gave it out. A job that is performed without a store has no claim that could be settled.
    is_claimed: bool,
}

debug_without_arguments!(
    Execution: token, name, queue, priority, version, attempt, crashes, enqueued_at, due_at, is_claimed
);

impl Execution {
    /// A first attempt with default queue and priority; stores set the other fields.
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
            expires_at: None,
            is_claimed: true,
        }
    }

    /// A job that is performed where it was created, as by `perform_now`: no store has it, so it cannot be settled.
    pub fn unclaimed(id: JobId, name: String, arguments: String) -> Self {
        let token = ClaimToken::new(id, ProcessId::new(0), 0);
        Self { is_claimed: false, ..Self::new(token, name, arguments) }
    }

    /// Whether a store gave it out.
    pub const fn is_claimed(&self) -> bool {
        self.is_claimed
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
    /// The text is not a `T`; the error names the field.
    pub fn arguments<T: DeserializeOwned>(&self) -> Result<T, DeserializeError> {
        DeserializeError::read(&self.arguments)
    }

    /// The metadata of the job.
    ///
    /// # Errors
    /// The stored text cannot be read.
    pub fn meta(&self) -> Result<Meta, Error> {
        Meta::parse(self.meta.as_deref())
    }

    /// Ends this execution with the decision to write.
    pub fn settle(self, decision: Decision) -> Settlement {
        Settlement::new(self.token, decision)
    }
}
