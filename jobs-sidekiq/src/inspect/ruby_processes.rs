//! The processes of Sidekiq in Ruby, as processes among those of ours.

use std::collections::BTreeMap;
use std::str::FromStr;

use jobs_core::{Error, Process, ProcessDetails, ProcessId, ProcessRecord, ProcessStatus, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::SidekiqStore;
use crate::payload::times;
use crate::work::is_ours;

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
type RubyProcessFields = [Option<Vec<u8>>; 4];

impl SidekiqStore {
    /// The living processes of Ruby, by their identities. The time of a heartbeat is that of the clock of its machine.
    pub(crate) async fn ruby_processes(&self) -> Result<Vec<RubyProcess>, Error> {
        let fields = ["info", "beat", "busy", "quiet"];
        let hashes = self.process_hashes(fields, &self.link, "read the processes of Ruby").await?;
        let of_ruby = |(identity, fields): (String, RubyProcessFields)| {
            let record = record(&identity, &fields)?;
            Some(RubyProcess { identity, record })
        };
        Ok(hashes.into_iter().filter_map(of_ruby).collect())
    }
}

/// A process of Ruby; `None` if its hash has expired, or if it is one of ours.
fn record(identity: &str, [info, beat, busy, quiet]: &RubyProcessFields) -> Option<ProcessRecord> {
    let text = info.as_deref().filter(|info| !is_ours(info))?;
    let info: RubyDescription = serde_json::from_slice(text).unwrap_or_default();
    let [high @ .., _, _, _, _, _, _, _, _] = *Uuid::new_v5(&OF_IDENTITIES, identity.as_bytes()).as_bytes();
    let id = ProcessId::new(i64::from_be_bytes(high) & i64::MAX);
    let mut process = Process::new(id, identity, info.hostname, info.pid);
    if quiet.as_deref() == Some(b"true") {
        process.phase = ProcessStatus::Quiet;
    }
    let of_capsules = info.capsules.values().filter_map(|capsule| capsule.get("concurrency")?.as_u64()).sum();
    let slots = info.concurrency.unwrap_or(of_capsules);
    // Sidekiq 6 does not tell its version.
    let version = format!("Sidekiq {}", info.version.as_deref().unwrap_or("6"));
    process.details = ProcessDetails::new(slots, info.queues, Some(version));
    let started = times::of_seconds(info.started_at);
    let beat: Option<Timestamp> = number(beat.as_deref()).map(times::of_seconds);
    let busy = number(busy.as_deref()).unwrap_or(0);
    let record = ProcessRecord::new(process, started, beat.unwrap_or(started), busy);
    Some(record.taking_orders(!info.embedded))
}

fn number<T: FromStr>(text: Option<&[u8]>) -> Option<T> {
    std::str::from_utf8(text?).ok()?.parse().ok()
}
