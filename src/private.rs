//! What `#[job]`, `#[remote]` and `#[base]` write. Not public API: it may change in any release.

pub use jobs_core::callback::{told, verdict};
pub use jobs_core::failure::AsError;
pub use jobs_core::inventory;
pub use jobs_core::job::{Cause, Returned, stored_argument};
pub use jobs_core::retry::wait;
pub use jobs_core::rule::failure_callback;
pub use jobs_runtime::{blocking, blocking_with};
pub use serde;
pub use serde_json::Value;
