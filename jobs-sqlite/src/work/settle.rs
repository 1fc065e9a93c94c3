//! Settles executions. Each statement changes a row only if the claim token is still valid.

use std::time::Duration;

use jobs_core::{ClaimToken, Decision, Error, ErrorRecord, Settled, Settlement};
use rusqlite::params;

use crate::connection::write_tx::WriteTx;
use crate::enqueue::unique_keys;
use crate::error::Result;
use crate::record::append;
use crate::statements::{
    CONTINUE, DISCARD, ERRORS_FORGET, FAIL, FINISH, FINISH_AT, FINISH_FORGET, FINISH_FORGET_AT, RELEASE, RETRY,
};

pub(crate) fn settle(tx: &WriteTx<'_>, settlements: &[Settlement]) -> Result<Vec<Settled>> {
    // Nearly all settlements finish a job, so these two statements are looked up once, not once for each settlement.
    let mut finish = tx.statement(FINISH_AT)?;
    let mut forget = tx.statement(FINISH_FORGET_AT)?;
    let now = tx.now.as_micros();
    let mut one = |Settlement { token, decision, .. }: &Settlement| {
        let (id, process, claim) = (token.job.as_bytes(), token.process.get(), token.claim);
        let changed = match (decision, tx.row_ids.take(token.job)) {
            (Decision::Finish { keep: true }, Some(seq)) => finish.execute(params![seq, id, process, claim, now])?,
            // A job that was claimed more than once may have errors, which must be removed too.
            (Decision::Finish { keep: false }, Some(seq)) if claim == 1 => {
                forget.execute(params![seq, id, process, claim])?
            }
            _ => return apply(tx, token, decision),
        };
        if changed == 0 {
            return apply(tx, token, decision);
        }
        let kept = i64::from(*decision == Decision::Finish { keep: true });
        tx.count(|tally| (tally.kept, tally.finished) = (tally.kept + kept, tally.finished + 1));
        Ok(Settled::Applied)
    };
    settlements.iter().map(&mut one).collect()
}

fn apply(tx: &WriteTx<'_>, token: &ClaimToken, decision: &Decision) -> Result<Settled> {
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
    match decision {
        Decision::Retry { error, .. } | Decision::Fail { error, .. } | Decision::Discard { error: Some(error) } => {
            append(tx, token.job.as_bytes(), error)?;
        }
        // Only a job that was claimed more than once can have errors.
        Decision::Finish { keep: false } if token.claim > 1 => {
            tx.execute(ERRORS_FORGET, [token.job.as_bytes()])?;
        }
        _ => {}
    }
    if matches!(decision, Decision::Finish { .. } | Decision::Discard { .. }) {
        unique_keys::release(tx, token.job.as_bytes())?;
    }
    if matches!(decision, Decision::Retry { .. } | Decision::Continue { .. } | Decision::Release) {
        tx.notify_after_commit();
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
