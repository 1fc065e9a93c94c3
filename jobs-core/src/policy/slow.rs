//! When a job that still runs is reported as slow: beyond a limit, beyond its usual time by far, or near its time-out.

use std::time::Duration;

/// Why a running job is reported as slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SlowReason {
    /// It runs for longer than the limit of the runtime, `slow_after`.
    Limit {
        /// The limit.
        limit: Duration,
    },
    /// It runs for longer by far than the jobs of its name did recently in this process.
    Unusual {
        /// The longest of the recent attempts.
        longest: Duration,
    },
    /// Most of its time-out is over. It will be stopped then.
    TimeoutNear {
        /// The time-out.
        timeout: Duration,
    },
}

/// How many attempts of a job name are remembered.
pub const RECENT_ATTEMPTS: usize = 32;
/// An attempt is not unusual before this many of its name have ended.
pub const LEAST_ATTEMPTS: usize = 10;
/// An attempt is unusual if it takes this many times as long as the longest of the recent ones.
const UNUSUAL_FACTOR: u32 = 10;
/// No attempt is unusual before it has run for this long: a minute.
const LEAST_UNUSUAL: Duration = Duration::from_secs(60);
/// The time-out of a job is announced when this much of it is over, in percent.
const TIMEOUT_NOTICE_PERCENT: u32 = 80;

/// The durations of the recent attempts of one job name, in a fixed space.
#[derive(Clone, Debug)]
pub struct RecentDurations {
    durations: [Duration; RECENT_ATTEMPTS],
    /// How many attempts were recorded in all.
    recorded: usize,
}

impl Default for RecentDurations {
    fn default() -> Self {
        Self { durations: [Duration::ZERO; RECENT_ATTEMPTS], recorded: 0 }
    }
}

impl RecentDurations {
    /// Adds the duration of an attempt that ended, in place of the oldest one.
    pub fn record(&mut self, duration: Duration) {
        if let Some(slot) = self.durations.get_mut(self.recorded % RECENT_ATTEMPTS) {
            *slot = duration;
        }
        self.recorded = self.recorded.wrapping_add(1);
    }

    /// The longest of the recent attempts; `None` if there are too few to judge by.
    pub fn longest(&self) -> Option<Duration> {
        (self.recorded >= LEAST_ATTEMPTS).then(|| self.durations.iter().copied().max()).flatten()
    }
}

/// When an attempt is reported as slow, decided before it starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlowRule {
    first: Option<(Duration, SlowReason)>,
    timeout: Option<Duration>,
}

impl SlowRule {
    /// The rule for an attempt with this time-out. `slow_after` is the limit of the runtime, if it has one; otherwise
    /// the recent attempts decide.
    pub fn new(slow_after: Option<Duration>, recent: Option<Duration>, timeout: Option<Duration>) -> Self {
        let unusual = |longest: Duration| {
            (longest.saturating_mul(UNUSUAL_FACTOR).max(LEAST_UNUSUAL), SlowReason::Unusual { longest })
        };
        let first = slow_after.map(|limit| (limit, SlowReason::Limit { limit })).or_else(|| recent.map(unusual));
        Self { first, timeout }
    }

    /// The first report after the attempt has run for `elapsed`, and when it is made, counted from the start.
    ///
    /// A slow attempt is reported at its limit, at twice its limit, at four times, and so on; and once when its time-out
    /// is near.
    pub fn next_report(&self, elapsed: Duration) -> Option<(Duration, SlowReason)> {
        let slow = self.first.and_then(|(first, reason)| Some((next_doubled(first, elapsed)?, reason)));
        let near = self.timeout.map(|timeout| (notice_of(timeout), SlowReason::TimeoutNear { timeout }));
        let near = near.filter(|(at, _)| *at > elapsed);
        let before_the_end = |(at, _): &(Duration, SlowReason)| self.timeout.is_none_or(|timeout| *at < timeout);
        [near, slow].into_iter().flatten().filter(before_the_end).min_by_key(|(at, _)| *at)
    }
}

/// The least of `first`, twice `first`, four times `first` .. that is greater than `elapsed`.
fn next_doubled(first: Duration, elapsed: Duration) -> Option<Duration> {
    let mut at = first.max(Duration::from_millis(1));
    while at <= elapsed {
        at = at.checked_mul(2)?;
    }
    Some(at)
}

fn notice_of(timeout: Duration) -> Duration {
    timeout / 100 * TIMEOUT_NOTICE_PERCENT
}
