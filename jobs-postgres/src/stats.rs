//! All figures, of one moment.

use std::collections::BTreeMap;

use jobs_core::{JobStats, ProcessId, QueueRecord, State, Timestamp, Totals};

use crate::bind::{between, number};
use crate::error::Result;
use crate::look::process;
use crate::session::Session;
use crate::statements::Sql;
use crate::text;

/// The jobs that are not done are read once, for all that is said of them.
pub(crate) async fn stats(session: &Session, now: Option<i64>, schema: &str) -> Result<JobStats> {
    session.at_one_moment(look(session, now, schema)).await
}

async fn look(session: &Session, now: Option<i64>, schema: &str) -> Result<JobStats> {
    let first = session.query_one(Sql::StatsTotals, &[&now, &schema]).await?;
    let now: i64 = first.try_get(0)?;
    let mut stats = JobStats::at(Timestamp::from_micros(now));
    stats.counts.add(State::Finished, number(first.try_get(2)?));
    stats.counts.add(State::Discarded, number(first.try_get(3)?));
    let numbered: Option<(i64, i64)> = first.try_get::<_, Option<i64>>(6)?.zip(first.try_get(7)?);
    if let Some((enqueued, errors)) = numbered {
        let mut totals = Totals::default();
        (totals.enqueued, totals.errors) = (number(enqueued), number(errors));
        (totals.finished, totals.discarded) = (number(first.try_get(4)?), number(first.try_get(5)?));
        stats.totals = Some(totals);
    }
    let mut queues: BTreeMap<String, QueueRecord> = BTreeMap::new();
    for name in first.try_get::<_, Vec<String>>(1)?.into_iter().map(text::read) {
        let queue = QueueRecord::new(name.clone(), 0, std::time::Duration::ZERO, true);
        queues.insert(name, queue);
    }
    let held = jobs(session, now, &mut stats, &mut queues).await?;
    stats.queues = queues.into_values().collect();
    let known = session.query(Sql::StatsProcesses, &[]).await?;
    stats.processes = known.iter().map(process).collect::<Result<_>>()?;
    for record in &mut stats.processes {
        record.claimed = held.get(&record.process.id).copied().unwrap_or(0);
    }
    Ok(stats)
}

/// Counts the jobs that are not done. How many each process holds.
async fn jobs(
    session: &Session,
    now: i64,
    stats: &mut JobStats,
    queues: &mut BTreeMap<String, QueueRecord>,
) -> Result<BTreeMap<ProcessId, u64>> {
    let mut held = BTreeMap::new();
    for row in session.query(Sql::StatsJobs, &[]).await? {
        let count = |place| Ok::<_, crate::error::Trouble>(number(row.try_get(place)?));
        for (state, place) in [(State::Scheduled, 2), (State::Blocked, 3), (State::Failed, 5)] {
            stats.counts.add(state, count(place)?);
        }
        let ready = count(4)?;
        if let Some(process) = row.try_get::<_, Option<i64>>(1)? {
            stats.counts.add(State::Claimed, ready);
            *held.entry(ProcessId::new(process)).or_default() += ready;
        } else if ready > 0 {
            stats.counts.add(State::Ready, ready);
            let queue = queues.entry(text::read(row.try_get(0)?));
            let name = queue.key().clone();
            let queue = queue.or_insert_with(|| empty(name));
            queue.ready = ready;
            queue.latency = row.try_get::<_, Option<i64>>(6)?.map(|due| between(due, now)).unwrap_or_default();
        }
    }
    Ok(held)
}

fn empty(name: String) -> QueueRecord {
    QueueRecord::new(name, 0, std::time::Duration::ZERO, false)
}
