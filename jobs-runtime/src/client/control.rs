//! One job by its id: looking it up, cancelling it, setting another time.

use jobs_core::{Due, Error, JobId, JobRecord, ProcessId, State};

use crate::Jobs;

/// Where a call that was to change one stored job found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reached {
    /// In time: it is changed as was asked.
    Changed,
    /// While a process ran it. It stays that process'; nothing stored was changed.
    Running {
        /// Which process.
        process: ProcessId,
        /// Whether the job was asked to stop: [`cancel`](Jobs::cancel) does so if it runs in this very process.
        asked: bool,
    },
    /// Too late: in this state it does not wait any more.
    Over(State),
    /// Not at all: it never was, or it has been pruned.
    Unknown,
}

impl Reached {
    /// Whether the job is changed as was asked.
    pub const fn is_changed(self) -> bool {
        matches!(self, Self::Changed)
    }
}

/// How often a job may slip from a state to another between two looks before that is an error.
const LOOKS: usize = 8;

impl Jobs {
    /// The job as it is stored: its state, its attempts and their errors; `None` if it never was or has been pruned.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// The store cannot be looked into, or says no.
    pub async fn find(&self, id: JobId) -> Result<Option<JobRecord>, Error> {
        self.inspect()?.find(id).await
    }

    /// Discards the job if it is not done and no process holds it: one that waits, or one that failed.
    ///
    /// One that runs in this process is asked to stop: [`Context::is_cancelled`](jobs_core::Context::is_cancelled)
    /// says so from now on, and if the attempt ends in an error the job is discarded, whatever its rules say. If it
    /// succeeds all the same it is finished. One that runs in another process cannot be asked from here.
    ///
    /// Cancel safe in that the job is discarded or not; which is not known to a caller that drops it.
    ///
    /// # Errors
    /// The store cannot be looked into or acted on, or says no.
    pub async fn cancel(&self, id: JobId) -> Result<Reached, Error> {
        for _ in 0..LOOKS {
            if self.manage()?.discard(&[id]).await? > 0 {
                return Ok(Reached::Changed);
            }
            match self.where_is(id, State::Failed).await? {
                Some(Reached::Running { process, .. }) => return Ok(self.ask_to_stop(id, process)),
                Some(reached) => return Ok(reached),
                None => {}
            }
        }
        Err(slipped(id))
    }

    /// Sets another time for a job that waits, be it ready or scheduled. What is due now becomes ready at once.
    ///
    /// Cancel safe in that the time is set or not; which is not known to a caller that drops it.
    ///
    /// # Errors
    /// The store cannot be looked into or acted on, or says no.
    pub async fn reschedule(&self, id: JobId, due: Due) -> Result<Reached, Error> {
        for _ in 0..LOOKS {
            if self.manage()?.reschedule(&[id], due).await? > 0 {
                return Ok(Reached::Changed);
            }
            if let Some(reached) = self.where_is(id, State::Ready).await? {
                return Ok(reached);
            }
        }
        Err(slipped(id))
    }

    /// Where a job is that could not be changed; `None` if it can be by now. `last` is the last state in which it can.
    async fn where_is(&self, id: JobId, last: State) -> Result<Option<Reached>, Error> {
        let Some(record) = self.find(id).await? else { return Ok(Some(Reached::Unknown)) };
        Ok(match (record.state, record.claimed_by) {
            (State::Claimed, Some(process)) => Some(Reached::Running { process, asked: false }),
            (State::Scheduled | State::Ready | State::Claimed, _) => None,
            (State::Blocked | State::Failed, _) if last == State::Failed => None,
            (state, _) => Some(Reached::Over(state)),
        })
    }

    fn ask_to_stop(&self, id: JobId, process: ProcessId) -> Reached {
        let asked = process == self.shared.process;
        if asked {
            self.shared.cancel_requests.request(id);
        }
        Reached::Running { process, asked }
    }
}

fn slipped(id: JobId) -> Error {
    Error::transient(format!("the job {id} changed its state each time it was looked at; try again"))
}
