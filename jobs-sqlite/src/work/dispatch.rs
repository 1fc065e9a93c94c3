//! Makes scheduled jobs ready when they are due.

use std::collections::BTreeSet;
use std::time::Duration;

use jobs_core::{Dispatched, JobId, RefusedJobs, Timestamp};
use rusqlite::{Row, params};

use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::numbers::row_limit;
use crate::record::id;
use crate::statements::{DISPATCH, DISPATCH_FIRST, DISPATCH_JOB, NEXT_DUE};
use crate::work::refuse;

pub(crate) fn dispatch(tx: &WriteTx<'_>, most: usize, refused: &RefusedJobs) -> Result<Dispatched> {
    let left_out = refused.left_out(tx.now);
    let dispatched = if left_out.is_empty() { together(tx, most)? } else { None };
    let dispatched = dispatched.map_or_else(|| one_by_one(tx, most, &left_out, refused), Ok)?;
    if dispatched.ready > 0 {
        tx.jobs_came_back();
    }
    Ok(dispatched)
}

/// Dispatches in one statement; `None` if the database refuses one of the jobs.
fn together(tx: &WriteTx<'_>, most: usize) -> Result<Option<Dispatched>> {
    // A trigger with RAISE(FAIL) would leave a part of the statement done.
    let done = tx.refusable(|| tx.execute(DISPATCH, params![tx.now.as_micros(), row_limit(most)]))?;
    let Ok(ready) = done else { return Ok(None) };
    let next: Option<i64> = tx.statement(NEXT_DUE)?.query_row([], |row| row.get(0))?;
    Ok(Some(Dispatched::new(ready, next.map(|at| from_now(tx, at)))))
}

/// Dispatches each job for itself, so that one that the database refuses holds up no other.
fn one_by_one(tx: &WriteTx<'_>, most: usize, left_out: &BTreeSet<JobId>, refused: &RefusedJobs) -> Result<Dispatched> {
    let mut dispatched = Dispatched::default();
    let due = first(tx, most.saturating_add(left_out.len()))?;
    let due = due.into_iter().filter(|job| job.due_at <= tx.now.as_micros() && !left_out.contains(&job.id));
    for job in due.take(most) {
        match tx.execute_refusable(DISPATCH_JOB, [job.seq])? {
            Ok(ready) => dispatched.ready += ready,
            Err(error) => dispatched.refused.push(refuse("dispatch", job.id, error, refused, tx.now)?),
        }
    }
    let left_out = refused.left_out(tx.now);
    let next = first(tx, left_out.len().saturating_add(1))?.into_iter().find(|job| !left_out.contains(&job.id));
    dispatched.next_in = next.map(|job| from_now(tx, job.due_at));
    Ok(dispatched)
}

struct Scheduled {
    seq: i64,
    id: JobId,
    due_at: i64,
}

/// The jobs that are due first.
fn first(tx: &WriteTx<'_>, most: usize) -> Result<Vec<Scheduled>> {
    let read = |row: &Row<'_>| {
        Ok(id(row.get_ref(1)?).map(|id| Scheduled {
            seq: row.get(0).unwrap_or_default(),
            id,
            due_at: row.get(2).unwrap_or_default(),
        }))
    };
    let mut statement = tx.statement(DISPATCH_FIRST)?;
    let rows = statement.query_map([row_limit(most)], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(rows.into_iter().flatten().collect())
}

fn from_now(tx: &WriteTx<'_>, at: i64) -> Duration {
    Timestamp::from_micros(at).duration_since(tx.now)
}
