//! Claimed jobs in the hands of a test: what is not performed goes back.

use std::collections::VecDeque;
use std::sync::Arc;

use jobs_core::{Claim, ClaimToken, Decision, Execution, Settlement, Store};

use crate::kit::bench::{Bench, at_once};
use crate::kit::error::DrainError;
use crate::kit::notes::Notes;
use crate::kit::seen::Seen;
use crate::kit::store::DRAIN;

/// Claimed jobs that are not begun. Dropped, it gives them back.
pub(crate) struct Held {
    bench: Arc<Bench>,
    executions: VecDeque<Execution>,
}

impl Held {
    /// Claims the ready jobs that are wanted, those first that a worker would take first.
    pub(crate) fn claim(bench: &Arc<Bench>, wanted: impl Fn(&Execution) -> bool) -> Self {
        let claimed = at_once(bench.store.claim(&Claim::all(DRAIN, usize::MAX)));
        let (executions, others): (VecDeque<_>, Vec<_>) = {
            let (kept, others): (Vec<_>, Vec<_>) = claimed.into_iter().partition(&wanted);
            (kept.into(), others)
        };
        give_back(bench, others);
        let ids = executions.iter().map(Execution::id);
        bench.store.notes().held.extend(ids);
        Self { bench: Arc::clone(bench), executions }
    }

    pub(crate) fn next(&mut self) -> Option<Execution> {
        self.executions.pop_front()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        give_back(&self.bench, self.executions.drain(..));
    }
}

fn give_back(bench: &Bench, executions: impl IntoIterator<Item = Execution>) {
    for execution in executions {
        bench.store.notes().held.remove(&execution.id());
        let _released = at_once(bench.store.settle(&[execution.settle(Decision::Release)]));
    }
}

impl Bench {
    /// Performs one job and writes what became of it.
    pub(crate) async fn perform(&self, execution: Execution) -> Result<(), DrainError> {
        let id = execution.id();
        let mut running = Running { bench: self, token: Some(execution.token) };
        if let Some(seen) = self.seen(id) {
            self.store.notes().begun(seen);
        }
        let settlement = self.jobs.perform_execution(execution).await;
        running.token = None;
        let failed = matches!(settlement.decision, Decision::Fail { .. });
        let _settled = at_once(self.store.settle(&[settlement]));
        let Some(seen) = self.seen(id) else { return Ok(()) };
        Notes::ended(&mut self.store.notes(), seen.clone());
        if failed { Err(DrainError::failed(seen)) } else { Ok(()) }
    }

    /// The job, if nobody knows how to perform it.
    pub(crate) fn unknown(&self, seen: &Seen) -> bool {
        !self.jobs.knows(seen.name())
    }
}

/// A job that runs. Dropped before its end, it goes back.
struct Running<'a> {
    bench: &'a Bench,
    token: Option<ClaimToken>,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(token) = self.token.take() {
            let _released = at_once(self.bench.store.settle(&[Settlement::new(token, Decision::Release)]));
        }
    }
}
