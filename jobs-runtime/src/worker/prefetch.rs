//! How many jobs to claim: the free places, and what can be begun in the next few milliseconds.

use std::time::Duration;

use tokio::time::Instant;

/// How far ahead a worker claims at the rate it observes.
const WINDOW: Duration = Duration::from_millis(15);

/// The ceiling that is claimed ahead. One statement of this size takes some milliseconds.
const MAX: usize = 2000;

/// The ceiling that is claimed ahead at first, and how much more the next time: a rate that was read off a few jobs may be far off,
/// and while many are claimed that nothing runs yet, nothing runs.
const FIRST: usize = 64;
const GROWTH: usize = 4;

/// After such a time without an end the rate is half of what it was.
const HALF_LIFE: Duration = Duration::from_millis(20);

/// A worker that ends nothing for so long is stuck: others had better run what it claimed ahead.
const STALLED: Duration = Duration::from_millis(100);

/// The rate at which a worker ends jobs, as a running mean.
#[derive(Debug)]
pub(crate) struct Prefetch {
    per_second: f64,
    /// The ceiling that is claimed ahead now.
    ceiling: usize,
    noted: Instant,
    ended: Instant,
}

impl Prefetch {
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        Self { per_second: 0.0, ceiling: FIRST, noted: now, ended: now }
    }

    /// Notes that so many jobs ended since the last note.
    #[expect(clippy::cast_precision_loss, reason = "a batch is far below 2⁵²")]
    pub(crate) fn record(&mut self, ended: usize) {
        let now = Instant::now();
        let span = now.duration_since(self.noted).as_secs_f64().max(1e-6);
        self.ceiling = (self.limit() * GROWTH).clamp(FIRST, MAX);
        self.noted = now;
        if ended > 0 {
            self.ended = now;
        }
        // Half of the new: quick to follow, and one odd batch does not rule. A long silence counts for more.
        let kept = 0.5_f64.powf(1.0 + span / HALF_LIFE.as_secs_f64());
        self.per_second = kept * self.per_second + (1.0 - kept) * (ended as f64 / span);
    }

    /// Whether nothing has ended for so long that what waits had better go to others.
    pub(crate) fn is_stalled(&self) -> bool {
        self.noted.duration_since(self.ended) >= STALLED
    }

    /// How many jobs may wait to be begun besides those that have a free place.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "clamped to 0..=MAX"
    )]
    pub(crate) fn limit(&self) -> usize {
        (self.per_second * WINDOW.as_secs_f64()).clamp(0.0, self.ceiling as f64) as usize
    }
}
