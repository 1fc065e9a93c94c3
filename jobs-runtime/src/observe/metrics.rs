//! Counts events by the facade `metrics`.

use std::sync::Arc;

use jobs_core::Clock;
use jobs_metrics::{SharedRecorder, Watch};

use crate::observe::events::EventSubscription;

/// A recorder of the program, or the one that the process has installed.
pub(crate) type Recording = Option<SharedRecorder>;

/// The subscriber that counts.
pub(crate) fn subscription(recording: Recording, clock: Arc<dyn Clock>) -> EventSubscription {
    let watch = match recording {
        Some(recorder) => Watch::to(recorder, clock),
        None => Watch::installed(clock),
    };
    EventSubscription { watcher: Arc::new(move |event| watch.record(event)), listens: || true, reads_arguments: false }
}
