//! Shows that the process lives, and takes back the jobs of dead ones.

use std::time::Duration;

use jobs_core::{Error, Event, JobId, Phase, Process, Pulse, Recovery};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::Jobs;
use crate::maintenance::store_contact::StoreContact;

pub(crate) struct Maintenance {
    pub(crate) jobs: Jobs,
    pub(crate) process: Process,
    pub(crate) heartbeat: Duration,
    pub(crate) recovery: Recovery,
    pub(crate) quiet: CancellationToken,
}

impl Maintenance {
    /// Runs until it is aborted; the first beat was done by whoever started this. Heartbeats wait for no recovery, which
    /// may be held up by a lock for long enough to make this process itself seem dead.
    pub(crate) async fn run(self) {
        let contact = watch::Sender::new(StoreContact::new(Instant::now()));
        let heard = contact.subscribe();
        tokio::join!(self.beat_on(contact), self.recover_on(heard));
    }

    async fn beat_on(&self, contact: watch::Sender<StoreContact>) {
        loop {
            sleep(self.heartbeat).await;
            if self.beat().await {
                contact.send_modify(|contact| contact.record_heartbeat(Instant::now(), self.recovery.silence));
            }
        }
    }

    /// Looks for dead processes after each heartbeat that was heard.
    async fn recover_on(&self, mut heard: watch::Receiver<StoreContact>) {
        loop {
            let contact = *heard.borrow_and_update();
            if contact.may_recover_others(Instant::now()) {
                self.recover().await;
            }
            if heard.changed().await.is_err() {
                return;
            }
        }
    }

    /// Whether the store heard it.
    async fn beat(&self) -> bool {
        let mut process = self.process.clone();
        if self.quiet.is_cancelled() {
            process.phase = Phase::Quiet;
        }
        let shared = &self.jobs.shared;
        match shared.store.heartbeat(&process).await {
            Ok(Pulse::Alive) => {}
            Ok(Pulse::Revived) => shared.events.emit(|| Event::Revived(process.id)),
            Err(error) => {
                self.store_failed("record a heartbeat", &error);
                return false;
            }
        }
        true
    }

    async fn recover(&self) {
        let shared = &self.jobs.shared;
        match shared.store.recover(&self.recovery).await {
            Ok(done) if done.processes.is_empty() && done.ready.is_empty() && done.poisoned.is_empty() => {}
            Ok(done) => {
                let poisoned = done.poisoned.clone();
                shared.events.emit(|| Event::Recovered {
                    processes: done.processes,
                    ready: done.ready.len(),
                    poisoned: done.poisoned,
                });
                self.report_poisoned(&poisoned).await;
            }
            Err(error) => self.store_failed("recover", &error),
        }
    }

    /// Tells of each job that failed as poisonous, as of any other that is given up.
    async fn report_poisoned(&self, poisoned: &[JobId]) {
        let shared = &self.jobs.shared;
        let Some(inspect) = shared.store.inspect() else { return };
        for id in poisoned {
            // It is stored as failed whether or not this can be read; `Event::Recovered` named it.
            let Ok(Some(mut record)) = inspect.find(*id).await else { continue };
            if let Some(error) = record.errors.pop() {
                shared.events.emit(|| Event::Failed(shared.stored(&record), error));
            }
        }
    }

    fn store_failed(&self, operation: &'static str, error: &Error) {
        self.jobs.shared.events.emit(|| Event::StoreFailed { operation, message: error.to_string() });
    }
}
