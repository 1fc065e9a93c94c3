//! What unique keys promise: which job is refused, when a key is free again, and manual retries.

pub(crate) mod keys;
pub mod unique_conflicts;
pub mod unique_expiry;
pub mod unique_release;
pub mod unique_retry;
