//! How many jobs to claim beyond the free slots: those that can be started in the next few milliseconds.

use std::time::Duration;

use tokio::time::Instant;

/// How far ahead a worker claims at the rate that it measures.
const WINDOW: Duration = Duration::from_millis(15);

/// The most that is claimed ahead. One statement of this size takes some milliseconds.
const MAX: usize = 2000;

/// The most that is claimed ahead at first. A rate that was measured on a few jobs may be far off, and a large claim takes
/// time in which no job runs.
const FIRST: usize = 64;

/// How much more may be claimed ahead with each claim.
const GROWTH: usize = 4;

/// After such a time without an end the rate is half of what it was.
const HALF_LIFE: Duration = Duration::from_millis(20);

/// If no job has ended for so long, prefetched jobs are released so that other workers can take them.
const STALLED: Duration = Duration::from_millis(100);

/// The rate at which a worker ends jobs, as a running mean.
#[derive(Debug)]
pub(crate) struct Prefetch {
    is_allowed: bool,
    per_second: f64,
    /// The most that is claimed ahead now.
    ceiling: usize,
    recorded: Instant,
    ended: Instant,
}

impl Prefetch {
    /// Nothing is known yet. A store may not allow to claim ahead.
    pub(crate) fn new(is_allowed: bool) -> Self {
        let now = Instant::now();
        Self { is_allowed, per_second: 0.0, ceiling: FIRST, recorded: now, ended: now }
    }

    /// So many jobs ended since the last record.
    #[expect(clippy::cast_precision_loss, reason = "a batch is far below 2⁵²")]
    pub(crate) fn record(&mut self, ended: usize) {
        let now = Instant::now();
        let elapsed = now.duration_since(self.recorded).as_secs_f64().max(1e-6);
        self.ceiling = (self.limit() * GROWTH).clamp(FIRST, MAX);
        self.recorded = now;
        if ended > 0 {
            self.ended = now;
        }
        // The new value counts for half, so that the rate follows quickly and one odd batch does not decide alone. After a
        // long silence it counts for more.
        let kept = 0.5_f64.powf(1.0 + elapsed / HALF_LIFE.as_secs_f64());
        self.per_second = kept * self.per_second + (1.0 - kept) * (ended as f64 / elapsed);
    }

    /// Whether no job has ended for so long that prefetched jobs are better released.
    pub(crate) fn is_stalled(&self) -> bool {
        self.recorded.duration_since(self.ended) >= STALLED
    }

    /// How many jobs may wait besides those that have a free slot.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "clamped to 0..=MAX"
    )]
    pub(crate) fn limit(&self) -> usize {
        if !self.is_allowed {
            return 0;
        }
        (self.per_second * WINDOW.as_secs_f64()).clamp(0.0, self.ceiling as f64) as usize
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    #[tokio::test(start_paused = true)]
    async fn a_steady_rate_is_claimed_ahead_for_the_window() {
        let mut prefetch = Prefetch::new(true);
        assert_eq!(prefetch.limit(), 0, "nothing is known yet");
        for _ in 0..50 {
            advance(MILLISECOND).await;
            prefetch.record(10);
        }
        assert!((140..=150).contains(&prefetch.limit()), "10 a millisecond for 15 ms: {}", prefetch.limit());
    }

    #[tokio::test(start_paused = true)]
    async fn the_limit_grows_step_by_step_up_to_the_most() {
        let mut prefetch = Prefetch::new(true);
        let mut limits = Vec::new();
        for _ in 0..6 {
            advance(MILLISECOND).await;
            prefetch.record(100_000);
            limits.push(prefetch.limit());
        }
        assert_eq!(limits, [64, 256, 1024, 2000, 2000, 2000]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_stalls_when_no_job_ends_for_long_and_then_claims_nothing_ahead() {
        let mut prefetch = Prefetch::new(true);
        advance(MILLISECOND).await;
        prefetch.record(50);
        assert!(!prefetch.is_stalled() && prefetch.limit() > 0);
        advance(STALLED).await;
        prefetch.record(0);
        assert!(prefetch.is_stalled());
        advance(STALLED).await;
        prefetch.record(0);
        assert_eq!(prefetch.limit(), 0);
        prefetch.record(1);
        assert!(!prefetch.is_stalled());
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_claimed_ahead_if_the_store_does_not_allow_it() {
        let mut prefetch = Prefetch::new(false);
        for _ in 0..20 {
            advance(MILLISECOND).await;
            prefetch.record(10);
        }
        assert_eq!(prefetch.limit(), 0);
    }
}
