//! A runtime that counts.

use std::sync::Arc;

use jobs_core::Clock;
use jobs_metrics::{SharedRecorder, Watch};

use crate::RuntimeBuilder;
use crate::events::Subscription;

/// A recorder of the program's own, or the one that the process has installed.
pub(crate) type Recording = Option<SharedRecorder>;

impl RuntimeBuilder {
    /// What happens to jobs in this process is counted and measured by the recorder that the process has installed with
    /// `metrics::set_global_recorder`. Install it before [`build`](Self::build): what is counted once without one stays
    /// uncounted.
    pub fn metrics(mut self) -> Self {
        self.hooks.metrics.push(None);
        self
    }

    /// The same by a recorder of its own.
    pub fn metrics_to(mut self, recorder: SharedRecorder) -> Self {
        self.hooks.metrics.push(Some(recorder));
        self
    }
}

/// The watcher that counts.
pub(crate) fn subscription(recording: Recording, clock: Arc<dyn Clock>) -> Subscription {
    let watch = match recording {
        Some(recorder) => Watch::to(recorder, clock),
        None => Watch::installed(clock),
    };
    Subscription { watcher: Arc::new(move |event| watch.record(event)), listens: || true, reads_arguments: false }
}
