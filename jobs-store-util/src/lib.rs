//! What stores of `jobs` share: calls that several callers share, and listeners that wait for work.
//!
//! For the crates of stores of `jobs`. It may change in any release.

mod group_commit;
mod listeners;

pub use group_commit::{GroupCommit, SharedCall};
pub use listeners::Listeners;
