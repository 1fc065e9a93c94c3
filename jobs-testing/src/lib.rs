//! What tests of [`jobs`](https://docs.rs/jobs) stand on.
//!
//! [`store_contract!`] holds a store to every promise of [`Store`](jobs_core::Store), one named test each.
//! [`ManualClock`] and [`SeededEntropy`] take time and chance into the test's own hands; [`FaultyStore`]
//! fails on demand; [`Recorder`] waits for events instead of for time.
#![allow(clippy::panic, reason = "this crate is only linked into tests, where a panic is the message")]

mod cases;
mod clock;
pub mod contract;
mod entropy;
mod faulty;
mod recorder;
mod suite;

pub use clock::ManualClock;
pub use entropy::SeededEntropy;
pub use faulty::FaultyStore;
pub use recorder::Recorder;
