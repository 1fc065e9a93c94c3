//! Heartbeats, for us and for the pages of Resque.

use std::sync::{MutexGuard, PoisonError};

use jobs_core::{Error, HeartbeatReply, HeartbeatSender, Heartbeats, Process, ProcessStatus, StoreFuture, Timestamp};
use jobs_redis::{Link, asked_status, redis};

use super::slots::{ProcessSlots, WorkerIds};
use crate::times::{heartbeat_text, started_text};
use crate::{ResqueStore, scripts};

const DOING: &str = "send a heartbeat";

impl ResqueStore {
    pub(crate) fn slots(&self) -> MutexGuard<'_, ProcessSlots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn beat(&self, process: &Process, link: &Link) -> Result<HeartbeatReply, Error> {
        if process.phase == ProcessStatus::Stopped {
            return self.stop(process, link).await;
        }
        self.read_clock(link).await?;
        let (now, description) = (self.clock.now(), serde_json::to_string(process).unwrap_or_default());
        let head = [self.options.keys.prefix(), process.id.to_string(), now.as_micros().to_string(), description];
        let words = head.into_iter().chain([heartbeat_text(now), started_text(now)]);
        let WorkerIds { alive, former } = self.slots().workers(process);
        let words = words.chain([former.len().to_string()]).chain(former.iter().cloned()).chain(alive);
        let arguments: Vec<Vec<u8>> = words.map(String::into_bytes).collect();
        let (was_recovered, asked): (bool, Option<String>) = link.run(&scripts::BEAT, &arguments, DOING).await?;
        self.slots().forgot(process.id, &former);
        Ok(HeartbeatReply::new(was_recovered, process.phase, asked_status(asked.as_deref(), process.phase)))
    }

    /// Reads the server's clock.
    pub(crate) async fn read_clock(&self, link: &Link) -> Result<(), Error> {
        let mut commands = redis::pipe();
        commands.cmd("TIME");
        let ((seconds, micros),): ((i64, i64),) = link.commands(&commands, DOING).await?;
        self.clock.measured(Timestamp::from_micros(seconds.saturating_mul(1_000_000).saturating_add(micros)));
        Ok(())
    }

    async fn stop(&self, process: &Process, link: &Link) -> Result<HeartbeatReply, Error> {
        let keys = &self.options.keys;
        let words = [keys.prefix(), self.changes.channel().to_owned(), process.id.to_string()];
        let words = words.into_iter().chain([keys.master_lock(), self.scheduler_name()]);
        let arguments: Vec<Vec<u8>> = words.map(String::into_bytes).collect();
        let was_recovered: bool = link.run(&scripts::STOP, &arguments, "stop a process").await?;
        self.known.forget(process.id);
        self.slots().forget(process.id);
        self.changes.notify();
        Ok(HeartbeatReply::new(was_recovered, process.phase, process.phase))
    }
}

/// Heartbeats over a connection of their own.
struct ResqueSender<'s> {
    store: &'s ResqueStore,
    link: Link,
}

impl Heartbeats for ResqueStore {
    fn sender(&self) -> Box<dyn HeartbeatSender + '_> {
        Box::new(ResqueSender { store: self, link: self.link.another() })
    }
}

impl HeartbeatSender for ResqueSender<'_> {
    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        Box::pin(self.store.beat(process, &self.link))
    }
}
