//! Counts, queues and processes.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jobs_core::{Counts, Error, ProcessId, ProcessRecord, QueueRecord, State};

use crate::store::StoreCore;
use crate::work::{ProcessRow, process_of};

const DOING: &str = "read the figures of jobs";

impl StoreCore {
    pub(crate) async fn read_counts(&self) -> Result<Counts, Error> {
        let mut counts = Counts::default();
        for row in self.read(include_str!("../sql/counts.sql"), &[], DOING).await? {
            let state = match row.int(0)? {
                4 => State::Failed,
                3 => State::Claimed,
                2 => State::Ready,
                _ => State::Scheduled,
            };
            counts.add(state, u64::try_from(row.int(1)?).unwrap_or(0));
        }
        Ok(counts)
    }

    pub(crate) async fn read_queues(&self) -> Result<Vec<QueueRecord>, Error> {
        let now = self.clock.now();
        let mut queues = BTreeMap::new();
        for row in self.read(include_str!("../sql/queues.sql"), &[], DOING).await? {
            let (name, ready) = (row.text(0)?.to_owned(), u64::try_from(row.int(1)?).unwrap_or(0));
            let latency = row.time_or_null(2).map(|first| now.duration_since(first)).unwrap_or_default();
            queues.insert(name.clone(), QueueRecord::new(name, ready, latency, false));
        }
        for row in self.read(include_str!("../sql/paused.sql"), &[], DOING).await? {
            let name = row.text(0)?.to_owned();
            let paused = QueueRecord::new(name.clone(), 0, Duration::ZERO, true);
            queues.entry(name).or_insert(paused).paused = true;
        }
        Ok(queues.into_values().collect())
    }

    pub(crate) async fn read_processes(&self) -> Result<Vec<ProcessRecord>, Error> {
        let mut claimed: HashMap<ProcessId, u64> = HashMap::new();
        for row in self.read(include_str!("../sql/claimed.sql"), &[], DOING).await? {
            if let Some(process) = row.text_or_null(1).and_then(process_of) {
                *claimed.entry(process).or_default() += 1;
            }
        }
        let rows = self.read(include_str!("../sql/processes.sql"), &[], DOING).await?;
        let registered = rows.iter().map(ProcessRow::read).collect::<Result<Vec<_>, _>>()?;
        let alive = registered.into_iter().filter(|one| one.recovered_at.is_none());
        let record = |one: ProcessRow| {
            let held = claimed.get(&one.process.id).copied().unwrap_or(0);
            ProcessRecord::new(one.process, one.started_at, one.heartbeat_at, held)
        };
        Ok(alive.map(record).collect())
    }

    /// For how long the scheduled job that is due first has been due.
    pub(crate) async fn dispatch_latency(&self) -> Result<Duration, Error> {
        let first = self.next_due().await?;
        Ok(first.map(|due| self.clock.now().duration_since(due)).unwrap_or_default())
    }
}
