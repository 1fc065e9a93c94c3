//! The capability to wake workers, and which settlements do it.

use jobs_core::{Decision, Listener, Notifier, Settlement};

use crate::DelayedJobStore;

impl Notifier for DelayedJobStore {
    fn listen(&self) -> Box<dyn Listener> {
        self.core.changes.subscribe()
    }
}

/// Whether a job is ready or scheduled after these settlements. A job of Ruby that fails may be tried again.
pub(crate) fn may_give_work(settlements: &[Settlement]) -> bool {
    let ends =
        |settlement: &Settlement| matches!(settlement.decision, Decision::Finish { .. } | Decision::Discard { .. });
    !settlements.iter().all(ends)
}
