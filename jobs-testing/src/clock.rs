//! Wall time that only the test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jobs_core::{Clock, Timestamp};

/// A clock that stands still until it is moved. Clones show the same time.
///
/// ```
/// use jobs_core::Clock;
/// use jobs_testing::ManualClock;
///
/// let clock = ManualClock::new();
/// let before = clock.now();
/// clock.advance(std::time::Duration::from_secs(60));
/// assert_eq!(clock.now().duration_since(before).as_secs(), 60);
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock {
    micros: Arc<AtomicI64>,
}

/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600_000_000;

impl ManualClock {
    /// A clock that shows 2026-01-01T00:00:00Z.
    pub fn new() -> Self {
        Self { micros: Arc::new(AtomicI64::new(START)) }
    }

    /// Moves it forward, with the precision of microseconds.
    pub fn advance(&self, by: Duration) {
        self.set(self.now() + by);
    }

    /// Sets it, forward or back.
    pub fn set(&self, now: Timestamp) {
        self.micros.store(now.as_micros(), Ordering::SeqCst);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros.load(Ordering::SeqCst))
    }
}
