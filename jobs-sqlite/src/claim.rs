//! Gives ready jobs to a process. A job that cannot be read is failed on the way and stands in nobody's way.

use jobs_core::{Claim, ErrorRecord, Execution, ProcessId};
use rusqlite::{Row, params, params_from_iter};

use crate::enqueue::rows;
use crate::error::Result;
use crate::pick::{Picked, paused, pick};
use crate::record::{append, execution};
use crate::statements::{CLAIM_CORRUPT, CLAIM_QUEUE, CLAIM_ROW, CLAIM_TAKE, CLAIM_TAKE_16, GROUP};
use crate::turn::Turn;

/// The class of the error that an unreadable job fails with.
const CORRUPT_CLASS: &str = "jobs::Corrupt";

/// A ready job as it was read: its `seq`, whether it has a unique key, and the execution or why there is none.
type Read = (i64, bool, Result<Execution, Unreadable>);

struct Unreadable {
    id: Vec<u8>,
    why: String,
}

pub(crate) fn claim(turn: &Turn<'_>, claim: &Claim) -> Result<Vec<Execution>> {
    let mut taken = Vec::with_capacity(claim.limit.min(1024));
    if claim.limit == 0 {
        return Ok(taken);
    }
    let paused = paused(turn)?;
    for selector in &claim.queues {
        while taken.len() < claim.limit {
            let room = claim.limit - taken.len();
            let read = match pick(turn, selector, room, &paused)? {
                Picked::Queue(queue) => read_queue(turn, &queue, room, claim)?,
                Picked::Jobs(jobs) => read_jobs(turn, &jobs, claim)?,
            };
            let found = read.len();
            let before = taken.len();
            take(turn, read, claim, &mut taken)?;
            // Unreadable jobs left room for others; only then is there more to find.
            if taken.len() - before == found {
                break;
            }
        }
    }
    Ok(taken)
}

fn read_queue(turn: &Turn<'_>, queue: &str, limit: usize, claim: &Claim) -> Result<Vec<Read>> {
    let mut statement = turn.statement(CLAIM_QUEUE)?;
    let found = statement.query_map(params![queue, rows(limit)], |row| read(row, claim))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn read_jobs(turn: &Turn<'_>, jobs: &[i64], claim: &Claim) -> Result<Vec<Read>> {
    let mut statement = turn.statement(CLAIM_ROW)?;
    let found = jobs.iter().map(|seq| statement.query_row([seq], |row| read(row, claim)));
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn read(row: &Row<'_>, claim: &Claim) -> rusqlite::Result<Read> {
    let unreadable = |why| Unreadable { id: row.get(1).unwrap_or_default(), why };
    Ok((row.get(0)?, row.get(13)?, execution(row, claim.process).map_err(unreadable)))
}

fn take(turn: &Turn<'_>, read: Vec<Read>, claim: &Claim, taken: &mut Vec<Execution>) -> Result<()> {
    let mut readable = Vec::with_capacity(read.len());
    for (seq, is_unique, one) in read {
        match one {
            Ok(execution) => {
                readable.push(seq);
                // The end of one with a key is more than a write at its place.
                if !is_unique {
                    turn.places.note(execution.id(), seq);
                }
                taken.push(execution);
            }
            Err(unreadable) => put_aside(turn, seq, &unreadable)?,
        }
    }
    give(turn, &readable, claim.process)
}

/// Gives the jobs to the process.
fn give(turn: &Turn<'_>, jobs: &[i64], process: ProcessId) -> Result<()> {
    let (groups, rest) = jobs.as_chunks::<GROUP>();
    for group in groups {
        let values = std::iter::once(process.get()).chain(group.iter().copied());
        turn.execute(CLAIM_TAKE_16, params_from_iter(values))?;
    }
    for seq in rest {
        turn.execute(CLAIM_TAKE, [*seq, process.get()])?;
    }
    Ok(())
}

fn put_aside(turn: &Turn<'_>, seq: i64, unreadable: &Unreadable) -> Result<()> {
    turn.execute(CLAIM_CORRUPT, [seq])?;
    let message = format!(
        "the stored job cannot be read and is kept as failed: {}. Repair its row and retry it by hand, or discard it",
        unreadable.why
    );
    let error = ErrorRecord::new(CORRUPT_CLASS, message);
    append(turn, &unreadable.id, &at(error, turn))
}

fn at(mut error: ErrorRecord, turn: &Turn<'_>) -> ErrorRecord {
    error.at = turn.now;
    error
}
