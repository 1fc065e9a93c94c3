//! The error of a drain that ended early.

use std::error::Error as StdError;
use std::fmt;

use jobs_core::ErrorRecord;
use jobs_core::failure::class_name;

use crate::kit::Seen;

/// Why not all jobs were performed. The other jobs still wait.
#[non_exhaustive]
pub enum DrainError {
    /// A job failed, and no rule took its error. It is kept as failed.
    Failed {
        /// The job, after its last attempt.
        job: Box<Seen>,
        /// Its error.
        error: Box<ErrorRecord>,
    },
    /// No job of this name is registered in the test.
    Unknown {
        /// The job. It still waits.
        job: Box<Seen>,
    },
    /// Each job enqueued another one: after this many, this is taken for a loop.
    Endless {
        /// How many were performed.
        performed: usize,
        /// The job that would have come next.
        next: Box<Seen>,
    },
}

impl DrainError {
    pub(crate) fn failed(job: Seen) -> Self {
        let error = job.record.errors.last().cloned().unwrap_or_default();
        Self::Failed { job: Box::new(job), error: Box::new(error) }
    }

    /// The job of this error.
    pub fn job(&self) -> &Seen {
        match self {
            Self::Failed { job, .. } | Self::Unknown { job } | Self::Endless { next: job, .. } => job,
        }
    }

    /// Whether a job failed with an `E`. Its causes are not compared.
    pub fn is<E>(&self) -> bool {
        matches!(self, Self::Failed { error, .. } if error.class == class_name::<E>())
    }
}

impl fmt::Display for DrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { job, error } => {
                let (name, queue, attempt) = (job.name(), job.queue(), job.record.attempts);
                write!(f, "`{name}` failed at attempt {attempt}: {}: {}", error.class, error.message)?;
                write!(f, "\n  on queue `{queue}`, with {}", job.shown)
            }
            Self::Unknown { job } => {
                let name = job.name();
                write!(f, "no job named `{name}` is registered in this test; add it to `.register(..)`\n  {job}")
            }
            Self::Endless { performed, next } => {
                write!(f, "{performed} jobs were performed and there is still one more: is it a loop? Next:\n  {next}")
            }
        }
    }
}

/// The same text, so that `unwrap()` shows it.
impl fmt::Debug for DrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for DrainError {}
