//! Stores new jobs.

use jobs_core::{Enqueued, Error, NewJob, Timestamp};
use rusqlite::{CachedStatement, ToSql};

use super::unique_keys;
use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::statements::{ENQUEUE, ENQUEUE_16, GROUP, SIZE};

/// Stores the jobs, unless more than `max_size` bytes would then be in use. Only this call checks the size, so that
/// workers can empty a full store.
pub(crate) fn enqueue(tx: &WriteTx<'_>, jobs: &[NewJob], max_size: Option<u64>) -> Result<Vec<Enqueued>> {
    jobs.iter().try_for_each(NewJob::check)?;
    tx.memory.open_queues.note_others(tx)?;
    let mut enqueued = Vec::with_capacity(jobs.len());
    let mut stored = 0;
    // Jobs without a key are stored together. A job with a key is stored alone: it may be a duplicate of the one before
    // it.
    for part in jobs.chunk_by(|one, next| one.unique_key.is_none() && next.unique_key.is_none()) {
        let known = part.first().map_or(Ok(None), |first| unique_keys::take_or_known(tx, first))?;
        stored += if known.is_none() { store(tx, part)? } else { 0 };
        enqueued.extend(part.iter().map(|job| known.unwrap_or(Enqueued::New(job.id))));
    }
    if stored > 0 {
        check_size(tx, max_size)?;
        tx.count(|tally| tally.enqueued += i64::try_from(stored).unwrap_or(i64::MAX));
        tx.notify_after_commit();
    }
    Ok(enqueued)
}

fn store(tx: &WriteTx<'_>, jobs: &[NewJob]) -> Result<usize> {
    let mut stored = 0;
    let (groups, rest) = jobs.as_chunks::<GROUP>();
    for group in groups {
        stored += insert(&mut tx.statement(ENQUEUE_16)?, group, tx.now)?;
    }
    for job in rest {
        stored += insert(&mut tx.statement(ENQUEUE)?, std::slice::from_ref(job), tx.now)?;
    }
    if stored > 0 {
        tx.memory.open_queues.enqueued(jobs, stored, tx.last_row());
    }
    Ok(stored)
}

fn check_size(tx: &WriteTx<'_>, max_size: Option<u64>) -> Result<()> {
    let Some(limit) = max_size else { return Ok(()) };
    let used: i64 = tx.statement(SIZE)?.query_row([], |row| row.get(0))?;
    if u64::try_from(used).unwrap_or(0) <= limit {
        return Ok(());
    }
    let message = format!(
        "could not enqueue: the database would be larger than `max_size` ({limit} bytes); run or prune jobs, \
         or raise `max_size`"
    );
    Err(Error::transient(message).into())
}

fn insert(statement: &mut CachedStatement<'_>, jobs: &[NewJob], now: Timestamp) -> Result<usize> {
    let mut index = 0;
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
            index += 1;
            statement.raw_bind_parameter(index, value)?;
        }
    }
    Ok(statement.raw_execute()?)
}
