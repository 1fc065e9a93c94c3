//! What people do to stored jobs and queues.

use jobs_core::{Due, JobId, State, Timestamp, check_queue_name};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::enqueue::rows;
use crate::error::Result;
use crate::record::state;
use crate::statements::{
    DISCARD_BY_HAND, ERRORS_FORGET, FINISHED_COUNT, PAUSE, PRUNE_DISCARDED, PRUNE_FIND, PRUNE_JOB, RESCHEDULE, RESUME,
    RETRY_BY_HAND,
};
use crate::turn::{Turn, number};
use crate::unique;

pub(crate) fn retry(turn: &Turn<'_>, jobs: &[JobId]) -> Result<u64> {
    let mut touched = 0;
    // One after the other: what one takes keeps the next one out.
    for job in jobs {
        if unique::taken_again(turn, *job)? {
            touched += each(turn, RETRY_BY_HAND, std::slice::from_ref(job), turn.now)?;
        }
    }
    Ok(touched)
}

pub(crate) fn discard(turn: &Turn<'_>, jobs: &[JobId]) -> Result<u64> {
    let mut touched = 0;
    for job in jobs {
        let is_discarded = each(turn, DISCARD_BY_HAND, std::slice::from_ref(job), turn.now)?;
        if is_discarded > 0 {
            unique::let_go(turn, job.as_bytes())?;
            turn.count(|tally| tally.discarded += 1);
        }
        touched += is_discarded;
    }
    Ok(touched)
}

pub(crate) fn reschedule(turn: &Turn<'_>, jobs: &[JobId], due: Due) -> Result<u64> {
    each(turn, RESCHEDULE, jobs, due.at(turn.now))
}

fn each(turn: &Turn<'_>, sql: &str, jobs: &[JobId], at: Timestamp) -> Result<u64> {
    let mut statement = turn.statement(sql)?;
    let mut touched = 0;
    for job in jobs {
        touched += number(statement.execute(params![job.as_bytes(), at.as_micros()])?);
    }
    if touched > 0 {
        turn.wake();
    }
    Ok(touched)
}

pub(crate) fn pause(turn: &Turn<'_>, queue: &str) -> Result<bool> {
    check_queue_name(queue)?;
    Ok(turn.execute(PAUSE, [queue])? > 0)
}

pub(crate) fn resume(turn: &Turn<'_>, queue: &str) -> Result<bool> {
    let was_paused = turn.execute(RESUME, [queue])? > 0;
    if was_paused {
        turn.wake();
    }
    Ok(was_paused)
}

/// The present, and how far back a job must have been done to be forgotten.
#[derive(Clone, Copy)]
pub(crate) struct Horizon {
    pub(crate) now: Timestamp,
    /// The last moment that counts as old.
    pub(crate) cutoff: Timestamp,
}

/// The rows of up to `limit` jobs that were done at the cutoff or before. Runs on the reader: the writer is
/// not kept waiting by a search.
pub(crate) fn prunable(connection: &Connection, horizon: Horizon, limit: usize) -> Result<Vec<i64>> {
    let mut discarded = connection.prepare_cached(PRUNE_DISCARDED)?;
    let old = discarded.query_map(params![horizon.cutoff.as_micros(), rows(limit)], |row| row.get(0))?;
    let mut found: Vec<i64> = old.collect::<rusqlite::Result<_>>()?;
    let finished: i64 = connection.prepare_cached(FINISHED_COUNT)?.query_row([], |row| row.get(0))?;
    // Where nothing finished is kept, all others would be read in vain.
    if finished > 0 {
        finished_before(connection, horizon, limit, &mut found)?;
    }
    Ok(found)
}

fn finished_before(connection: &Connection, horizon: Horizon, limit: usize, found: &mut Vec<i64>) -> Result<()> {
    let mut statement = connection.prepare_cached(PRUNE_FIND)?;
    let mut rows = statement.query([])?;
    while found.len() < limit {
        let Some(row) = rows.next()? else { break };
        match judge(row, horizon)? {
            Age::Old(seq) => found.push(seq),
            Age::Kept => {}
            Age::TooYoung => break,
        }
    }
    Ok(())
}

enum Age {
    Old(i64),
    Kept,
    /// Neither this job nor one that arrived later can have been done early enough.
    TooYoung,
}

fn judge(row: &Row<'_>, horizon: Horizon) -> rusqlite::Result<Age> {
    let done: Option<i64> = row.get(2)?;
    let (now, cutoff) = (horizon.now.as_micros(), horizon.cutoff.as_micros());
    let is_finished = state(row.get(1).unwrap_or_default()) == State::Finished;
    Ok(match done {
        Some(at) if is_finished && at <= cutoff => Age::Old(row.get(0)?),
        // One that arrived in a time to come tells that the clock was set back, and nothing of those after it.
        _ if (cutoff.saturating_add(1)..=now).contains(&row.get(3)?) => Age::TooYoung,
        _ => Age::Kept,
    })
}

/// Forgets these rows, if they are still done and old.
pub(crate) fn prune(turn: &Turn<'_>, found: &[i64], cutoff: Timestamp) -> Result<u64> {
    let mut statement = turn.statement(PRUNE_JOB)?;
    let mut forgotten = 0;
    for seq in found {
        let gone = statement.query_row([*seq, cutoff.as_micros()], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)));
        if let Some((id, number)) = gone.optional()? {
            turn.execute(ERRORS_FORGET, [id])?;
            let is_kept = state(number) == State::Finished;
            turn.count(|tally| tally.kept -= i64::from(is_kept));
            forgotten += 1;
        }
    }
    Ok(forgotten)
}

const _: () = assert!(State::Finished as usize == 5 && State::Discarded as usize == 6, "the schema numbers states so");
