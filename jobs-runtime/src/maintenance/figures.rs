//! Adds the attempts that this process counted to the figures of the store.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::NewFigures;
use tokio::time::sleep;

use crate::client::shared::Shared;
use crate::observe::attempt_counter::AttemptCounter;
use crate::supervision::progress::LoopProgress;
use crate::supervision::supervisor::ProcessLoop;

/// How often. A process that is killed loses what it counted since the last time. Sidekiq writes its metrics as often.
pub(crate) const INTERVAL: Duration = Duration::from_secs(10);

/// A loop of its own, so that heartbeats do not wait for it.
pub(crate) struct FigureLoop {
    pub(crate) shared: Arc<Shared>,
    pub(crate) counter: Arc<AttemptCounter>,
    /// The version of the program, until the store has noted that it was started.
    pub(crate) started_version: Option<String>,
    pub(crate) progress: LoopProgress,
}

impl ProcessLoop for FigureLoop {
    const NAME: &'static str = "figures";

    /// Runs until it is aborted.
    async fn run(&mut self) {
        loop {
            self.progress.turn();
            if add(&self.shared, &self.counter, self.started_version.as_deref()).await {
                self.started_version = None;
            }
            sleep(INTERVAL).await;
        }
    }
}

/// Adds what was counted; what the store does not take is counted with the next attempts. Returns whether it took all of it.
///
/// If the future is dropped during the call to the store, what was counted is lost.
pub(crate) async fn add(shared: &Shared, counter: &AttemptCounter, started_version: Option<&str>) -> bool {
    let _adding = counter.adding.lock().await;
    let mut new = NewFigures::new(counter.take());
    if let Some(version) = started_version {
        new = new.started(version);
    }
    if new.is_empty() {
        return true;
    }
    let Err(error) = shared.store.add_figures(&new).await else { return true };
    counter.put_back(&new.jobs);
    shared.events.store_failed("add figures", &error);
    false
}
