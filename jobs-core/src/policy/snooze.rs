//! What is written for a job that put itself off.

use std::time::Duration;

use crate::{Decision, Execution};

impl Decision {
    /// Puts the job off without counting the attempt. The number of times is counted in `meta`.
    pub fn snooze(execution: &Execution, wait: Duration) -> Self {
        let meta = match execution.meta() {
            Ok(mut meta) => {
                meta.snoozes = meta.snoozes.saturating_add(1);
                meta.to_text()
            }
            // What cannot be read must not be lost.
            Err(_) => execution.meta.clone(),
        };
        Self::Continue { wait, meta }
    }
}
