//! Shows that the process lives, and takes back the jobs of dead ones.

use std::time::Duration;

use jobs_core::{Error, Event, JobId, Phase, Process, Pulse, Recovery};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::Jobs;
use crate::contact::Contact;

pub(crate) struct Maintenance {
    pub(crate) jobs: Jobs,
    pub(crate) process: Process,
    pub(crate) heartbeat: Duration,
    pub(crate) recovery: Recovery,
    pub(crate) quiet: CancellationToken,
}

impl Maintenance {
    /// Runs until it is aborted; the first beat was done by whoever started this.
    pub(crate) async fn run(mut self) {
        let mut contact = Contact::made(Instant::now());
        loop {
            if contact.may_judge(Instant::now()) {
                self.recover().await;
            }
            loop {
                sleep(self.heartbeat).await;
                if self.beat().await {
                    break;
                }
            }
            contact.again(Instant::now(), self.recovery.silence);
        }
    }

    /// Whether the store heard it.
    async fn beat(&mut self) -> bool {
        if self.quiet.is_cancelled() {
            self.process.phase = Phase::Quiet;
        }
        let shared = &self.jobs.shared;
        match shared.store.heartbeat(&self.process).await {
            Ok(Pulse::Alive) => {}
            Ok(Pulse::Revived) => shared.events.emit(|| Event::Revived(self.process.id)),
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
                self.mourn(&poisoned).await;
            }
            Err(error) => self.store_failed("recover", &error),
        }
    }

    /// Tells of each job that failed as poisonous, as of any other that is given up.
    async fn mourn(&self, poisoned: &[JobId]) {
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
