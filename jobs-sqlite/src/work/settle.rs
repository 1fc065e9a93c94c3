//! Settles executions. Each statement changes a row only if the claim token is still valid.

use std::time::Duration;

use jobs_core::{ClaimToken, Decision, Error, ErrorRecord, Settled, Settlement};
use rusqlite::params;

use super::row_ranges::{Rows, ranges};
use crate::connection::write_tx::WriteTx;
use crate::enqueue::unique_keys;
use crate::error::Result;
use crate::record::append;
use crate::statements::{
    CONTINUE, DISCARD, ERRORS_FORGET, FAIL, FINISH, FINISH_AT, FINISH_FORGET, FINISH_FORGET_AT, FINISH_RANGE,
    FINISH_VALID, FINISHED_LOG_WRITE, RELEASE, RETRY,
};

/// A settlement that finishes and keeps a job, whose row this store remembers.
struct KnownRow {
    seq: i64,
    token: ClaimToken,
    /// Its position in the batch.
    index: usize,
}

pub(crate) fn settle(tx: &WriteTx<'_>, settlements: &[Settlement]) -> Result<Vec<Settled>> {
    let rows: Vec<_> = settlements.iter().map(|settlement| tx.memory.row_ids.take(settlement.token.job)).collect();
    let mut finished = vec![false; settlements.len()];
    finish_ranges(tx, &known_rows(settlements, &rows), &mut finished)?;
    // Nearly all other settlements finish a job too, so these two statements are looked up once.
    let mut finish = tx.statement(FINISH_AT)?;
    let mut forget = tx.statement(FINISH_FORGET_AT)?;
    let now = tx.now.as_micros();
    let mut one = |(settlement, (row, is_finished)): (&Settlement, (Option<i64>, bool))| {
        if is_finished {
            return Ok(Settled::Applied);
        }
        let Settlement { token, decision, .. } = settlement;
        let (id, process, claim) = (token.job.as_bytes(), token.process.get(), token.claim);
        let changed = match (decision, row) {
            (Decision::Finish { keep: true }, Some(seq)) => finish.execute(params![seq, id, process, claim, now])?,
            // A job that was claimed more than once may have errors, which must be removed too.
            (Decision::Finish { keep: false }, Some(seq)) if claim == 1 => {
                forget.execute(params![seq, id, process, claim])?
            }
            _ => return apply(tx, settlement),
        };
        if changed == 0 {
            return apply(tx, settlement);
        }
        count_finished(tx, i64::from(*decision == Decision::Finish { keep: true }), 1);
        Ok(Settled::Applied)
    };
    let settled: Vec<_> =
        settlements.iter().zip(rows.into_iter().zip(finished)).map(&mut one).collect::<Result<_>>()?;
    for (settlement, settled) in settlements.iter().zip(&settled) {
        if let (Some(log), Settled::Applied) = (settlement.finish_log(), settled) {
            let ClaimToken { job, process, .. } = settlement.token;
            tx.execute(FINISHED_LOG_WRITE, params![job.as_bytes(), now, process.get(), log.to_json()])?;
        }
    }
    Ok(settled)
}

/// The rows that may be finished in ranges, sorted.
fn known_rows(settlements: &[Settlement], rows: &[Option<i64>]) -> Vec<KnownRow> {
    let settled = settlements.iter().zip(rows).enumerate();
    let known = settled.filter_map(|(index, (Settlement { token, decision, .. }, row))| match decision {
        Decision::Finish { keep: true } => row.map(|seq| KnownRow { seq, token: *token, index }),
        _ => None,
    });
    let mut known: Vec<_> = known.collect();
    known.sort_unstable_by_key(|row| row.seq);
    known
}

/// Finishes the rows that lie in ranges and whose tokens are valid, and marks them. The others are left.
fn finish_ranges(tx: &WriteTx<'_>, known: &[KnownRow], finished: &mut [bool]) -> Result<()> {
    let same_claim = |one: &KnownRow, next: &KnownRow| {
        (one.token.process, one.token.claim) == (next.token.process, next.token.claim)
    };
    for part in ranges(known, |row| row.seq, same_claim) {
        let Rows::Range { first, last, rows } = part else { continue };
        let valid = valid_rows(tx, first, last, rows)?;
        for part in valid.chunk_by(|one, next| one.seq + 1 == next.seq) {
            let (Some(first), Some(last)) = (part.first(), part.last()) else { continue };
            tx.execute(FINISH_RANGE, [first.seq, last.seq, tx.now.as_micros()])?;
            let many = i64::try_from(part.len()).unwrap_or(i64::MAX);
            count_finished(tx, many, many);
            for row in part {
                finished.get_mut(row.index).into_iter().for_each(|is_finished| *is_finished = true);
            }
        }
    }
    Ok(())
}

/// The rows of a range whose claim tokens are valid.
fn valid_rows<'r>(tx: &WriteTx<'_>, first: i64, last: i64, rows: &'r [KnownRow]) -> Result<Vec<&'r KnownRow>> {
    let Some(ClaimToken { process, claim, .. }) = rows.first().map(|row| row.token) else { return Ok(Vec::new()) };
    let mut statement = tx.statement(FINISH_VALID)?;
    let mut found = statement.query([first, last, process.get(), claim])?;
    let mut valid = Vec::with_capacity(rows.len());
    while let Some(row) = found.next()? {
        let seq: i64 = row.get(0)?;
        let known = usize::try_from(seq - first).ok().and_then(|index| rows.get(index));
        // The row may belong to another job by now.
        valid.extend(
            known.filter(|known| row.get_ref(1).is_ok_and(|id| id.as_blob() == Ok(known.token.job.as_bytes()))),
        );
    }
    Ok(valid)
}

fn count_finished(tx: &WriteTx<'_>, kept: i64, finished: i64) {
    tx.count(|tally| (tally.kept, tally.finished) = (tally.kept + kept, tally.finished + finished));
}

fn apply(tx: &WriteTx<'_>, settlement: &Settlement) -> Result<Settled> {
    let Settlement { token, decision, .. } = settlement;
    let changed = write(tx, token, decision)?;
    if changed == 0 {
        return Ok(Settled::Stale);
    }
    tx.count(|tally| match decision {
        Decision::Finish { keep } => {
            tally.kept += i64::from(*keep);
            tally.finished += 1;
        }
        Decision::Discard { .. } => tally.discarded += 1,
        _ => {}
    });
    if let Some(error) = decision.error() {
        append(tx, token.job.as_bytes(), error, settlement.error_log())?;
    }
    // Only a job that was claimed more than once can have errors.
    if *decision == (Decision::Finish { keep: false }) && token.claim > 1 {
        tx.execute(ERRORS_FORGET, [token.job.as_bytes()])?;
    }
    if matches!(decision, Decision::Finish { .. } | Decision::Discard { .. }) {
        unique_keys::release(tx, token.job.as_bytes())?;
    }
    match decision {
        Decision::Release => tx.jobs_came_back(),
        Decision::Retry { .. } | Decision::Continue { .. } => tx.notify_after_commit(),
        _ => {}
    }
    Ok(Settled::Applied)
}

fn write(tx: &WriteTx<'_>, token: &ClaimToken, decision: &Decision) -> Result<usize> {
    let (id, process, claim) = (token.job.as_bytes(), token.process.get(), token.claim);
    let now = tx.now.as_micros();
    let due = |wait: Duration| (tx.now + wait).as_micros();
    match decision {
        Decision::Finish { keep: true } => tx.execute(FINISH, params![id, process, claim, now]),
        Decision::Finish { keep: false } => tx.execute(FINISH_FORGET, params![id, process, claim]),
        Decision::Retry { wait, queue, priority, meta, error: _ } => {
            tx.execute(RETRY, params![id, process, claim, due(*wait), queue, priority, meta])
        }
        Decision::Continue { wait, meta } => tx.execute(CONTINUE, params![id, process, claim, due(*wait), meta]),
        Decision::Fail { meta, error: ErrorRecord { .. } } => tx.execute(FAIL, params![id, process, claim, meta]),
        Decision::Discard { .. } => tx.execute(DISCARD, params![id, process, claim, now]),
        Decision::Release => tx.execute(RELEASE, params![id, process, claim]),
        other => Err(Error::other(format!("this version of `jobs-sqlite` does not know {other:?}; update it")).into()),
    }
}
