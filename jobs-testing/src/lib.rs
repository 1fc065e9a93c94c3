//! What tests of [`jobs`](https://docs.rs/jobs) stand on.
//!
//! [`store_contract!`] holds a store to every promise of [`Store`](jobs_core::Store), one named test each.
//! [`ManualClock`] and [`SeededEntropy`] take time and chance into the test's own hands.

mod clock;
pub mod contract;
mod entropy;
mod suite;

pub use clock::ManualClock;
pub use entropy::SeededEntropy;
