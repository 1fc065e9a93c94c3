//! Removes jobs that were done long ago.

use jobs_core::{State, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::numbers::row_limit;
use crate::record::state;
use crate::statements::{ERRORS_FORGET, FINISHED_COUNT, PRUNE_DISCARDED, PRUNE_FIND, PRUNE_JOB};

/// The current time, and the time before which a job must have been done to be removed.
#[derive(Clone, Copy)]
pub(crate) struct Horizon {
    pub(crate) now: Timestamp,
    /// The latest time that counts as old.
    pub(crate) cutoff: Timestamp,
}

/// The rows of up to `most` jobs that were done at the cutoff or before. Runs on the reader, so that the writer does
/// not wait for the search.
pub(crate) fn prunable(connection: &Connection, horizon: Horizon, most: usize) -> Result<Vec<i64>> {
    let mut discarded = connection.prepare_cached(PRUNE_DISCARDED)?;
    let old = discarded.query_map(params![horizon.cutoff.as_micros(), row_limit(most)], |row| row.get(0))?;
    let mut found: Vec<i64> = old.collect::<rusqlite::Result<_>>()?;
    let finished: i64 = connection.prepare_cached(FINISHED_COUNT)?.query_row([], |row| row.get(0))?;
    // Without finished jobs, this query would read all other jobs and find nothing.
    if finished > 0 {
        finished_before(connection, horizon, most, &mut found)?;
    }
    Ok(found)
}

fn finished_before(connection: &Connection, horizon: Horizon, most: usize, found: &mut Vec<i64>) -> Result<()> {
    let mut statement = connection.prepare_cached(PRUNE_FIND)?;
    let mut rows = statement.query([])?;
    while found.len() < most {
        let Some(row) = rows.next()? else { break };
        match age(row, horizon)? {
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
    /// Neither this job nor a later one can have been done early enough.
    TooYoung,
}

fn age(row: &Row<'_>, horizon: Horizon) -> rusqlite::Result<Age> {
    let done: Option<i64> = row.get(2)?;
    let (now, cutoff) = (horizon.now.as_micros(), horizon.cutoff.as_micros());
    let is_finished = state(row.get(1).unwrap_or_default()) == State::Finished;
    Ok(match done {
        Some(at) if is_finished && at <= cutoff => Age::Old(row.get(0)?),
        // A job that arrived in the future shows only that the clock was set back, and nothing about the jobs after it.
        _ if (cutoff.saturating_add(1)..=now).contains(&row.get(3)?) => Age::TooYoung,
        _ => Age::Kept,
    })
}

/// Removes these rows, if the jobs are still done and old. Returns how many.
pub(crate) fn prune(tx: &WriteTx<'_>, found: &[i64], cutoff: Timestamp) -> Result<u64> {
    let mut statement = tx.statement(PRUNE_JOB)?;
    let mut removed = 0;
    for seq in found {
        let row = statement.query_row([*seq, cutoff.as_micros()], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)));
        if let Some((id, number)) = row.optional()? {
            tx.execute(ERRORS_FORGET, [id])?;
            let is_kept = state(number) == State::Finished;
            tx.count(|tally| tally.kept -= i64::from(is_kept));
            removed += 1;
        }
    }
    Ok(removed)
}

const _: () = assert!(State::Finished as usize == 5 && State::Discarded as usize == 6, "the schema numbers states so");
