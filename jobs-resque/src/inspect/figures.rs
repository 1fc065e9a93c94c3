//! Counts, queues and processes, read at one moment.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jobs_core::{Counts, Error, JobStats, ProcessId, ProcessRecord, QueueRecord, State, Timestamp};
use jobs_redis::RegisteredProcess;

use crate::{Payload, ResqueStore, WorkerId, scripts};

/// So many of the newest failure records are looked at for those that were retried. Older ones all count as failures.
const RETRIED_AMONG: usize = 10_000;

/// So many of them at a time, between which Redis serves others.
const AT_A_TIME: usize = 500;

const DOING: &str = "read figures";

/// A queue: its name, how many jobs it has, whether it is paused, and the text that is next.
type QueueRow = (Vec<u8>, u64, bool, Vec<Vec<u8>>);

/// What the script answers. Names that Ruby or a program has chosen may be no UTF-8.
type FiguresReply =
    (u64, Vec<(Vec<u8>, usize)>, Vec<Vec<u8>>, Vec<QueueRow>, BTreeMap<String, Vec<u8>>, String, Option<i64>);

/// The figures of the store.
pub(crate) struct FleetFigures {
    scheduled: u64,
    failed: usize,
    /// The workers that perform something, those of Ruby too.
    working: Vec<Vec<u8>>,
    queues: Vec<QueueRow>,
    processes: Vec<RegisteredProcess>,
    /// When the next scheduled job is due.
    next_due: Option<Timestamp>,
}

impl ResqueStore {
    pub(crate) async fn figures(&self) -> Result<FleetFigures, Error> {
        let arguments = [self.options.keys.prefix().into_bytes()];
        let answer: FiguresReply = self.link.run(&scripts::FIGURES, &arguments, DOING).await?;
        let (scheduled, lists, working, queues, processes, soon, second) = answer;
        let mut failed = 0;
        for (list, length) in lists {
            failed += length.saturating_sub(self.retried_in(&list, length).await?);
        }
        let soon = soon.parse().ok().map(crate::work::of_score);
        let second = second.map(|second| Timestamp::from_micros(second.saturating_mul(1_000_000)));
        let processes = processes.into_values().filter_map(RegisteredProcess::parse).collect();
        Ok(FleetFigures {
            scheduled,
            failed,
            working,
            queues,
            processes,
            next_due: soon.into_iter().chain(second).min(),
        })
    }

    /// How many of the newest failure records of a list of this length were retried.
    async fn retried_in(&self, list: &[u8], length: usize) -> Result<usize, Error> {
        let mut retried = 0;
        for from in (length.saturating_sub(RETRIED_AMONG)..length).step_by(AT_A_TIME) {
            let to = (from + AT_A_TIME).min(length) - 1;
            let key = [self.options.keys.prefix().as_bytes(), list].concat();
            let arguments = [key, from.to_string().into_bytes(), to.to_string().into_bytes()];
            let some: usize = self.link.run(&scripts::RETRIED, &arguments, DOING).await?;
            retried += some;
        }
        Ok(retried)
    }

    pub(crate) async fn read_stats(&self) -> Result<JobStats, Error> {
        let figures = self.figures().await?;
        let now = self.clock.now();
        let mut stats = JobStats::at(now);
        stats.counts = figures.counts();
        stats.queues = figures.queues(now);
        stats.dispatch_latency = figures.next_due.map(|due| now.duration_since(due)).unwrap_or_default();
        stats.processes = self.with_oldest_claims(figures.processes()).await?;
        stats.late_tick = self.task_records().all().await?.late_tick();
        Ok(stats)
    }
}

impl FleetFigures {
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        counts.add(State::Scheduled, self.scheduled);
        counts.add(State::Ready, self.queues.iter().map(|(_, jobs, ..)| jobs).sum());
        counts.add(State::Claimed, u64::try_from(self.working.len()).unwrap_or(0));
        counts.add(State::Failed, u64::try_from(self.failed).unwrap_or(0));
        counts
    }

    /// The queues with jobs, and those that are paused. The latency is that of the job that is next, if its payload tells.
    pub(crate) fn queues(&self, now: Timestamp) -> Vec<QueueRecord> {
        let shown = self.queues.iter().filter(|(_, jobs, paused, _)| *jobs > 0 || *paused);
        let mut records: Vec<QueueRecord> = shown
            .map(|(name, jobs, paused, next)| {
                QueueRecord::new(String::from_utf8_lossy(name).into_owned(), *jobs, latency(next, now), *paused)
            })
            .collect();
        records.sort_by(|one, other| one.name.cmp(&other.name));
        records
    }

    /// The registered processes of ours, the oldest first.
    pub(crate) fn processes(&self) -> Vec<ProcessRecord> {
        let mut claimed: HashMap<ProcessId, u64> = HashMap::new();
        for process in self.working.iter().filter_map(|worker| process_of(worker)) {
            *claimed.entry(process).or_default() += 1;
        }
        let with_claims = |registered: &RegisteredProcess| {
            let mut record = registered.record.clone();
            record.claimed = claimed.get(&record.process.id).copied().unwrap_or(0);
            record
        };
        let mut records: Vec<ProcessRecord> = self.processes.iter().map(with_claims).collect();
        records.sort_by_key(|record| (record.started_at, record.process.id));
        records
    }
}

/// The process of ours that has this worker.
fn process_of(worker: &[u8]) -> Option<ProcessId> {
    WorkerId::parse(std::str::from_utf8(worker).ok()?).ok()?.process()
}

fn latency(next: &[Vec<u8>], now: Timestamp) -> Duration {
    let text = next.first().and_then(|text| std::str::from_utf8(text).ok());
    let due = text.and_then(|text| Payload::parse(text).ok()?.due_at());
    due.map(|due| now.duration_since(due)).unwrap_or_default()
}
