//! Sends the heartbeats of a process.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::events::Revived;
use jobs_core::{Error, HeartbeatReply, HeartbeatSender, Process, ProcessOrder, ProcessStatus};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::Client;
use crate::maintenance::store_contact::StoreContact;
use crate::observe::log;
use crate::supervision::liveness::Liveness;
use crate::supervision::progress::LoopProgress;
use crate::supervision::supervisor::ProcessLoop;

/// What the heartbeats of a process say, and who learns of them.
pub(crate) struct Heartbeat {
    pub(crate) jobs: Client,
    pub(crate) process: Process,
    pub(crate) interval: Duration,
    /// How long a process is silent before it counts as dead.
    pub(crate) silence: Duration,
    /// Requests to claim no more, and to stop. A person may ask for both through the store.
    pub(crate) quiet: CancellationToken,
    pub(crate) stop: CancellationToken,
    /// Tells recovery of each heartbeat that reached the store.
    pub(crate) contact: watch::Sender<StoreContact>,
    /// Tells workers of each heartbeat that reached the store.
    pub(crate) liveness: Arc<Liveness>,
    pub(crate) progress: LoopProgress,
    /// The runtime of the program, in which watchers are called.
    pub(crate) program: Handle,
}

/// A loop of its own: a recovery may wait for a lock for so long that this process itself would seem dead.
pub(crate) struct HeartbeatLoop<'s> {
    pub(crate) heartbeat: Heartbeat,
    /// A connection of this loop's own, if the store has such.
    pub(crate) sender: Option<&'s dyn HeartbeatSender>,
    pub(crate) stop: CancellationToken,
}

impl ProcessLoop for HeartbeatLoop<'_> {
    const NAME: &'static str = "heartbeat";

    /// Runs until a stop is requested. The first heartbeat was sent before the start.
    async fn run(&mut self) {
        let Self { heartbeat, sender, stop } = self;
        while !stop.is_cancelled() {
            heartbeat.progress.turn();
            tokio::select! {
                () = sleep(heartbeat.interval) => {}
                () = heartbeat.liveness.wanted() => {}
                () = stop.cancelled() => return,
            }
            heartbeat.send(*sender).await;
        }
    }
}

impl Heartbeat {
    /// Sends the first heartbeat, which registers the process.
    ///
    /// # Errors
    /// As [`heartbeat`](jobs_core::Store::heartbeat) of the store.
    pub(crate) async fn first(&self, sender: Option<&dyn HeartbeatSender>) -> Result<(), Error> {
        let sent = self.liveness.now();
        let reply = self.jobs.shared.store.heartbeat_by(sender, &self.process).await?;
        self.liveness.record(sent, reply);
        Ok(())
    }

    /// Does what a person asks of this process, once.
    fn follow(&self, order: ProcessOrder) {
        let requested = match order {
            ProcessOrder::Quiet => &self.quiet,
            ProcessOrder::Stop => &self.stop,
        };
        if !requested.is_cancelled() {
            log::asked(order);
        }
        self.quiet.cancel();
        requested.cancel();
    }

    async fn send(&self, sender: Option<&dyn HeartbeatSender>) {
        let mut process = self.process.clone();
        if self.quiet.is_cancelled() {
            process.phase = ProcessStatus::Quiet;
        }
        let shared = &self.jobs.shared;
        process.slow = shared.slow_jobs.list();
        let sent = self.liveness.now();
        let reply = shared.store.heartbeat_by(sender, &process).await;
        // A watcher may spawn tasks: they belong to the program's runtime.
        let _program = self.program.enter();
        match reply {
            Ok(reply) => {
                self.liveness.record(sent, reply);
                self.contact.send_modify(|contact| contact.record_heartbeat(Instant::now(), self.silence));
                match reply {
                    HeartbeatReply::Alive => {}
                    HeartbeatReply::WasRecovered => shared.events.emit(|| Revived::new(process.id)),
                    HeartbeatReply::Asked(order) => self.follow(order),
                }
            }
            Err(error) => shared.events.store_failed("record a heartbeat", &error),
        }
    }
}
