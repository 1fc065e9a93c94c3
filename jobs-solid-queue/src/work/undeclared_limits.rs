//! Says once of each class that it has a concurrency limit which this program does not declare.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use jobs_core::LogText;

/// The classes of which it was said.
#[derive(Debug, Default)]
pub(crate) struct UndeclaredLimits(Mutex<HashSet<String>>);

impl UndeclaredLimits {
    /// A job of this class has run.
    pub(super) fn has_run(&self, class: &str) {
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(class.to_owned()) {
            tracing::warn!(
                class = %LogText::field(class),
                "jobs of this class have a concurrency limit that this program does not declare: one permit at most is given \
                 back at their ends. Declare it with Ruby's numbers, by `SolidQueueOptions::limits_concurrency`"
            );
        }
    }
}
