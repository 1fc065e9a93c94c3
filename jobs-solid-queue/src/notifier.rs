//! The capability to wake workers, and which calls do it.

use jobs_core::{Decision, Listener, Notifier, Settlement};

use crate::SolidQueueStore;

impl Notifier for SolidQueueStore {
    fn listen(&self) -> Box<dyn Listener> {
        self.changes.subscribe()
    }
}

impl SolidQueueStore {
    /// Whether a job may be ready or scheduled after these settlements: one that goes back, or one that waited for a permit.
    pub(crate) fn may_give_work(&self, settlements: &[Settlement]) -> bool {
        let goes_back = |settlement: &Settlement| {
            let decision = &settlement.decision;
            matches!(decision, Decision::Release | Decision::Retry { .. } | Decision::Continue { .. })
        };
        !settlements.is_empty() && (!self.queue.options.limits.is_empty() || settlements.iter().any(goes_back))
    }
}
