//! Jobs on their way in, and scheduled ones whose time has come.

use std::time::Duration;

use jobs_core::{Dispatched, Due, Enqueued, NewJob, Timestamp};
use rusqlite::{CachedStatement, params};

use crate::error::Result;
use crate::statements::{DISPATCH, ENQUEUE, NEXT_DUE};
use crate::turn::Turn;

pub(crate) fn enqueue(turn: &Turn<'_>, jobs: &[NewJob]) -> Result<Vec<Enqueued>> {
    let mut statement = turn.statement(ENQUEUE)?;
    let mut stored = 0;
    for job in jobs {
        stored += insert(&mut statement, job, turn.now)?;
    }
    if stored > 0 {
        turn.wake();
    }
    Ok(jobs.iter().map(|job| Enqueued::New(job.id)).collect())
}

fn insert(statement: &mut CachedStatement<'_>, job: &NewJob, now: Timestamp) -> Result<usize> {
    let due = moment(job.due, now);
    let state = if due > now { 0 } else { 2 };
    Ok(statement.execute(params![
        job.id.as_bytes(),
        state,
        job.priority,
        due.as_micros(),
        now.as_micros(),
        job.expires_at.map(Timestamp::as_micros),
        job.version,
        job.queue,
        job.name,
        job.unique_key,
        job.concurrency_key,
        job.batch_id,
        job.meta,
        job.arguments,
    ])?)
}

/// When a job is due by the store's clock.
pub(crate) fn moment(due: Due, now: Timestamp) -> Timestamp {
    match due {
        Due::Now => now,
        Due::In(wait) => now.after(wait),
        Due::At(at) => at,
    }
}

pub(crate) fn dispatch(turn: &Turn<'_>, limit: usize) -> Result<Dispatched> {
    let ready = turn.execute(DISPATCH, params![turn.now.as_micros(), rows(limit)])?;
    if ready > 0 {
        turn.wake();
    }
    let next: Option<i64> = turn.statement(NEXT_DUE)?.query_row([], |row| row.get(0))?;
    let next_in: Option<Duration> = next.map(|at| Timestamp::from_micros(at).since(turn.now));
    Ok(Dispatched { ready, next_in })
}

/// A number of jobs as a LIMIT.
pub(crate) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
