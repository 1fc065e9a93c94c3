//! How many jobs to claim: the free places, and what can be begun in the next few milliseconds.

use std::time::Duration;

use tokio::time::Instant;

/// How far ahead a worker claims at the rate it observes.
const AHEAD: Duration = Duration::from_millis(10);

/// The most that is claimed ahead. One statement of this size takes a few milliseconds.
const MOST: usize = 1000;

/// The rate at which a worker ends jobs, as a running mean.
#[derive(Debug)]
pub(crate) struct Pace {
    per_second: f64,
    since: Instant,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self { per_second: 0.0, since: Instant::now() }
    }

    /// Notes that so many jobs ended since the last note.
    #[expect(clippy::cast_precision_loss, reason = "a batch is far below 2⁵²")]
    pub(crate) fn note(&mut self, ended: usize) {
        let now = Instant::now();
        let span = now.duration_since(self.since).as_secs_f64().max(1e-6);
        self.since = now;
        let rate = ended as f64 / span;
        // Half of the new: quick to follow, and one odd batch does not rule.
        self.per_second = f64::midpoint(self.per_second, rate);
    }

    /// How many jobs may wait to be begun besides those that have a free place.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "clamped to 0..=MOST"
    )]
    pub(crate) fn ahead(&self) -> usize {
        (self.per_second * AHEAD.as_secs_f64()).clamp(0.0, MOST as f64) as usize
    }
}
