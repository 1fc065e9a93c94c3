//! Records the last turn of each loop, for watchdogs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;

/// The loops that a process cannot work without.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    loops: Mutex<Vec<Weak<LoopState>>>,
}

/// The turns of one loop. When it is dropped, the loop has ended and cannot stall.
#[derive(Debug)]
pub(crate) struct LoopProgress(Arc<LoopState>);

#[derive(Debug)]
struct LoopState {
    name: &'static str,
    /// The longest time between two turns of a loop that works.
    allowed: Duration,
    started: Instant,
    /// Milliseconds from the start to the last turn.
    last: AtomicU64,
}

impl Progress {
    /// Adds a loop that turns at least as often as this.
    pub(crate) fn register(&self, name: &'static str, allowed: Duration) -> LoopProgress {
        let turns = Arc::new(LoopState { name, allowed, started: Instant::now(), last: AtomicU64::new(0) });
        let mut loops = self.lock();
        loops.retain(|known| known.strong_count() > 0);
        loops.push(Arc::downgrade(&turns));
        LoopProgress(turns)
    }

    /// The loops that have not turned for too long, and for how long.
    pub(crate) fn stalled(&self) -> Vec<(&'static str, Duration)> {
        let loops = self.lock();
        loops.iter().filter_map(Weak::upgrade).filter_map(|turns| Some((turns.name, turns.stalled_for()?))).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Weak<LoopState>>> {
        self.loops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LoopProgress {
    /// The loop begins another turn.
    pub(crate) fn turn(&self) {
        self.0.last.store(self.0.elapsed(), Ordering::Relaxed);
    }
}

impl LoopState {
    fn elapsed(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// How long it has not turned, if that is too long.
    fn stalled_for(&self) -> Option<Duration> {
        let since = Duration::from_millis(self.elapsed().saturating_sub(self.last.load(Ordering::Relaxed)));
        (since > self.allowed).then_some(since)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_loop_stalls_when_it_does_not_turn_in_time() {
        let progress = Progress::default();
        let (slow, quick) = (progress.register("slow", 60 * SECOND), progress.register("quick", SECOND));
        advance(SECOND).await;
        assert!(progress.stalled().is_empty());
        advance(SECOND).await;
        assert_eq!(progress.stalled(), [("quick", 2 * SECOND)]);
        quick.turn();
        slow.turn();
        assert!(progress.stalled().is_empty(), "it goes on");
    }

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_has_ended_does_not_stall() {
        let progress = Progress::default();
        drop(progress.register("ended", SECOND));
        advance(60 * SECOND).await;
        assert!(progress.stalled().is_empty());
    }
}
