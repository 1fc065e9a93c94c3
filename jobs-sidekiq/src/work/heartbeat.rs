//! Heartbeats, for us and for the pages of Sidekiq, and what is asked of the process in return.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use jobs_core::{
    Error, HeartbeatReply, HeartbeatSender, Heartbeats, LogText, Process, ProcessId, ProcessStatus, StoreFuture,
    Timestamp,
};
use redis::Value;
use serde_json::json;
use tokio::time::Instant;

use super::claimed_text::ClaimedText;
use super::process_view::ProcessView;
use crate::SidekiqStore;
use crate::keys;
use crate::payload::Payload;
use crate::payload::times::seconds;
use crate::scripts;
use jobs_redis::{Link, asked_status};

/// Of so many running jobs the page shows what they are.
const SHOWN: usize = 200;

const DOING: &str = "send a heartbeat";

impl SidekiqStore {
    pub(crate) fn view(&self) -> MutexGuard<'_, ProcessView> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn beat(&self, process: &Process, link: &Link) -> Result<HeartbeatReply, Error> {
        if process.phase == ProcessStatus::Stopped {
            return self.stop(process, link).await;
        }
        self.look_at_fleet(link).await?;
        self.flush_metrics(link).await;
        let asked = Instant::now();
        let (busy, running) = self.running(process.id, link).await?;
        let arguments = self.beat_arguments(process, busy, asked.elapsed(), running);
        let (was_recovered, asked): (bool, Option<String>) = link.run(&scripts::BEAT, &arguments, DOING).await?;
        Ok(HeartbeatReply::new(was_recovered, process.phase, asked_status(asked.as_deref(), process.phase)))
    }

    /// Writes the metrics. A heartbeat is more important than these.
    async fn flush_metrics(&self, link: &Link) {
        if let Err(error) = self.write_metrics(link).await {
            tracing::warn!(
                error = %LogText::field(&error),
                "the figures of the last seconds are not on Sidekiq's metrics page"
            );
        }
    }

    async fn stop(&self, process: &Process, link: &Link) -> Result<HeartbeatReply, Error> {
        self.flush_metrics(link).await;
        let words = [
            self.options.namespace_prefix(),
            self.changes.channel().to_owned(),
            process.id.to_string(),
            identity(process),
        ];
        let arguments: Vec<Vec<u8>> = words.map(String::into_bytes).into();
        let was_recovered: bool = link.run(&scripts::STOP, &arguments, "stop a process").await?;
        self.known.forget(process.id);
        self.view().forget(process.id);
        self.changes.notify();
        Ok(HeartbeatReply::new(was_recovered, process.phase, process.phase))
    }

    /// How many jobs the process holds, and some of them as fields of the work hash.
    async fn running(&self, process: ProcessId, link: &Link) -> Result<(u64, Vec<Vec<u8>>), Error> {
        let key = self.key(&keys::claimed(&process.to_string()));
        let mut commands = redis::pipe();
        commands.cmd("HLEN").arg(&key).cmd("HSCAN").arg(&key).arg(0).arg("COUNT").arg(SHOWN);
        let (busy, (_, held)): (u64, (Value, BTreeMap<String, Vec<u8>>)) = link.commands(&commands, DOING).await?;
        let mut fields = Vec::new();
        for (thread, held) in held.values().take(SHOWN).filter_map(|value| ClaimedText::parse(value)).enumerate() {
            // What is not the payload of a job is put aside in a moment.
            let payload = std::str::from_utf8(&held.text).ok().filter(|text| Payload::parse(text).is_ok());
            let Some(payload) = payload else { continue };
            let work = json!({ "queue": held.queue, "payload": payload, "run_at": held.since });
            fields.push(format!("r{thread:03}").into_bytes());
            fields.push(work.to_string().into_bytes());
        }
        Ok((busy, fields))
    }

    fn beat_arguments(
        &self,
        process: &Process,
        busy: u64,
        round_trip: Duration,
        running: Vec<Vec<u8>>,
    ) -> Vec<Vec<u8>> {
        let now = self.clock.now();
        let description = serde_json::to_string(process).unwrap_or_default();
        let mut arguments: Vec<Vec<u8>> = [
            self.options.namespace_prefix(),
            process.id.to_string(),
            now.as_micros().to_string(),
            description,
            identity(process),
        ]
        .map(String::into_bytes)
        .into();
        let fields = self.fields(process, busy, round_trip, now);
        arguments.push(fields.len().to_string().into_bytes());
        arguments.extend(fields.into_iter().map(String::into_bytes));
        arguments.push(running.len().to_string().into_bytes());
        arguments.extend(running);
        arguments
    }

    /// The hash of the process, with what the pages of all versions read.
    fn fields(&self, process: &Process, busy: u64, round_trip: Duration, now: Timestamp) -> Vec<String> {
        let mut view = self.view();
        let started = view.started(process.id, now);
        let (queues, capacity) = (view.queues(process.id), view.capacity(process.id));
        let quiet = process.phase != ProcessStatus::Running;
        drop(view);
        let concurrency = u64::try_from(capacity).unwrap_or(0).max(busy).max(1);
        let weights: BTreeMap<&String, u32> = queues.iter().map(|queue| (queue, 0)).collect();
        let info = json!({
            "hostname": process.host, "started_at": seconds(started), "pid": process.pid, "tag": process.name,
            "concurrency": concurrency, "queues": queues, "weights": [weights], "labels": ["rust"],
            "identity": identity(process), "embedded": self.options.is_embedded,
        });
        let pairs = [
            ("info", info.to_string()),
            ("concurrency", concurrency.to_string()),
            ("busy", busy.to_string()),
            ("beat", format!("{:?}", seconds(now))),
            ("rtt_us", round_trip.as_micros().to_string()),
            ("quiet", quiet.to_string()),
            ("rss", memory_kib().to_string()),
        ];
        pairs.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect()
    }
}

/// The name of a process in the set `processes`: host, process id, and twelve hexadecimal digits.
pub(crate) fn identity(process: &Process) -> String {
    let digits = process.id.to_string();
    let last = digits.len().saturating_sub(12);
    format!("{}:{}:{}", process.host, process.pid, digits.get(last..).unwrap_or(&digits))
}

/// The resident memory of this process in KiB, where the system tells it by `/proc`; otherwise zero.
fn memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Heartbeats over a connection of their own.
struct SidekiqSender<'s> {
    store: &'s SidekiqStore,
    link: Link,
}

impl Heartbeats for SidekiqStore {
    fn sender(&self) -> Box<dyn HeartbeatSender + '_> {
        Box::new(SidekiqSender { store: self, link: self.link.another() })
    }
}

impl HeartbeatSender for SidekiqSender<'_> {
    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        Box::pin(self.store.beat(process, &self.link))
    }
}
