//! What is written when an execution ends. This crate decides it, stores apply it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{AttemptLog, ClaimToken, ProcessId, Timestamp};

/// The end of one execution: its claim token, and what to write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settlement {
    /// The right to settle.
    pub token: ClaimToken,
    /// What to write.
    pub decision: Decision,
    /// What the attempt logged, if the program collects it. A store that [keeps](crate::AttemptLogs) logs writes it with the
    /// [error](Self::error_log) of the attempt, or with the job that it [finishes](Self::finish_log); of other decisions it
    /// leaves the log out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Box<AttemptLog>>,
}

impl Settlement {
    /// Writes this decision if the token holds.
    pub const fn new(token: ClaimToken, decision: Decision) -> Self {
        Self { token, decision, log: None }
    }

    /// With what the attempt logged.
    pub fn with_log(self, log: Option<AttemptLog>) -> Self {
        Self { log: log.map(Box::new), ..self }
    }

    /// The log that is kept with the error of the decision: it becomes the [log of that error](ErrorRecord::log).
    pub fn error_log(&self) -> Option<&AttemptLog> {
        self.log.as_deref().filter(|_| self.decision.error().is_some())
    }

    /// The log that is kept with the finished job: it becomes the [log of the job](crate::JobRecord::log).
    pub fn finish_log(&self) -> Option<&AttemptLog> {
        self.log.as_deref().filter(|_| matches!(self.decision, Decision::Finish { keep: true }))
    }
}

impl Decision {
    /// The error with which the attempt ended, if it did.
    pub const fn error(&self) -> Option<&ErrorRecord> {
        match self {
            Self::Retry { error, .. } | Self::Fail { error, .. } => Some(error),
            Self::Discard { error } => error.as_ref(),
            Self::Finish { .. } | Self::Continue { .. } | Self::Release => None,
        }
    }
}

/// What happens to a claimed job. Each is a move of [`lifecycle`](crate::lifecycle).
///
/// A store that does not know a decision returns an error. It never ignores one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Decision {
    /// To `Finished`. Without `keep` the store deletes the job.
    Finish {
        /// Whether the finished job stays visible until it is pruned.
        keep: bool,
    },
    /// To `Scheduled`, due `wait` from now by the store's clock.
    Retry {
        /// How long to wait.
        wait: Duration,
        /// Another queue for the following attempts.
        queue: Option<String>,
        /// Another priority for the following attempts.
        priority: Option<i32>,
        /// Replaces the job's `meta`: its counters changed.
        meta: Option<String>,
        /// Why the attempt ended; appended to the job's errors.
        error: ErrorRecord,
    },
    /// To `Scheduled` without an error and without counting the attempt.
    Continue {
        /// How long to wait.
        wait: Duration,
        /// Replaces the job's `meta`.
        meta: Option<String>,
    },
    /// To `Failed`, kept until a person retries or discards it.
    Fail {
        /// Replaces the job's `meta`: its counters changed.
        meta: Option<String>,
        /// Why; appended to the job's errors.
        error: ErrorRecord,
    },
    /// To `Discarded`, kept as a finished job is.
    Discard {
        /// Why, if an error was the cause; appended to the job's errors.
        error: Option<ErrorRecord>,
    },
    /// Back to `Ready` at its old position. The attempt is not counted.
    Release,
}

/// Whether a settlement was written. Exhaustive: a process has to react to each answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Settled {
    /// The token held; the decision is written.
    Applied,
    /// The token no longer held, so nothing was changed: the job was recovered, or settled before.
    Stale,
}

/// The error of an attempt, as it is stored and displayed. Stores cut texts that are too long: [`ErrorRecord::bounded`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorRecord {
    /// The type of the error, as `shop::PaymentError`.
    pub class: String,
    /// Its message.
    pub message: String,
    /// The messages of its causes, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
    /// Which attempt ended with it, from 1.
    pub attempt: u32,
    /// How long the attempt ran, in milliseconds.
    #[serde(default)]
    pub duration_ms: u64,
    /// When it ended, by the clock of the process that ran it.
    #[serde(default)]
    pub at: Timestamp,
    /// Which process ran it; `None` without a worker, as with `perform_now`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<ProcessId>,
    /// What the attempt logged, if the program collected it and the store keeps it. Lists do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Box<AttemptLog>>,
    /// Whether it is the error of [`Decision::unless_committed`]. Only the process that made it needs to know, so it is
    /// not stored.
    #[serde(skip)]
    pub(crate) is_not_committed: bool,
}

impl ErrorRecord {
    /// A record of a class and a message; attempt 0 means "not in an attempt".
    pub fn new(class: impl Into<String>, message: impl Into<String>) -> Self {
        Self { class: class.into(), message: message.into(), ..Self::default() }
    }

    /// The same for an attempt that this process ran.
    pub fn by(self, process: Option<ProcessId>) -> Self {
        Self { process, ..self }
    }
}

/// The class of the error of an attempt whose process died, and of the error of a poisonous job.
pub const POISON_CLASS: &str = "jobs::ProcessDied";

/// The record of an attempt whose process died, for a job that is not poisonous yet.
pub fn crash_record(attempt: u32, at: Timestamp) -> ErrorRecord {
    let message = "the process that ran this attempt sent no more heartbeats and is considered dead; the job was released, to run again";
    ErrorRecord { attempt, at, ..ErrorRecord::new(POISON_CLASS, message) }
}

/// The record of a poisonous job: `crashes` processes died while they ran it.
pub fn poison_record(crashes: u32, attempt: u32, at: Timestamp) -> ErrorRecord {
    let message = format!(
        "{crashes} processes died while they ran this job; it is kept as failed. \
         Look for an abort, a stack overflow or the system's out-of-memory killer, then retry it manually"
    );
    ErrorRecord { attempt, at, ..ErrorRecord::new(POISON_CLASS, message) }
}

/// The class of the error of a job that cannot be read.
pub const CORRUPT_CLASS: &str = "jobs::Corrupt";

/// The record of a stored job that cannot be read: `why` says what of it. The store keeps it as failed.
pub fn corrupt_record(why: &str, at: Timestamp) -> ErrorRecord {
    let message = format!(
        "the stored job cannot be read and is kept as failed: {why}. Repair its row and retry it manually, or discard it"
    );
    ErrorRecord { at, ..ErrorRecord::new(CORRUPT_CLASS, message) }
}

/// The record of an attempt whose process died, the `crashes`-th of the job, and whether the job is poisonous now: it
/// [is](crate::is_poisonous) after `limit` deaths.
pub fn death_record(
    crashes: u32,
    limit: u32,
    attempt: u32,
    process: Option<ProcessId>,
    at: Timestamp,
) -> (ErrorRecord, bool) {
    let poisonous = crate::is_poisonous(crashes, limit);
    let record = if poisonous { poison_record(crashes, attempt, at) } else { crash_record(attempt, at) };
    (record.by(process), poisonous)
}
