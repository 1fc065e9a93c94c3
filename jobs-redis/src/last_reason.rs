//! Reasons that the log tells once, and again when they have changed.

use std::sync::{Mutex, PoisonError};

/// The reason that was told last of something that is tried again and again; empty if all was well.
#[derive(Debug, Default)]
pub struct LastReason(Mutex<String>);

/// So many reasons are told at once.
const TOLD: usize = 10;

impl LastReason {
    /// Notes down these reasons, in any order. All of them as one text, if it is to be told.
    pub fn new_of(&self, mut reasons: Vec<String>) -> Option<String> {
        reasons.sort();
        reasons.dedup();
        let others = reasons.len().saturating_sub(TOLD);
        reasons.truncate(TOLD);
        let mut reason = reasons.join("; ");
        if others > 0 {
            reason = format!("{reason}; and {others} others");
        }
        self.is_new(&reason).then_some(reason)
    }

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
