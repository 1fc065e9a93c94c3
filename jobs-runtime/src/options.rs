//! What one enqueue says differently from the job's definition.

use jobs_core::Due;

/// Options of one enqueue. What is not set comes from the job.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// The queue, without prefix.
    pub queue: Option<String>,
    /// The priority; higher numbers run first.
    pub priority: Option<i32>,
    /// When it may run first.
    pub due: Due,
}

impl Options {
    /// Nothing said.
    pub fn new() -> Self {
        Self::default()
    }
}
