//! Random bits that are the same in each run.

use std::sync::atomic::{AtomicU64, Ordering};

use jobs_core::Entropy;
use jobs_core::entropy::{GOLDEN, mix};

/// Random bits that are the same for the same seed. Print the seed when an assertion fails.
#[derive(Debug)]
pub struct SeededEntropy {
    state: AtomicU64,
}

impl SeededEntropy {
    /// The sequence of this seed, from its start.
    pub const fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed) }
    }
}

impl Entropy for SeededEntropy {
    fn next_u64(&self) -> u64 {
        mix(self.state.fetch_add(GOLDEN, Ordering::Relaxed).wrapping_add(GOLDEN))
    }
}
