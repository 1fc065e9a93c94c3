//! Removes jobs that were done long ago.

use std::collections::BTreeSet;

use jobs_core::{JobId, RefusedJob, RefusedJobs, State, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::numbers::row_limit;
use crate::record::{id, state};
use crate::statements::{ERRORS_FORGET, FINISHED_COUNT, FINISHED_LOGS_FORGET, PRUNE_DISCARDED, PRUNE_FIND, PRUNE_JOB};
use crate::work::refuse;

/// The current time, and the time before which a job must have been done to be removed.
#[derive(Clone, Copy)]
pub(crate) struct Horizon {
    pub(crate) now: Timestamp,
    /// The latest time that counts as old.
    pub(crate) cutoff: Timestamp,
}

/// A row that may be removed.
#[derive(Clone, Copy)]
pub(crate) struct Prunable {
    seq: i64,
    /// `None` if it cannot be read.
    id: Option<JobId>,
}

impl Prunable {
    fn read(row: &Row<'_>, id_column: usize) -> rusqlite::Result<Self> {
        Ok(Self { seq: row.get(0)?, id: id(row.get_ref(id_column)?) })
    }

    fn is_in(self, jobs: &BTreeSet<JobId>) -> bool {
        self.id.is_some_and(|id| jobs.contains(&id))
    }
}

/// The rows of up to `most` jobs that were done at the cutoff or before, without those that are left out. Runs on the
/// reader, so that the writer does not wait for the search.
pub(crate) fn prunable(
    connection: &Connection,
    horizon: Horizon,
    most: usize,
    left_out: &BTreeSet<JobId>,
) -> Result<Vec<Prunable>> {
    // So many are looked at that `most` remain.
    let most = most.saturating_add(left_out.len());
    let mut discarded = connection.prepare_cached(PRUNE_DISCARDED)?;
    let params = params![horizon.cutoff.as_micros(), row_limit(most)];
    let old = discarded.query_map(params, |row| Prunable::read(row, 1))?;
    let mut found: Vec<Prunable> = old.collect::<rusqlite::Result<_>>()?;
    let finished: i64 = connection.prepare_cached(FINISHED_COUNT)?.query_row([], |row| row.get(0))?;
    // Without finished jobs, this query would read all other jobs and find nothing.
    if finished > 0 {
        finished_before(connection, horizon, most, &mut found)?;
    }
    found.retain(|row| !row.is_in(left_out));
    found.truncate(most - left_out.len());
    Ok(found)
}

fn finished_before(connection: &Connection, horizon: Horizon, most: usize, found: &mut Vec<Prunable>) -> Result<()> {
    let mut statement = connection.prepare_cached(PRUNE_FIND)?;
    let mut rows = statement.query([])?;
    while found.len() < most {
        let Some(row) = rows.next()? else { break };
        match age(row, horizon)? {
            Age::Old(row) => found.push(row),
            Age::Kept => {}
            Age::TooYoung => break,
        }
    }
    Ok(())
}

enum Age {
    Old(Prunable),
    Kept,
    /// Neither this job nor a later one can have been done early enough.
    TooYoung,
}

fn age(row: &Row<'_>, horizon: Horizon) -> rusqlite::Result<Age> {
    let done: Option<i64> = row.get(2)?;
    let (now, cutoff) = (horizon.now.as_micros(), horizon.cutoff.as_micros());
    let is_finished = state(row.get(1).unwrap_or_default()) == State::Finished;
    Ok(match done {
        Some(at) if is_finished && at <= cutoff => Age::Old(Prunable::read(row, 4)?),
        // A job that arrived in the future shows only that the clock was set back, and nothing about the jobs after it.
        _ if (cutoff.saturating_add(1)..=now).contains(&row.get(3)?) => Age::TooYoung,
        _ => Age::Kept,
    })
}

/// Removes these rows, if the jobs are still done and old, and as many logs of jobs that are as old. Returns how many rows, and
/// the jobs that the database refuses to delete.
pub(crate) fn prune(
    tx: &WriteTx<'_>,
    found: &[Prunable],
    cutoff: Timestamp,
    refused: &RefusedJobs,
) -> Result<(u64, Vec<RefusedJob>)> {
    tx.execute(FINISHED_LOGS_FORGET, [cutoff.as_micros(), row_limit(found.len())])?;
    if let Ok(removed) = tx.refusable(|| remove(tx, found, cutoff))? {
        return Ok((removed, Vec::new()));
    }
    let (mut removed, mut refusals) = (0, Vec::new());
    for row in found {
        match (tx.refusable(|| remove(tx, &[*row], cutoff))?, row.id) {
            (Ok(one), _) => removed += one,
            (Err(error), Some(job)) => refusals.push(refuse("prune", job, error, refused, tx.now)?),
            (Err(error), None) => return Err(error),
        }
    }
    Ok((removed, refusals))
}

fn remove(tx: &WriteTx<'_>, found: &[Prunable], cutoff: Timestamp) -> Result<u64> {
    let mut statement = tx.statement(PRUNE_JOB)?;
    let mut removed = 0;
    for Prunable { seq, .. } in found {
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
