//! Sends the heartbeats of a process.

use std::time::Duration;

use jobs_core::events::Revived;
use jobs_core::{HeartbeatReply, Process, ProcessStatus};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::Client;
use crate::maintenance::store_contact::StoreContact;
use crate::supervision::progress::LoopProgress;
use crate::supervision::supervisor::ProcessLoop;

/// A loop of its own: a recovery may wait for a lock for so long that this process itself would seem dead.
pub(crate) struct Heartbeat {
    pub(crate) jobs: Client,
    pub(crate) process: Process,
    pub(crate) interval: Duration,
    /// How long a process is silent before it counts as dead.
    pub(crate) silence: Duration,
    pub(crate) quiet: CancellationToken,
    /// Tells recovery of each heartbeat that reached the store.
    pub(crate) contact: watch::Sender<StoreContact>,
    pub(crate) progress: LoopProgress,
}

impl ProcessLoop for Heartbeat {
    const NAME: &'static str = "heartbeat";

    /// Runs until it is aborted. The first heartbeat was sent before the start.
    async fn run(&mut self) {
        loop {
            self.progress.turn();
            sleep(self.interval).await;
            if self.send().await {
                self.contact.send_modify(|contact| contact.record_heartbeat(Instant::now(), self.silence));
            }
        }
    }
}

impl Heartbeat {
    /// Whether the heartbeat reached the store.
    async fn send(&self) -> bool {
        let mut process = self.process.clone();
        if self.quiet.is_cancelled() {
            process.phase = ProcessStatus::Quiet;
        }
        let shared = &self.jobs.shared;
        match shared.store.heartbeat(&process).await {
            Ok(HeartbeatReply::Alive) => {}
            Ok(HeartbeatReply::WasRecovered) => shared.events.emit(|| Revived::new(process.id)),
            Err(error) => {
                shared.events.store_failed("record a heartbeat", &error);
                return false;
            }
        }
        true
    }
}
