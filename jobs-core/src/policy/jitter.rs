//! How waits before retries differ at random, so that jobs that failed together do not come back together.

use std::time::Duration;

use super::LONGEST_WAIT;
use crate::entropy::fraction;

/// How the wait before a retry differs at random.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Jitter {
    /// Up to this fraction of the wait is added, 0.15 for up to 15 % (Active Job). Negative and non-finite values add
    /// nothing.
    Fraction(f64),
    /// Any time from just above zero to the whole wait, all equally likely: what failed together comes back spread over
    /// the whole wait. AWS calls it "full jitter" and found that it takes the least work to get through an outage
    /// ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
    Full,
}

/// Active Job's default jitter since Rails 6.1.
pub const DEFAULT_JITTER: f64 = 0.15;

/// A microsecond: stores keep times in microseconds, and a wait of zero would not be a wait.
const LEAST_WAIT: Duration = Duration::from_micros(1);

impl Default for Jitter {
    fn default() -> Self {
        Self::Fraction(DEFAULT_JITTER)
    }
}

impl From<f64> for Jitter {
    fn from(fraction: f64) -> Self {
        Self::Fraction(fraction)
    }
}

impl Jitter {
    /// The wait with 64 random bits.
    pub fn apply(self, wait: Duration, random: u64) -> Duration {
        let share = fraction(random);
        match self {
            Self::Fraction(most) if most.is_finite() && most > 0.0 => wait.saturating_add(part(wait, most * share)),
            Self::Fraction(_) => wait,
            Self::Full => wait.saturating_sub(part(wait, share)).max(LEAST_WAIT.min(wait)),
        }
    }
}

fn part(wait: Duration, share: f64) -> Duration {
    // The share is finite and not negative, so the conversion fails only for what is too long.
    Duration::try_from_secs_f64(wait.as_secs_f64() * share).unwrap_or(LONGEST_WAIT)
}
