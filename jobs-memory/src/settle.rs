//! Settlements: a decision is written if its claim token is still valid.

use jobs_core::lifecycle::Cause;
use jobs_core::{Decision, Error, Settled, Settlement, State, Timestamp};

use crate::inner::Inner;
use crate::stored::Stored;

impl Inner {
    /// Writes the whole batch, or none of it if this store does not know one of the decisions.
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
        self.transition(token.job, cause, to, now, |job| {
            write(decision, job, now);
            write_log(settlement, job);
        });
        if *decision == (Decision::Finish { keep: false }) {
            self.forget(token.job);
        }
        Settled::Applied
    }
}

/// The transition that a decision makes.
fn step(decision: &Decision) -> Result<(Cause, State), Error> {
    match decision {
        Decision::Finish { .. } => Ok((Cause::Finish, State::Finished)),
        Decision::Retry { .. } => Ok((Cause::Retry, State::Scheduled)),
        Decision::Continue { .. } => Ok((Cause::Continue, State::Scheduled)),
        Decision::Fail { .. } => Ok((Cause::Fail, State::Failed)),
        Decision::Discard { .. } => Ok((Cause::Discard, State::Discarded)),
        Decision::Release => Ok((Cause::Release, State::Ready)),
        unknown => Err(Error::other(format!("the store in memory does not know the decision {unknown:?}"))),
    }
}

/// Writes what a decision changes besides the state.
fn write(decision: &Decision, job: &mut Stored, now: Timestamp) {
    let record = &mut job.record;
    match decision {
        Decision::Retry { wait, queue, priority, meta, error } => {
            record.due_at = now + *wait;
            record.queue = queue.clone().unwrap_or_else(|| std::mem::take(&mut record.queue));
            record.priority = priority.unwrap_or(record.priority);
            record.meta.clone_from(meta);
            error.append_to(&mut record.errors);
        }
        Decision::Continue { wait, meta } => {
            record.due_at = now + *wait;
            record.meta.clone_from(meta);
            job.uncount_attempt();
        }
        Decision::Fail { meta, error } => {
            record.meta.clone_from(meta);
            error.append_to(&mut record.errors);
        }
        Decision::Discard { error: Some(error) } => error.append_to(&mut record.errors),
        Decision::Release => job.uncount_attempt(),
        _ => {}
    }
}

/// Keeps the log beside the error of the attempt, or with the finished job.
fn write_log(settlement: &Settlement, job: &mut Stored) {
    let record = &mut job.record;
    if let (Some(log), Some(error)) = (settlement.error_log(), record.errors.last_mut()) {
        error.log = Some(Box::new(log.clone()));
    }
    if let Some(log) = settlement.finish_log() {
        (record.log, record.finished_by) = (Some(Box::new(log.clone())), Some(settlement.token.process));
    }
}
