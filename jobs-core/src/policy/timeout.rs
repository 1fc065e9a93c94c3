//! How long an attempt may run: the time-out of a job, and the default for jobs that set none.

use std::time::Duration;

/// How long an attempt may run before it is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// For any time.
    Never,
    /// For this long.
    After(Duration),
}

impl Timeout {
    /// The default of workers for jobs that set none: an hour.
    ///
    /// A call that hangs must not keep a slot for ever. River's default is a minute, Oban's and Sidekiq's are none; an
    /// hour is longer than almost every job, and a lost slot is back on the same day. River takes a job for stuck after
    /// an hour too.
    pub const DEFAULT: Self = Self::After(Duration::from_secs(60 * 60));

    /// The time, if there is one.
    pub const fn limit(self) -> Option<Duration> {
        match self {
            Self::Never => None,
            Self::After(limit) => Some(limit),
        }
    }
}

impl From<Duration> for Timeout {
    fn from(limit: Duration) -> Self {
        Self::After(limit)
    }
}
