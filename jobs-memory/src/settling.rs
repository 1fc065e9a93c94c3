//! Decisions are written, if their token holds.

use jobs_core::lifecycle::Cause;
use jobs_core::{Decision, Error, Settled, Settlement, State, Timestamp};

use crate::shelf::{Shelf, Stored};

impl Shelf {
    /// All of the batch, or none of it if one decision is not known here.
    pub(crate) fn settle(&mut self, settlements: &[Settlement], now: Timestamp) -> Result<Vec<Settled>, Error> {
        let steps: Vec<_> = settlements.iter().map(|one| step(&one.decision)).collect::<Result<_, _>>()?;
        let batch = settlements.iter().zip(steps);
        Ok(batch.map(|(settlement, (cause, to))| self.apply(settlement, cause, to, now)).collect())
    }

    fn apply(&mut self, settlement: &Settlement, cause: Cause, to: State, now: Timestamp) -> Settled {
        let (token, decision) = (&settlement.token, &settlement.decision);
        if !self.holds(token) {
            return Settled::Stale;
        }
        self.shift(token.job, cause, to, now, |job| write(decision, job, now));
        if *decision == (Decision::Finish { keep: false }) {
            self.forget(token.job);
        }
        Settled::Applied
    }
}

/// The move that a decision is.
fn step(decision: &Decision) -> Result<(Cause, State), Error> {
    match decision {
        Decision::Finish { .. } => Ok((Cause::Finish, State::Finished)),
        Decision::Retry { .. } => Ok((Cause::Retry, State::Scheduled)),
        Decision::Continue { .. } => Ok((Cause::Continue, State::Scheduled)),
        Decision::Fail { .. } => Ok((Cause::Fail, State::Failed)),
        Decision::Discard { .. } => Ok((Cause::Discard, State::Discarded)),
        Decision::Release => Ok((Cause::Release, State::Ready)),
        unknown => Err(Error::other(format!("the store in memory does not know what {unknown:?} is to write"))),
    }
}

/// What a decision changes besides the state.
fn write(decision: &Decision, job: &mut Stored, now: Timestamp) {
    let record = &mut job.record;
    match decision {
        Decision::Retry { wait, queue, priority, meta, error } => {
            record.due_at = now.after(*wait);
            record.queue = queue.clone().unwrap_or_else(|| std::mem::take(&mut record.queue));
            record.priority = priority.unwrap_or(record.priority);
            record.meta.clone_from(meta);
            record.errors.push(error.clone());
        }
        Decision::Continue { wait, meta } => {
            record.due_at = now.after(*wait);
            record.meta.clone_from(meta);
            uncount(job);
        }
        Decision::Fail { meta, error } => {
            record.meta.clone_from(meta);
            record.errors.push(error.clone());
        }
        Decision::Discard { error } => record.errors.extend(error.clone()),
        Decision::Release => uncount(job),
        _ => {}
    }
}

/// The attempt that was counted when the job was claimed was none.
pub(crate) fn uncount(job: &mut Stored) {
    job.record.attempts = job.record.attempts.saturating_sub(1);
}
