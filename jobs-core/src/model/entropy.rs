//! Random bits for ids, jitter and weighted queues.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// The only source of random bits. Tests inject one with a seed.
pub trait Entropy: Send + Sync + fmt::Debug {
    /// 64 random bits.
    fn next_u64(&self) -> u64;
}

/// Random bits for ids and jitter, seeded by the operating system at construction. Not for secrets.
#[derive(Debug)]
pub struct SystemEntropy {
    state: AtomicU64,
}

impl SystemEntropy {
    /// A source with a fresh seed.
    pub fn new() -> Self {
        // `RandomState` is the only seed from the operating system that the standard library offers.
        Self { state: AtomicU64::new(RandomState::new().hash_one(0_u8)) }
    }
}

impl Default for SystemEntropy {
    fn default() -> Self {
        Self::new()
    }
}

impl Entropy for SystemEntropy {
    fn next_u64(&self) -> u64 {
        mix(self.state.fetch_add(GOLDEN, Ordering::Relaxed).wrapping_add(GOLDEN))
    }
}

/// 2⁶⁴ divided by the golden ratio: the step of the `SplitMix64` generator.
pub const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// `SplitMix64`'s output function (Steele, Lea, Flood 2014): spreads one counter value over all bits.
pub const fn mix(counter: u64) -> u64 {
    let first = (counter ^ (counter >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let second = (first ^ (first >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    second ^ (second >> 31)
}

/// A number in `[0, 1)` from 64 random bits.
#[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
pub fn fraction(random: u64) -> f64 {
    (random >> 11) as f64 / (1_u64 << 53) as f64
}
