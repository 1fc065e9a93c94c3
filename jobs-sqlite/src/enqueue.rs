//! Jobs on their way in, and scheduled ones whose time has come.

use std::time::Duration;

use jobs_core::{Dispatched, Enqueued, Error, NewJob, Timestamp};
use rusqlite::{CachedStatement, ToSql, params};

use crate::error::Result;
use crate::statements::{DISPATCH, ENQUEUE, ENQUEUE_16, GROUP, NEXT_DUE, SIZE};
use crate::turn::Turn;
use crate::unique;

/// Stores the jobs, unless more than `max_size` bytes would then be in use. Only here is the size looked at:
/// what is stored can be worked off however full the store is.
pub(crate) fn enqueue(turn: &Turn<'_>, jobs: &[NewJob], max_size: Option<u64>) -> Result<Vec<Enqueued>> {
    let mut answers = Vec::with_capacity(jobs.len());
    let mut stored = 0;
    // Those without a key together, each of the others by itself: it may be a duplicate of the one before it.
    for part in jobs.chunk_by(|one, next| one.unique_key.is_none() && next.unique_key.is_none()) {
        let answer = part.first().map_or(Ok(None), |first| unique::answered(turn, first))?;
        stored += if answer.is_none() { store(turn, part)? } else { 0 };
        answers.extend(part.iter().map(|job| answer.unwrap_or(Enqueued::New(job.id))));
    }
    if stored > 0 {
        check_size(turn, max_size)?;
        turn.count(|tally| tally.enqueued += i64::try_from(stored).unwrap_or(i64::MAX));
        turn.wake();
    }
    Ok(answers)
}

fn store(turn: &Turn<'_>, jobs: &[NewJob]) -> Result<usize> {
    let mut stored = 0;
    let (groups, rest) = jobs.as_chunks::<GROUP>();
    for group in groups {
        stored += insert(&mut turn.statement(ENQUEUE_16)?, group, turn.now)?;
    }
    for job in rest {
        stored += insert(&mut turn.statement(ENQUEUE)?, std::slice::from_ref(job), turn.now)?;
    }
    Ok(stored)
}

fn check_size(turn: &Turn<'_>, max_size: Option<u64>) -> Result<()> {
    let Some(limit) = max_size else { return Ok(()) };
    let used: i64 = turn.statement(SIZE)?.query_row([], |row| row.get(0))?;
    if u64::try_from(used).unwrap_or(0) <= limit {
        return Ok(());
    }
    let words = format!(
        "could not enqueue: the database would be larger than `max_size` ({limit} bytes); work off or prune jobs, \
         or raise `max_size`"
    );
    Err(Error::transient(words).into())
}

fn insert(statement: &mut CachedStatement<'_>, jobs: &[NewJob], now: Timestamp) -> Result<usize> {
    let mut place = 0;
    for job in jobs {
        let due = job.due.at(now);
        let state = if due > now { 0 } else { 2 };
        let unique_key = job.unique_key.map(|key| key.to_string());
        let values: [&dyn ToSql; 14] = [
            job.id.as_bytes(),
            &state,
            &job.priority,
            &due.as_micros(),
            &now.as_micros(),
            &job.expires_at.map(Timestamp::as_micros),
            &job.version,
            &job.queue,
            &job.name,
            &unique_key,
            &job.concurrency_key,
            &job.batch_id,
            &job.meta,
            &job.arguments,
        ];
        for value in values {
            place += 1;
            statement.raw_bind_parameter(place, value)?;
        }
    }
    Ok(statement.raw_execute()?)
}

pub(crate) fn dispatch(turn: &Turn<'_>, limit: usize) -> Result<Dispatched> {
    let ready = turn.execute(DISPATCH, params![turn.now.as_micros(), rows(limit)])?;
    if ready > 0 {
        turn.wake();
    }
    let next: Option<i64> = turn.statement(NEXT_DUE)?.query_row([], |row| row.get(0))?;
    let next_in: Option<Duration> = next.map(|at| Timestamp::from_micros(at).since(turn.now));
    Ok(Dispatched::new(ready, next_in))
}

/// A number of jobs as a LIMIT.
pub(crate) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
