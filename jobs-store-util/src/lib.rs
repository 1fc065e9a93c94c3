//! What stores of `jobs` share: calls that several callers share, listeners that wait for work, and files of one user alone.
//!
//! For the crates of stores of `jobs`. It may change in any release.

mod group_commit;
mod listeners;
mod private_file;

pub use group_commit::{GroupCommit, SharedCall};
pub use listeners::Listeners;
pub use private_file::create_private_file;
