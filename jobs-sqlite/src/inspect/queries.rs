//! Queries for single jobs, counts, queues and processes.

use jobs_core::{
    AttemptLog, Counts, JobId, JobRecord, JobStats, Process, ProcessDetails, ProcessId, ProcessRecord, ProcessStatus,
    QueueListBuilder, QueueRecord, RecurringTasks, State, Timestamp, Totals,
};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::error::Result;
use crate::record::{errors_with_logs, job, time};
use crate::recurring;
use crate::statements::{COUNTS, FIND, FINISHED_LOG_OF, NEXT_DUE, PROCESSES, QUEUES, STATS};

pub(crate) fn find(connection: &Connection, id: JobId) -> Result<Option<JobRecord>> {
    let mut statement = connection.prepare_cached(FIND)?;
    let found = statement.query_row([id.as_bytes()], |row| Ok(job(row))).optional()?;
    let Some(mut found) = found.transpose()?.flatten() else { return Ok(None) };
    found.errors = errors_with_logs(connection, found.id)?;
    if found.state == State::Finished {
        let log = connection.prepare_cached(FINISHED_LOG_OF)?.query_row([found.id.as_bytes()], log).optional()?;
        (found.log, found.finished_by) = log.unwrap_or_default();
    }
    Ok(Some(found))
}

/// What the attempt logged that finished a job, and its process.
fn log(row: &Row<'_>) -> rusqlite::Result<(Option<Box<AttemptLog>>, Option<ProcessId>)> {
    Ok((AttemptLog::from_json(row.get_ref(0)?.as_str().ok()), Some(ProcessId::new(row.get(1)?))))
}

pub(crate) fn counts(connection: &Connection) -> Result<Counts> {
    const COUNTED: [State; 7] = [
        State::Scheduled,
        State::Blocked,
        State::Ready,
        State::Claimed,
        State::Failed,
        State::Discarded,
        State::Finished,
    ];
    let mut statement = connection.prepare_cached(COUNTS)?;
    Ok(statement.query_row([], |row| {
        let mut counts = Counts::default();
        for (index, state) in COUNTED.into_iter().enumerate() {
            counts.add(state, count(row, index)?);
        }
        Ok(counts)
    })?)
}

/// All statistics, each read once.
pub(crate) fn stats(connection: &Connection, now: Timestamp) -> Result<JobStats> {
    const COUNTED: [State; 6] =
        [State::Scheduled, State::Blocked, State::Claimed, State::Failed, State::Discarded, State::Finished];
    let mut stats = JobStats::at(now);
    stats.queues = queues(connection, now)?;
    stats.processes = processes(connection)?;
    let next: Option<i64> = connection.prepare_cached(NEXT_DUE)?.query_row([], |row| row.get(0))?;
    stats.dispatch_latency = next.map(|due| now.duration_since(Timestamp::from_micros(due))).unwrap_or_default();
    stats.late_tick = RecurringTasks::new(now, recurring::all(connection)?).late_tick();
    stats.counts.add(State::Ready, stats.queues.iter().map(|queue| queue.ready).sum());
    connection.prepare_cached(STATS)?.query_row([], |row| {
        for (index, state) in COUNTED.into_iter().enumerate() {
            stats.counts.add(state, count(row, index)?);
        }
        let mut totals = Totals::default();
        (totals.enqueued, totals.finished) = (count(row, 6)?, count(row, 7)?);
        (totals.discarded, totals.errors) = (count(row, 8)?, count(row, 9)?);
        stats.totals = Some(totals);
        Ok(())
    })?;
    Ok(stats)
}

fn count(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(index)?).unwrap_or(0))
}

pub(crate) fn queues(connection: &Connection, now: Timestamp) -> Result<Vec<QueueRecord>> {
    let mut statement = connection.prepare_cached(QUEUES)?;
    let mut list = QueueListBuilder::default();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let queue: String = row.get(0)?;
        let Some(state) = row.get::<_, Option<u8>>(1)? else {
            list.pause(queue);
            continue;
        };
        if let Some(due) = row.get::<_, Option<i64>>(3)? {
            list.waited(queue.clone(), now.duration_since(Timestamp::from_micros(due)));
        }
        if let Some(state) = State::ALL.get(usize::from(state)) {
            list.add(queue, *state, count(row, 2)?);
        }
    }
    Ok(list.finish())
}

pub(crate) fn processes(connection: &Connection) -> Result<Vec<ProcessRecord>> {
    let mut statement = connection.prepare_cached(PROCESSES)?;
    let found = statement.query_map([], process)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn process(row: &Row<'_>) -> rusqlite::Result<ProcessRecord> {
    let id = ProcessId::new(row.get(0)?);
    let mut process = Process::new(id, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get(3)?);
    process.phase = ProcessStatus::parse(&row.get::<_, String>(4)?).unwrap_or(ProcessStatus::Running);
    let (slow, details): (Option<String>, Option<String>) = (row.get(8)?, row.get(9)?);
    process.details = ProcessDetails::from_json(details.as_deref());
    Ok(ProcessRecord::new(
        process.with_slow_json(slow.as_deref()),
        Timestamp::from_micros(row.get(5)?),
        Timestamp::from_micros(row.get(6)?),
        count(row, 7)?,
    )
    .with_oldest_claim(time(row, 10)?))
}
