//! Counts, queues and processes, read at one moment.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use jobs_core::{Counts, Error, JobStats, ProcessRecord, QueueRecord, State, Timestamp};
use jobs_redis::RegisteredProcess;

use crate::SidekiqStore;
use crate::payload::{Payload, times};
use crate::scripts;

/// A queue: its name, how many jobs it has, and the text that is next. Names may be any bytes in Redis.
type QueueRow = (Vec<u8>, u64, Vec<Vec<u8>>);

/// What the script answers.
type FiguresReply = (u64, u64, Vec<String>, Vec<QueueRow>, Vec<Vec<u8>>, BTreeMap<Vec<u8>, Vec<u8>>, String, String);

/// The figures of the store.
pub(crate) struct Figures {
    scheduled: u64,
    failed: u64,
    /// How many jobs each process holds.
    claimed: HashMap<String, u64>,
    queues: Vec<(String, u64, Vec<Vec<u8>>)>,
    paused: BTreeSet<String>,
    processes: Vec<RegisteredProcess>,
    /// When the next scheduled job is due.
    next_due: Option<Timestamp>,
}

impl SidekiqStore {
    pub(crate) async fn figures(&self) -> Result<Figures, Error> {
        let arguments = [self.options.namespace_prefix().into_bytes()];
        let answer: FiguresReply = self.link.run(&scripts::FIGURES, &arguments, "read figures").await?;
        let (scheduled, failed, claimed, queues, paused, processes, first, second) = answer;
        let claimed = claimed.chunks_exact(2).filter_map(|pair| Some((pair[0].clone(), pair[1].parse().ok()?)));
        let scores = [first, second].into_iter().filter_map(|score| score.parse().ok());
        Ok(Figures {
            scheduled,
            failed,
            claimed: claimed.collect(),
            queues: queues.into_iter().map(|(name, jobs, next)| (text_of(&name), jobs, next)).collect(),
            paused: paused.iter().map(|name| text_of(name)).collect(),
            processes: processes.into_values().filter_map(RegisteredProcess::parse).collect(),
            next_due: scores.min_by(f64::total_cmp).map(times::of_seconds),
        })
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

impl Figures {
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        counts.add(State::Scheduled, self.scheduled);
        counts.add(State::Ready, self.queues.iter().map(|(_, jobs, _)| jobs).sum());
        counts.add(State::Claimed, self.claimed.values().sum());
        counts.add(State::Failed, self.failed);
        counts
    }

    /// The queues with jobs, and those that are paused. The latency is that of the job that is next.
    pub(crate) fn queues(&self, now: Timestamp) -> Vec<QueueRecord> {
        let with_jobs = self.queues.iter().filter(|(_, jobs, _)| *jobs > 0);
        let mut records: Vec<QueueRecord> = with_jobs
            .map(|(name, jobs, next)| {
                QueueRecord::new(name.clone(), *jobs, latency(next, now), self.paused.contains(name))
            })
            .collect();
        let busy: BTreeSet<String> = records.iter().map(|record| record.name.clone()).collect();
        let idle = self.paused.difference(&busy);
        records.extend(idle.map(|name| QueueRecord::new(name.clone(), 0, Duration::ZERO, true)));
        records.sort_by(|one, other| one.name.cmp(&other.name));
        records
    }

    /// The registered processes, the oldest first.
    pub(crate) fn processes(&self) -> Vec<ProcessRecord> {
        let with_claims = |registered: &RegisteredProcess| {
            let mut record = registered.record.clone();
            record.claimed = self.claimed.get(&record.process.id.to_string()).copied().unwrap_or(0);
            record
        };
        let mut records: Vec<ProcessRecord> = self.processes.iter().map(with_claims).collect();
        records.sort_by_key(|record| (record.started_at, record.process.id));
        records
    }
}

/// A name as a text; what is not UTF-8 in it is shown as a replacement.
pub(super) fn text_of(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

fn latency(next: &[Vec<u8>], now: Timestamp) -> Duration {
    let text = next.first().and_then(|text| std::str::from_utf8(text).ok());
    let payload = text.and_then(|text| Payload::parse(text).ok());
    payload.map(|payload| now.duration_since(payload.ready_at())).unwrap_or_default()
}
