//! Reports loops of the process that do not turn.

use std::collections::HashMap;
use std::time::Duration;

use jobs_core::events::LoopStalled;
use tokio::time::sleep;

use crate::Client;
use crate::supervision::supervisor::ProcessLoop;

/// How often the loops are looked at.
const INTERVAL: Duration = Duration::from_secs(5);

/// Reports each loop that stalls, and again each time the duration has doubled.
pub(crate) struct LoopWatch {
    pub(crate) jobs: Client,
    /// The durations from which the loops that stall now are reported again.
    pub(crate) reported: HashMap<&'static str, Duration>,
}

impl ProcessLoop for LoopWatch {
    const NAME: &'static str = "loop watch";

    /// Runs until it is aborted.
    async fn run(&mut self) {
        loop {
            sleep(INTERVAL).await;
            self.look();
        }
    }
}

impl LoopWatch {
    fn look(&mut self) {
        let stalled = self.jobs.shared.progress.stalled();
        self.reported.retain(|name, _| stalled.iter().any(|(stalled, _)| stalled == name));
        for (name, duration) in stalled {
            let again = self.reported.entry(name).or_default();
            if duration >= *again {
                *again = duration.saturating_mul(2);
                self.jobs.shared.events.emit(|| LoopStalled::new(name, duration));
            }
        }
    }
}
