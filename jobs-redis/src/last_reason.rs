//! Reasons that the log tells once, and again when they have come back.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The reasons that were told of something that is tried again and again; none if all was well.
#[derive(Debug, Default)]
pub struct LastReason(Mutex<BTreeSet<String>>);

/// So many reasons are told at once.
const TOLD: usize = 10;

impl LastReason {
    /// Notes down these reasons, in any order. Those that were not told yet as one text, if there are any. If they are all that there
    /// are, the others are over, and are told again when they come back.
    pub fn new_of(&self, reasons: Vec<String>, are_all: bool) -> Option<String> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let reasons: BTreeSet<String> = reasons.into_iter().collect();
        let new: Vec<&str> = reasons.difference(&told).map(String::as_str).collect();
        let others = new.len().saturating_sub(TOLD);
        let mut text = new[..new.len() - others].join("; ");
        if others > 0 {
            text = format!("{text}; and {others} others");
        }
        if are_all {
            *told = reasons;
        } else {
            told.extend(reasons);
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// Notes down this reason, the only one. Whether it is to be told: it is not empty, and another one than the last.
    pub fn is_new(&self, reason: &str) -> bool {
        let reasons = if reason.is_empty() { Vec::new() } else { vec![reason.to_owned()] };
        self.new_of(reasons, true).is_some()
    }
}
