//! What attempts came to: how many, how many errors, how long they ran and waited.

use std::time::Duration;

use super::Histogram;

/// Figures of attempts that ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptFigures {
    /// How many attempts ended, in any way.
    pub attempts: u64,
    /// How many of them ended in an error, also if the job is tried again.
    pub errors: u64,
    /// How long they ran.
    pub run: Histogram,
    /// How long the job had been due when they began. Attempts whose wait is not known are missing.
    pub wait: Histogram,
}

impl AttemptFigures {
    /// Adds an attempt.
    pub fn add(&mut self, is_error: bool, run: Duration, wait: Option<Duration>) {
        self.attempts = self.attempts.saturating_add(1);
        self.errors = self.errors.saturating_add(u64::from(is_error));
        self.run.add(run);
        if let Some(wait) = wait {
            self.wait.add(wait);
        }
    }

    /// Adds all attempts of another.
    pub fn merge(&mut self, other: &Self) {
        self.attempts = self.attempts.saturating_add(other.attempts);
        self.errors = self.errors.saturating_add(other.errors);
        self.run.merge(&other.run);
        self.wait.merge(&other.wait);
    }
}
