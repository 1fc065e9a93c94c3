//! A store with a job in each state that a store without limits on concurrency has.

use jobs_core::{Decision, Execution, JobId, State};

use crate::contract::Stage;
use crate::contract::stage::{KEEP, fail, secs};

/// One job in each state.
pub(crate) struct World {
    pub(crate) scheduled: JobId,
    pub(crate) ready: JobId,
    pub(crate) claimed: Execution,
    pub(crate) failed: JobId,
    pub(crate) finished: JobId,
    pub(crate) discarded: JobId,
}

impl World {
    /// All of them are made now; the scheduled one is due in a minute.
    pub(crate) async fn new(stage: &Stage) -> Self {
        Self {
            failed: settled(stage, fail()).await,
            finished: settled(stage, KEEP).await,
            discarded: settled(stage, Decision::Discard { error: None }).await,
            claimed: stage.claimed().await,
            scheduled: stage.put_later(secs(60)).await,
            ready: stage.put_one().await,
        }
    }

    /// The jobs with the states they are in.
    pub(crate) fn jobs(&self) -> [(State, JobId); 6] {
        [
            (State::Scheduled, self.scheduled),
            (State::Ready, self.ready),
            (State::Claimed, self.claimed.id()),
            (State::Failed, self.failed),
            (State::Finished, self.finished),
            (State::Discarded, self.discarded),
        ]
    }
}

/// A job that came to this.
pub(crate) async fn settled(stage: &Stage, decision: Decision) -> JobId {
    let execution = stage.claimed().await;
    let id = execution.id();
    stage.applied(execution, decision).await;
    id
}
