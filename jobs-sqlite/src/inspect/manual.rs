//! Manual changes of jobs and queues.

use jobs_core::{Due, JobId, Timestamp, check_queue_name};
use rusqlite::params;

use crate::connection::write_tx::WriteTx;
use crate::enqueue::unique_keys;
use crate::error::Result;
use crate::numbers::changed;
use crate::statements::{MANUAL_DISCARD, MANUAL_RETRY, PAUSE, RESCHEDULE, RESUME};

pub(crate) fn retry(tx: &WriteTx<'_>, jobs: &[JobId]) -> Result<u64> {
    let mut count = 0;
    // One after the other: a key that one job takes keeps the next job from being retried.
    for job in jobs {
        if unique_keys::retake(tx, *job)? {
            count += each(tx, MANUAL_RETRY, std::slice::from_ref(job), tx.now)?;
        }
    }
    Ok(count)
}

pub(crate) fn discard(tx: &WriteTx<'_>, jobs: &[JobId]) -> Result<u64> {
    let mut count = 0;
    for job in jobs {
        let is_discarded = each(tx, MANUAL_DISCARD, std::slice::from_ref(job), tx.now)?;
        if is_discarded > 0 {
            unique_keys::release(tx, job.as_bytes())?;
            tx.count(|tally| tally.discarded += 1);
        }
        count += is_discarded;
    }
    Ok(count)
}

pub(crate) fn reschedule(tx: &WriteTx<'_>, jobs: &[JobId], due: Due) -> Result<u64> {
    each(tx, RESCHEDULE, jobs, due.at(tx.now))
}

fn each(tx: &WriteTx<'_>, sql: &str, jobs: &[JobId], at: Timestamp) -> Result<u64> {
    let mut statement = tx.statement(sql)?;
    let mut count = 0;
    for job in jobs {
        count += changed(statement.execute(params![job.as_bytes(), at.as_micros()])?);
    }
    if count > 0 {
        tx.jobs_came_back();
    }
    Ok(count)
}

pub(crate) fn pause(tx: &WriteTx<'_>, queue: &str) -> Result<bool> {
    check_queue_name(queue)?;
    tx.memory.paused.forget();
    Ok(tx.execute(PAUSE, [queue])? > 0)
}

pub(crate) fn resume(tx: &WriteTx<'_>, queue: &str) -> Result<bool> {
    tx.memory.paused.forget();
    let was_paused = tx.execute(RESUME, [queue])? > 0;
    if was_paused {
        tx.notify_after_commit();
    }
    Ok(was_paused)
}
