//! A reason that the log tells once, and again when it has changed.

use std::sync::{Mutex, PoisonError};

/// The reason that was told last of something that is tried again and again; empty if all was well.
#[derive(Debug, Default)]
pub struct LastReason(Mutex<String>);

impl LastReason {
    /// Notes down this reason. Whether it is to be told: it is not empty, and another one than the last.
    pub fn is_new(&self, reason: &str) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = *last != reason;
        if is_new {
            reason.clone_into(&mut last);
        }
        is_new && !reason.is_empty()
    }
}
