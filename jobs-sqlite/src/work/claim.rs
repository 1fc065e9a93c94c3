//! Claims ready jobs for a process. A job that cannot be read is failed, so that it does not block the others.

use jobs_core::{Claim, Execution, ProcessId, QueueClaim, corrupt_record};
use rusqlite::{Row, params, params_from_iter};

use super::ready_jobs::{Selected, paused, select};
use super::row_ranges::{Rows, ranges};
use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::numbers::row_limit;
use crate::record::{append, execution};
use crate::statements::{
    CLAIM_FAIL_UNREADABLE, CLAIM_QUEUE, CLAIM_ROW, CLAIM_TAKE, CLAIM_TAKE_16, CLAIM_TAKE_RANGE, GROUP,
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
    let paused = paused(tx)?;
    for QueueClaim { selector, .. } in &claim.queues {
        while taken.len() < claim.limit {
            let room = claim.limit - taken.len();
            let read = match select(tx, selector, room, &paused)? {
                Selected::Queue(queue) => read_queue(tx, &queue, room, claim)?,
                Selected::Client(jobs) => read_jobs(tx, &jobs, claim)?,
            };
            let found = read.len();
            let before = taken.len();
            take(tx, read, claim, &mut taken)?;
            // Only if unreadable jobs left room for others can there be more to find.
            if taken.len() - before == found {
                break;
            }
        }
    }
    Ok(taken)
}

fn read_queue(tx: &WriteTx<'_>, queue: &str, limit: usize, claim: &Claim) -> Result<Vec<ReadJob>> {
    let mut statement = tx.statement(CLAIM_QUEUE)?;
    let found = statement.query_map(params![queue, row_limit(limit)], |row| read(row, claim))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn read_jobs(tx: &WriteTx<'_>, jobs: &[i64], claim: &Claim) -> Result<Vec<ReadJob>> {
    let mut statement = tx.statement(CLAIM_ROW)?;
    let found = jobs.iter().map(|seq| statement.query_row([seq], |row| read(row, claim)));
    Ok(found.collect::<rusqlite::Result<_>>()?)
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
                    tx.row_ids.insert(execution.id(), seq);
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
    let mut single = Vec::new();
    for rows in ranges(&jobs, |seq| *seq, |_, _| true) {
        match rows {
            Rows::Range { first, last, .. } => {
                tx.execute(CLAIM_TAKE_RANGE, [first, last, process.get()])?;
            }
            Rows::Single(rows) => single.extend_from_slice(rows),
        }
    }
    let (groups, rest) = single.as_chunks::<GROUP>();
    for group in groups {
        let values = std::iter::once(process.get()).chain(group.iter().copied());
        tx.execute(CLAIM_TAKE_16, params_from_iter(values))?;
    }
    for seq in rest {
        tx.execute(CLAIM_TAKE, [*seq, process.get()])?;
    }
    Ok(())
}

fn fail_unreadable(tx: &WriteTx<'_>, seq: i64, unreadable: &UnreadableJob) -> Result<()> {
    tx.execute(CLAIM_FAIL_UNREADABLE, [seq])?;
    append(tx, &unreadable.id, &corrupt_record(&unreadable.why, tx.now))
}
