//! The processes of Sidekiq in Ruby, as processes among those of ours.

use std::collections::BTreeMap;

use jobs_core::{Error, Process, ProcessDetails, ProcessId, ProcessRecord, ProcessStatus, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::SidekiqStore;
use crate::payload::times;
use crate::work::is_ours;

/// How many processes are read at a time.
const AT_A_TIME: usize = 500;

/// The namespace of the ids that are computed from identities.
const OF_IDENTITIES: Uuid = Uuid::from_u128(0x6a0f_35c1_7be2_5d19_93a4_08d7_f1be_42c6);

/// A living process of Ruby.
pub(crate) struct RubyProcess {
    /// Its name in the set of processes.
    pub(crate) identity: String,
    pub(crate) record: ProcessRecord,
}

/// What a process says of itself. Versions put the same at other places, so that what is missing here is not an error.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RubyDescription {
    hostname: String,
    pid: u32,
    started_at: f64,
    version: Option<String>,
    concurrency: Option<u64>,
    queues: Vec<String>,
    capsules: BTreeMap<String, Value>,
    /// It runs inside of another program, and takes no signals.
    embedded: bool,
}

/// The fields of its hash: `info`, `beat`, `busy`, `quiet`.
type RubyProcessFields = [Option<String>; 4];

impl SidekiqStore {
    /// The living processes of Ruby, by their identities. The time of a heartbeat is that of the clock of its machine.
    pub(crate) async fn ruby_processes(&self) -> Result<Vec<RubyProcess>, Error> {
        let doing = "read the processes of Ruby";
        let mut commands = redis::pipe();
        commands.cmd("SMEMBERS").arg(self.key("processes"));
        let (mut identities,): (Vec<String>,) = self.link.commands(&commands, doing).await?;
        identities.sort();
        let mut processes = Vec::new();
        for some in identities.chunks(AT_A_TIME) {
            let mut commands = redis::pipe();
            for identity in some {
                commands.cmd("HMGET").arg(self.key(identity)).arg(&["info", "beat", "busy", "quiet"]);
            }
            let rows: Vec<RubyProcessFields> = self.link.commands(&commands, doing).await?;
            let of_ruby = |(identity, row): (&String, RubyProcessFields)| {
                Some(RubyProcess { identity: identity.clone(), record: record(identity, &row)? })
            };
            processes.extend(some.iter().zip(rows).filter_map(of_ruby));
        }
        Ok(processes)
    }
}

/// A process of Ruby; `None` if its hash has expired, or if it is one of ours.
fn record(identity: &str, [info, beat, busy, quiet]: &RubyProcessFields) -> Option<ProcessRecord> {
    let text = info.as_deref().filter(|info| !is_ours(info))?;
    let info: RubyDescription = serde_json::from_str(text).unwrap_or_default();
    let [high @ .., _, _, _, _, _, _, _, _] = *Uuid::new_v5(&OF_IDENTITIES, identity.as_bytes()).as_bytes();
    let id = ProcessId::new(i64::from_be_bytes(high) & i64::MAX);
    let mut process = Process::new(id, identity, info.hostname, info.pid);
    if quiet.as_deref() == Some("true") {
        process.phase = ProcessStatus::Quiet;
    }
    let of_capsules = info.capsules.values().filter_map(|capsule| capsule.get("concurrency")?.as_u64()).sum();
    let slots = info.concurrency.unwrap_or(of_capsules);
    // Sidekiq 6 does not tell its version.
    let version = format!("Sidekiq {}", info.version.as_deref().unwrap_or("6"));
    process.details = ProcessDetails::new(slots, info.queues, Some(version));
    let started = times::of_seconds(info.started_at);
    let beat: Option<Timestamp> = beat.as_deref().and_then(|beat| beat.parse().ok()).map(times::of_seconds);
    let busy = busy.as_deref().and_then(|busy| busy.parse().ok()).unwrap_or(0);
    let record = ProcessRecord::new(process, started, beat.unwrap_or(started), busy);
    Some(record.taking_orders(!info.embedded))
}
