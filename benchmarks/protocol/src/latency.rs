//! Latencies, and the pauses between the measured jobs.

use std::time::Duration;

/// Latencies in microseconds.
#[derive(Debug, Default)]
pub struct Latencies(Vec<u64>);

impl Latencies {
    /// Creates them from latencies in any order.
    pub fn new(mut micros: Vec<u64>) -> Self {
        micros.sort_unstable();
        Self(micros)
    }

    /// The latency that `percent` of the jobs do not exceed.
    pub fn percentile(&self, percent: usize) -> Option<u64> {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied()
    }
}

/// Pseudo-random pauses of 5 to 15 ms, the same in each run.
#[derive(Debug)]
pub struct Waits(u64);

impl Default for Waits {
    fn default() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }
}

impl Iterator for Waits {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        // Marsaglia's xorshift.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Some(Duration::from_micros(5_000 + self.0 % 10_000))
    }
}

#[cfg(test)]
mod tests {
    use super::{Latencies, Waits};

    #[test]
    fn a_percentile_is_a_latency_that_was_measured() {
        let latencies = Latencies::new((1..=200).rev().collect());
        assert_eq!(latencies.percentile(50), Some(100));
        assert_eq!(latencies.percentile(99), Some(198));
        assert_eq!(Latencies::new(vec![7]).percentile(99), Some(7));
        assert_eq!(Latencies::default().percentile(50), None);
    }

    #[test]
    fn a_wait_is_between_5_and_15_ms() {
        assert!(Waits::default().take(1000).all(|wait| (5..15).contains(&wait.as_millis())));
    }
}
