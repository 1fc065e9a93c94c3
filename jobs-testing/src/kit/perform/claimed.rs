//! Jobs that a test has claimed. Those that are not performed are released.

use std::collections::VecDeque;
use std::sync::Arc;

use jobs_core::{Claim, ClaimToken, Decision, Execution, Settlement, Store};

use crate::kit::DrainError;
use crate::kit::Seen;
use crate::kit::store::History;
use crate::kit::store::immediate::at_once;
use crate::kit::store::state::KitState;
use crate::kit::store::test_store::DRAIN;

/// If a drain performs more jobs than this, beyond those that waited when it began, it is taken for a loop.
pub(crate) const LOOP_LIMIT: usize = 10_000;

/// Claimed jobs that have not begun. Dropping it releases them.
pub(crate) struct ClaimedJobs {
    state: Arc<KitState>,
    executions: VecDeque<Execution>,
}

impl ClaimedJobs {
    /// Claims the wanted ready jobs, in the order in which a worker would take them.
    pub(crate) fn claim(state: &Arc<KitState>, wanted: impl Fn(&Execution) -> bool) -> Self {
        let claimed = at_once(state.store.claim(&Claim::all(DRAIN, usize::MAX)));
        let (executions, others): (VecDeque<_>, Vec<_>) = {
            let (kept, others): (Vec<_>, Vec<_>) = claimed.into_iter().partition(&wanted);
            (kept.into(), others)
        };
        give_back(state, others);
        let ids = executions.iter().map(Execution::id);
        state.store.history().held.extend(ids);
        Self { state: Arc::clone(state), executions }
    }

    pub(crate) fn next(&mut self) -> Option<Execution> {
        self.executions.pop_front()
    }
}

impl Drop for ClaimedJobs {
    fn drop(&mut self) {
        give_back(&self.state, self.executions.drain(..));
    }
}

fn give_back(state: &KitState, executions: impl IntoIterator<Item = Execution>) {
    for execution in executions {
        state.store.history().held.remove(&execution.id());
        let _released = at_once(state.store.settle(&[execution.settle(Decision::Release)]));
    }
}

impl KitState {
    /// Performs one job and settles it.
    pub(crate) async fn perform(&self, execution: Execution) -> Result<(), DrainError> {
        let id = execution.id();
        let mut running = Running { state: self, token: Some(execution.token) };
        if let Some(seen) = self.seen(id) {
            self.store.history().begun(seen);
        }
        let settlement = self.jobs.perform_execution(execution).await;
        running.token = None;
        let failed = matches!(settlement.decision, Decision::Fail { .. });
        let _settled = at_once(self.store.settle(&[settlement]));
        let Some(seen) = self.seen(id) else { return Ok(()) };
        History::ended(&mut self.store.history(), seen.clone());
        if failed { Err(DrainError::failed(seen)) } else { Ok(()) }
    }

    /// Whether no job of this name is registered.
    pub(crate) fn unknown(&self, seen: &Seen) -> bool {
        !self.jobs.knows(seen.name())
    }
}

/// A running job. Dropped before its end, the job is released.
struct Running<'a> {
    state: &'a KitState,
    token: Option<ClaimToken>,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(token) = self.token.take() {
            let _released = at_once(self.state.store.settle(&[Settlement::new(token, Decision::Release)]));
        }
    }
}
