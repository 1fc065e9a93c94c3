//! The workers of Ruby, as processes among those of ours.

use std::collections::BTreeSet;

use jobs_core::{Error, Process, ProcessDetails, ProcessId, ProcessRecord, Timestamp};
use jobs_redis::redis::{self, FromRedisValue, Value};

use crate::payload::id_of_text;
use crate::{ResqueStore, WorkerId, read_time};

/// How many workers are read at a time.
const AT_A_TIME: usize = 500;

/// What Redis has of a worker: its last heartbeat, since when it is registered, and whether it performs something.
type WorkerRow = (Option<String>, Option<String>, bool);

impl ResqueStore {
    /// The registered workers of Ruby, by their ids. Each performs one job at a time.
    pub(crate) async fn ruby_workers(&self) -> Result<Vec<ProcessRecord>, Error> {
        let workers: BTreeSet<String> = self.members(&self.options.keys.workers()).await?.into_iter().collect();
        let with_id = |text: String| WorkerId::parse(&text).ok().map(|id| (text, id));
        let workers: Vec<(String, WorkerId)> =
            workers.into_iter().filter_map(with_id).filter(|(_, id)| !id.is_ours()).collect();
        let (keys, now, mut records) = (&self.options.keys, self.clock.now(), Vec::new());
        for some in workers.chunks(AT_A_TIME) {
            let mut commands = redis::pipe();
            for (text, _) in some {
                commands.cmd("HGET").arg(keys.heartbeats()).arg(text);
                commands.cmd("GET").arg(keys.started(text)).cmd("EXISTS").arg(keys.worker(text));
            }
            let values: Vec<Value> = self.link.commands(&commands, "read the workers of Ruby").await?;
            for ((text, id), row) in some.iter().zip(values.chunks_exact(3)) {
                let row = WorkerRow::from_redis_value(Value::Array(row.to_vec())).unwrap_or_default();
                records.push(record(text, id, &row, now));
            }
        }
        Ok(records)
    }
}

/// A worker as a process. Its identity is that of its id, and its name the whole of it, with the queues.
fn record(text: &str, id: &WorkerId, (beat, started, is_busy): &WorkerRow, now: Timestamp) -> ProcessRecord {
    let [high @ .., _, _, _, _, _, _, _, _] = *id_of_text(text.as_bytes()).as_bytes();
    let identity = ProcessId::new(i64::from_be_bytes(high) & i64::MAX);
    let time = |text: &Option<String>| read_time(text.as_deref()?);
    let started = time(started).or_else(|| time(beat)).unwrap_or(now);
    let mut process = Process::new(identity, text, &*id.host, id.pid.parse().unwrap_or(0));
    process.details = ProcessDetails::new(1, id.queues.iter().cloned(), Some("Resque".to_owned()));
    ProcessRecord::new(process, started, time(beat).unwrap_or(started), u64::from(*is_busy)).taking_orders(false)
}
