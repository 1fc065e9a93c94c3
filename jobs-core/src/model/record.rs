//! Jobs and queues as stores report them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::debug::debug_without_arguments;
use crate::{AttemptLog, Counts, ErrorRecord, JobId, ProcessId, State, Timestamp};

/// A job as it is stored. In JSON it has its fields under their names, and times in microseconds since 1970.
/// `Debug` leaves out what may be secret.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JobRecord {
    /// Its identity.
    pub id: JobId,
    /// The name of its definition.
    pub name: String,
    /// Its queue.
    pub queue: String,
    /// Its priority.
    pub priority: i32,
    /// Its state.
    pub state: State,
    /// The arguments as JSON text.
    pub arguments: String,
    /// The version of the arguments.
    pub version: u32,
    /// Its metadata as JSON text.
    pub meta: Option<String>,
    /// How many attempts were started and count.
    pub attempts: u32,
    /// How many processes died while they ran it.
    pub crashes: u32,
    /// When the store received it.
    pub enqueued_at: Timestamp,
    /// When it may run first, or could have.
    pub due_at: Timestamp,
    /// The process that holds it, while it is claimed.
    pub claimed_by: Option<ProcessId>,
    /// When that process claimed it; of a finished job, when it was claimed last, which lists may leave out. `None` if the store does
    /// not say.
    #[serde(default)]
    pub claimed_at: Option<Timestamp>,
    /// When it was finished or discarded.
    pub done_at: Option<Timestamp>,
    /// The errors of its attempts, in order: of many the first and the last, see [`error_limits`](crate::error_limits).
    pub errors: Vec<ErrorRecord>,
    /// What the attempt logged that finished the job, if the program chose to keep that and the store keeps it. Lists do not have
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Box<AttemptLog>>,
    /// The process that finished the job, if its log is kept. Lists do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_by: Option<ProcessId>,
    /// Its [`UniqueKey`](crate::UniqueKey) as text, whether it holds it or not.
    pub unique_key: Option<String>,
    /// See [`NewJob::concurrency_key`](crate::NewJob::concurrency_key).
    pub concurrency_key: Option<String>,
    /// See [`NewJob::batch_id`](crate::NewJob::batch_id).
    pub batch_id: Option<String>,
    /// See [`NewJob::expires_at`](crate::NewJob::expires_at).
    pub expires_at: Option<Timestamp>,
}

debug_without_arguments!(
    JobRecord: id, name, queue, priority, state, version, attempts, crashes, enqueued_at, due_at, claimed_by, claimed_at,
    done_at, errors, log, finished_by, unique_key, concurrency_key, batch_id, expires_at
);

impl JobRecord {
    /// A ready job with default values; stores set the other fields.
    pub fn new(id: JobId, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            queue: crate::queue::DEFAULT_QUEUE.to_owned(),
            priority: 0,
            state: State::Ready,
            arguments: arguments.into(),
            version: 1,
            meta: None,
            attempts: 0,
            crashes: 0,
            enqueued_at: Timestamp::default(),
            due_at: Timestamp::default(),
            claimed_by: None,
            claimed_at: None,
            done_at: None,
            errors: Vec::new(),
            log: None,
            finished_by: None,
            unique_key: None,
            concurrency_key: None,
            batch_id: None,
            expires_at: None,
        }
    }
}

/// The current figures of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueueRecord {
    /// Its name.
    pub name: String,
    /// How many jobs are ready in it.
    pub ready: u64,
    /// How long the job that has been ready longest has waited since it was due.
    pub latency: Duration,
    /// Whether it is paused.
    pub paused: bool,
    /// How many of its jobs there are in each state but [finished](State::Finished) and [discarded](State::Discarded),
    /// which are 0 here; [`ready`](Self::ready) is among them. `None` if the store cannot count them quickly.
    pub counts: Option<Counts>,
}

impl QueueRecord {
    /// A queue of this name with this many ready jobs and this latency, whose other jobs are not counted.
    pub const fn new(name: String, ready: u64, latency: Duration, paused: bool) -> Self {
        Self { name, ready, latency, paused, counts: None }
    }
}
