//! Claims ready jobs for a process. A job that cannot be read is failed, so that it does not block the others.

use std::sync::Arc;

use jobs_core::{Claim, Execution, ProcessId, QueueClaim, corrupt_record};
use rusqlite::{Row, params, params_from_iter};

use super::open_queues::ReadyJob;
use super::ready_jobs::{JobSelection, Selected};
use super::row_ranges::{Rows, ranges};
use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::numbers::row_limit;
use crate::record::{append, execution};
use crate::statements::{
    CLAIM_FAIL_UNREADABLE, CLAIM_QUEUE, CLAIM_ROWS, CLAIM_TAKE, CLAIM_TAKE_16, CLAIM_TAKE_RANGE, GROUP,
};

/// A ready job as it was read: its `seq`, whether it has a unique key, and the execution or why it cannot be read.
type ReadJob = (i64, bool, Result<Execution, UnreadableJob>);

struct UnreadableJob {
    id: Vec<u8>,
    why: String,
}

pub(crate) fn claim(tx: &WriteTx<'_>, claim: &Claim) -> Result<Vec<Execution>> {
    let mut taken = Vec::with_capacity(claim.limit.min(1024));
    if claim.limit == 0 {
        return Ok(taken);
    }
    let mut selection = JobSelection::new(tx, claim)?;
    for QueueClaim { selector, limit, .. } in &claim.queues {
        let end = claim.limit.min(taken.len().saturating_add(*limit));
        while taken.len() < end {
            let before = taken.len();
            let found = take_of(tx, claim, selection.select(selector, end - before)?, end - before, &mut taken)?;
            // Only if some of them could not be taken can there be more to find.
            if taken.len() - before == found {
                break;
            }
        }
        if taken.len() >= claim.limit {
            break;
        }
        selection.pass(selector);
    }
    Ok(taken)
}

/// Takes the jobs that were selected. Returns how many these were.
fn take_of(
    tx: &WriteTx<'_>,
    claim: &Claim,
    selected: Selected,
    most: usize,
    taken: &mut Vec<Execution>,
) -> Result<usize> {
    let (found, read) = match selected {
        Selected::Queue(queue) => {
            let read = read_queue(tx, &queue, most, claim)?;
            (read.len(), read)
        }
        Selected::Jobs(jobs) => (jobs.len(), read_jobs(tx, &jobs, claim)?),
    };
    take(tx, read, claim, taken)?;
    Ok(found)
}

fn read_queue(tx: &WriteTx<'_>, queue: &str, limit: usize, claim: &Claim) -> Result<Vec<ReadJob>> {
    let mut statement = tx.statement(CLAIM_QUEUE)?;
    let found = statement.query_map(params![queue, row_limit(limit)], |row| read(row, claim))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Reads the jobs that are still as they were selected. The queues of the others are read again.
fn read_jobs(tx: &WriteTx<'_>, jobs: &[ReadyJob], claim: &Claim) -> Result<Vec<ReadJob>> {
    let mut statement = tx.statement(CLAIM_ROWS)?;
    let (mut found, mut gone) = (Vec::with_capacity(jobs.len()), Vec::new());
    for range in jobs.chunk_by(|one, next| one.key.1.checked_add(1) == Some(next.key.1)) {
        let (Some(first), Some(last)) = (range.first(), range.last()) else { continue };
        let mut rows = statement.query([first.key.1, last.key.1])?;
        let mut next = rows.next()?;
        for job in range {
            match next {
                Some(row) if job.is_in(row)? => {
                    found.push(read(row, claim)?);
                    next = rows.next()?;
                }
                // Another process has taken it, or another job is in the row, which is passed by.
                Some(row) if row.get::<_, i64>(0)? == job.key.1 => {
                    gone.push(Arc::clone(&job.queue));
                    next = rows.next()?;
                }
                _ => gone.push(Arc::clone(&job.queue)),
            }
        }
    }
    tx.memory.open_queues.read_again(tx, gone)?;
    Ok(found)
}

fn read(row: &Row<'_>, claim: &Claim) -> rusqlite::Result<ReadJob> {
    let unreadable = |why| UnreadableJob { id: row.get(1).unwrap_or_default(), why };
    Ok((row.get(0)?, row.get(13)?, execution(row, claim.process).map_err(unreadable)))
}

fn take(tx: &WriteTx<'_>, read: Vec<ReadJob>, claim: &Claim, taken: &mut Vec<Execution>) -> Result<()> {
    let mut readable = Vec::with_capacity(read.len());
    for (seq, is_unique, one) in read {
        match one {
            Ok(execution) => {
                readable.push(seq);
                // Finishing a job with a key also releases the key, so its row id would not help.
                if !is_unique {
                    tx.memory.row_ids.insert(execution.id(), seq);
                }
                taken.push(execution);
            }
            Err(unreadable) => fail_unreadable(tx, seq, &unreadable)?,
        }
    }
    assign(tx, readable, claim.process)
}

/// Marks the jobs as claimed by the process.
fn assign(tx: &WriteTx<'_>, mut jobs: Vec<i64>, process: ProcessId) -> Result<()> {
    jobs.sort_unstable();
    let now = tx.now.as_micros();
    let mut single = Vec::new();
    for rows in ranges(&jobs, |seq| *seq, |_, _| true) {
        match rows {
            Rows::Range { first, last, .. } => {
                tx.execute(CLAIM_TAKE_RANGE, [first, last, process.get(), now])?;
            }
            Rows::Single(rows) => single.extend_from_slice(rows),
        }
    }
    let (groups, rest) = single.as_chunks::<GROUP>();
    for group in groups {
        let values = std::iter::once(process.get()).chain(group.iter().copied()).chain([now]);
        tx.execute(CLAIM_TAKE_16, params_from_iter(values))?;
    }
    for seq in rest {
        tx.execute(CLAIM_TAKE, [*seq, process.get(), now])?;
    }
    Ok(())
}

fn fail_unreadable(tx: &WriteTx<'_>, seq: i64, unreadable: &UnreadableJob) -> Result<()> {
    tx.execute(CLAIM_FAIL_UNREADABLE, [seq])?;
    append(tx, &unreadable.id, &corrupt_record(&unreadable.why, tx.now), None)
}
