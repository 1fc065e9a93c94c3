//! All statistics, from one snapshot.

use std::time::Duration;

use jobs_core::{JobStats, OldestSnapshot, QueueListBuilder, RecurringTasks, State, Timestamp, Totals};

use super::queries::processes;
use crate::codec::bind::{count, duration_between};
use crate::codec::nul_escape::unescape_nul;
use crate::connection::session::Session;
use crate::error::Result;
use crate::recurring;
use crate::statements::Sql;

/// The jobs that are not done are read once for all statistics.
pub(crate) async fn stats(session: &Session, now: Option<i64>, schema: &str) -> Result<JobStats> {
    session.snapshot_of_tables(read(session, now, schema)).await
}

async fn read(session: &Session, now: Option<i64>, schema: &str) -> Result<JobStats> {
    let first = session.query_one(Sql::StatsTotals, &[&now, &schema]).await?;
    let now: i64 = first.try_get(0)?;
    let mut stats = JobStats::at(Timestamp::from_micros(now));
    stats.counts.add(State::Finished, count(first.try_get(2)?));
    stats.counts.add(State::Discarded, count(first.try_get(3)?));
    let sequences: Option<(i64, i64)> = first.try_get::<_, Option<i64>>(6)?.zip(first.try_get(7)?);
    if let Some((enqueued, errors)) = sequences {
        let mut totals = Totals::default();
        (totals.enqueued, totals.errors) = (count(enqueued), count(errors));
        (totals.finished, totals.discarded) = (count(first.try_get(4)?), count(first.try_get(5)?));
        stats.totals = Some(totals);
    }
    let mut queues = jobs(session, now, &mut stats).await?;
    for name in first.try_get::<_, Vec<String>>(1)? {
        queues.pause(unescape_nul(name));
    }
    stats.queues = queues.finish();
    stats.late_tick = RecurringTasks::new(stats.at, recurring::all(session).await?).late_tick();
    stats.oldest_snapshot = oldest_snapshot(session).await?;
    stats.processes = processes(session).await?;
    Ok(stats)
}

/// What holds the oldest snapshot, if it is one to speak of.
async fn oldest_snapshot(session: &Session) -> Result<Option<OldestSnapshot>> {
    let rows = session.query(Sql::StatsSnapshot, &[]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let mut snapshot = OldestSnapshot::default();
    snapshot.holder = row.try_get(0)?;
    (snapshot.pid, snapshot.name, snapshot.user) = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
    snapshot.state = row.try_get(4)?;
    snapshot.age = row.try_get::<_, Option<i64>>(5)?.map(|micros| Duration::from_micros(count(micros)));
    snapshot.transactions = count(row.try_get(6)?);
    let is_old = snapshot.age.map_or(snapshot.transactions >= MANY, |age| age >= Duration::from_secs(1));
    Ok(is_old.then_some(snapshot))
}

/// So many transactions are told of if the age is not known.
const MANY: u64 = 10_000;

/// Counts the jobs that are not done.
async fn jobs(session: &Session, now: i64, stats: &mut JobStats) -> Result<QueueListBuilder> {
    const COUNTED: [State; 5] = [State::Scheduled, State::Blocked, State::Ready, State::Claimed, State::Failed];
    let mut queues = QueueListBuilder::default();
    for row in session.query(Sql::StatsJobs, &[]).await? {
        let queue = unescape_nul(row.try_get(0)?);
        for (index, state) in (1..).zip(COUNTED) {
            let jobs = count(row.try_get(index)?);
            stats.counts.add(state, jobs);
            queues.add(queue.clone(), state, jobs);
        }
        if let Some(due) = row.try_get::<_, Option<i64>>(7)? {
            stats.dispatch_latency = stats.dispatch_latency.max(duration_between(due, now));
        }
        if let Some(due) = row.try_get::<_, Option<i64>>(6)? {
            queues.waited(queue, duration_between(due, now));
        }
    }
    Ok(queues)
}
