//! Takes the jobs of dead processes back.

use std::time::Duration;

use jobs_core::events::{Failed, Recovered};
use jobs_core::{Error, JobId, Recovery};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::Client;
use crate::maintenance::store_contact::StoreContact;
use crate::supervision::progress::LoopProgress;
use crate::supervision::supervisor::ProcessLoop;

/// Recovers after each heartbeat of this process that reached the store.
pub(crate) struct RecoveryLoop {
    pub(crate) jobs: Client,
    pub(crate) recovery: Recovery,
    pub(crate) contact: watch::Receiver<StoreContact>,
    /// The interval of the heartbeats. Without one the loop turns all the same.
    pub(crate) interval: Duration,
    pub(crate) progress: LoopProgress,
}

impl ProcessLoop for RecoveryLoop {
    const NAME: &'static str = "recovery";

    /// Runs until the heartbeats end.
    async fn run(&mut self) {
        loop {
            self.progress.turn();
            // The heartbeats have ended: what they last said of the store may be older than an outage.
            if self.contact.has_changed().is_err() {
                return;
            }
            let contact = *self.contact.borrow_and_update();
            if contact.may_recover_others(Instant::now()) {
                self.recover().await;
            }
            while timeout(self.interval, self.contact.changed()).await.is_err() {
                self.progress.turn();
            }
        }
    }
}

impl RecoveryLoop {
    async fn recover(&self) {
        let shared = &self.jobs.shared;
        match shared.store.recover(&self.recovery).await {
            Ok(done) => {
                for refused in &done.refused {
                    shared.events.store_failed("recover", &Error::other(refused.message.clone()));
                }
                if done.processes.is_empty() && done.ready.is_empty() && done.poisoned.is_empty() {
                    return;
                }
                let poisoned = done.poisoned.clone();
                shared.events.emit(|| Recovered::new(done.processes, done.ready.len(), done.poisoned));
                self.report_poisoned(&poisoned).await;
            }
            Err(error) => shared.events.store_failed("recover", &error),
        }
    }

    /// Emits the event of each job that failed as poisonous, as for any other job that fails.
    async fn report_poisoned(&self, poisoned: &[JobId]) {
        let shared = &self.jobs.shared;
        for id in poisoned {
            // The job is stored as failed even if it cannot be read here; the event `Recovered` named it.
            let Ok(Some(mut record)) = shared.store.find(*id).await else { continue };
            if let Some(error) = record.errors.pop() {
                shared.events.emit(|| Failed::new(shared.stored(&record), error));
            }
        }
    }
}
