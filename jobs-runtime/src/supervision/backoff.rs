//! Waits that grow while something fails and are short again once it works.

use std::time::Duration;

/// The first wait after a failure.
const FIRST: Duration = Duration::from_millis(50);

/// The longest wait. A store that comes back is noticed within this time.
const LONGEST: Duration = Duration::from_secs(2);

/// A wait that doubles with each failure, from 50 ms to 2 s.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// A call succeeded: the next wait is short again.
    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// The wait after one more failure.
    pub(crate) fn failed(&mut self) -> Duration {
        let wait = FIRST.saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures = self.failures.saturating_add(1);
        wait.min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_start_again_after_a_success() {
        let mut backoff = Backoff::default();
        let millis: Vec<_> = (0..8).map(|_| backoff.failed().as_millis()).collect();
        assert_eq!(millis, [50, 100, 200, 400, 800, 1600, 2000, 2000]);
        backoff.succeeded();
        assert_eq!(backoff.failed(), FIRST);
    }

    #[test]
    fn any_number_of_failures_gives_the_longest_wait() {
        let mut backoff = Backoff { failures: u32::MAX };
        assert_eq!(backoff.failed(), LONGEST);
        assert_eq!(backoff.failed(), LONGEST, "the count does not overflow");
    }
}
