//! What became of executions. Each statement touches a row only if the claim token still holds.

use std::time::Duration;

use jobs_core::{ClaimToken, Decision, Error, ErrorRecord, Settled, Settlement};
use rusqlite::params;

use crate::error::Result;
use crate::record::append;
use crate::statements::{
    CONTINUE, DISCARD, ERRORS_FORGET, FAIL, FINISH, FINISH_AT, FINISH_FORGET, FINISH_FORGET_AT, RELEASE, RETRY,
};
use crate::turn::Turn;
use crate::unique::let_go;

pub(crate) fn settle(turn: &Turn<'_>, settlements: &[Settlement]) -> Result<Vec<Settled>> {
    // What nearly all are: without a look for the statement each time.
    let mut finish = turn.statement(FINISH_AT)?;
    let mut forget = turn.statement(FINISH_FORGET_AT)?;
    let now = turn.now.as_micros();
    let mut one = |Settlement { token, decision, .. }: &Settlement| {
        let (id, process, claim) = (token.job.as_bytes(), token.process.get(), token.claim);
        let touched = match (decision, turn.places.take(token.job)) {
            (Decision::Finish { keep: true }, Some(seq)) => finish.execute(params![seq, id, process, claim, now])?,
            // One that was claimed before may have errors that go with it.
            (Decision::Finish { keep: false }, Some(seq)) if claim == 1 => {
                forget.execute(params![seq, id, process, claim])?
            }
            _ => return apply(turn, token, decision),
        };
        if touched == 0 {
            return apply(turn, token, decision);
        }
        let kept = i64::from(*decision == Decision::Finish { keep: true });
        turn.count(|tally| (tally.kept, tally.finished) = (tally.kept + kept, tally.finished + 1));
        Ok(Settled::Applied)
    };
    settlements.iter().map(&mut one).collect()
}

fn apply(turn: &Turn<'_>, token: &ClaimToken, decision: &Decision) -> Result<Settled> {
    let touched = write(turn, token, decision)?;
    if touched == 0 {
        return Ok(Settled::Stale);
    }
    turn.count(|tally| match decision {
        Decision::Finish { keep } => {
            tally.kept += i64::from(*keep);
            tally.finished += 1;
        }
        Decision::Discard { .. } => tally.discarded += 1,
        _ => {}
    });
    match decision {
        Decision::Retry { error, .. } | Decision::Fail { error, .. } | Decision::Discard { error: Some(error) } => {
            append(turn, token.job.as_bytes(), error)?;
        }
        // Whoever has errors has been claimed before.
        Decision::Finish { keep: false } if token.claim > 1 => {
            turn.execute(ERRORS_FORGET, [token.job.as_bytes()])?;
        }
        _ => {}
    }
    if matches!(decision, Decision::Finish { .. } | Decision::Discard { .. }) {
        let_go(turn, token.job.as_bytes())?;
    }
    if matches!(decision, Decision::Retry { .. } | Decision::Continue { .. } | Decision::Release) {
        turn.wake();
    }
    Ok(Settled::Applied)
}

fn write(turn: &Turn<'_>, token: &ClaimToken, decision: &Decision) -> Result<usize> {
    let (id, process, claim) = (token.job.as_bytes(), token.process.get(), token.claim);
    let now = turn.now.as_micros();
    let due = |wait: Duration| turn.now.after(wait).as_micros();
    match decision {
        Decision::Finish { keep: true } => turn.execute(FINISH, params![id, process, claim, now]),
        Decision::Finish { keep: false } => turn.execute(FINISH_FORGET, params![id, process, claim]),
        Decision::Retry { wait, queue, priority, meta, error: _ } => {
            turn.execute(RETRY, params![id, process, claim, due(*wait), queue, priority, meta])
        }
        Decision::Continue { wait, meta } => turn.execute(CONTINUE, params![id, process, claim, due(*wait), meta]),
        Decision::Fail { meta, error: ErrorRecord { .. } } => turn.execute(FAIL, params![id, process, claim, meta]),
        Decision::Discard { .. } => turn.execute(DISCARD, params![id, process, claim, now]),
        Decision::Release => turn.execute(RELEASE, params![id, process, claim]),
        other => Err(Error::other(format!("this version of `jobs-sqlite` does not know {other:?}; update it")).into()),
    }
}
