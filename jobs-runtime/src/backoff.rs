//! Waits that grow while something fails and are short again once it works.

use std::time::Duration;

/// The first wait after a failure.
const FIRST: Duration = Duration::from_millis(50);

/// The longest wait: a store that comes back is noticed within this time.
const LONGEST: Duration = Duration::from_secs(2);

/// A wait that doubles with each failure, from 50 ms to 2 s.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    pub(crate) fn worked(&mut self) {
        self.failures = 0;
    }

    /// The wait after one more failure.
    pub(crate) fn failed(&mut self) -> Duration {
        let wait = FIRST.saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures = self.failures.saturating_add(1);
        wait.min(LONGEST)
    }
}
