//! The exchange of a worker with its store: settlements there and claimed jobs back, in one statement.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::events::{Fenced, NotCommitted};
use jobs_core::{Decision, Error, Settled, Settlement};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::Client;
use crate::supervision::backoff::Backoff;
use crate::supervision::liveness::Liveness;
use crate::worker::claim_planner::ClaimPlanner;
use crate::worker::crash_quarantine::CrashQuarantine;
use crate::worker::prefetch::Prefetch;
use crate::worker::refused_settlements::HeldSettlements;
use crate::worker::run_queue::{Claimed, RunQueue};

/// Settles and claims. While one statement is under way, settlements for the next one collect. The settlements of a
/// statement that failed are sent again; those of a statement that the store refuses for good are sent apart.
pub(crate) struct SettleClaim {
    pub(super) jobs: Client,
    pub(super) queue: Arc<RunQueue>,
    pub(super) quarantine: Arc<CrashQuarantine>,
    liveness: Arc<Liveness>,
    pub(super) pending: Vec<Settlement>,
    /// How many of `pending`, from the first, were sent before and not answered. If they are stale now, the lost call may
    /// have settled them.
    pub(super) resent: usize,
    /// Settlements that the store refuses in all forms.
    pub(crate) held: HeldSettlements,
    /// Claimed, and not to run before `pending` is written.
    suspect: Option<Claimed>,
    backoff: Backoff,
    pub(crate) prefetch: Prefetch,
    planner: ClaimPlanner,
}

/// What an exchange with the store gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exchanged {
    /// The store may have more jobs that this worker may take.
    MayHaveMore,
    /// No more are there.
    AllThereWas,
    /// No job was asked for: all slots are taken, or the limits of the queues are reached.
    NoneWanted,
}

/// How often the last settlements are tried at shutdown before they are left to recovery.
const FLUSH_ATTEMPTS: u32 = 60;

impl SettleClaim {
    pub(crate) fn new(
        jobs: Client,
        queue: Arc<RunQueue>,
        quarantine: Arc<CrashQuarantine>,
        liveness: Arc<Liveness>,
        planner: ClaimPlanner,
    ) -> Self {
        let prefetch = Prefetch::new(jobs.store().allows_prefetch());
        Self {
            jobs,
            queue,
            quarantine,
            liveness,
            pending: Vec::new(),
            resent: 0,
            held: HeldSettlements::default(),
            suspect: None,
            backoff: Backoff::default(),
            prefetch,
            planner,
        }
    }

    /// Adds the settlements of performed jobs, and measures their rate.
    pub(crate) fn collect(&mut self, settlements: Vec<Settlement>) {
        self.prefetch.record(settlements.len());
        self.push(settlements);
    }

    pub(crate) fn push(&mut self, settlements: Vec<Settlement>) {
        self.planner.ended(&settlements);
        if self.pending.is_empty() {
            self.pending = settlements;
        } else {
            self.pending.extend(settlements);
        }
    }

    pub(crate) fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Runs the suspect once nothing is pending: the other suspects are deferred then.
    fn start_suspect(&mut self) {
        if self.pending.is_empty() {
            self.queue.push(self.suspect.take().into_iter());
        }
    }

    /// Settles what is pending and claims up to `limit` jobs. The error is how long to wait.
    pub(crate) async fn exchange(&mut self, limit: usize) -> Result<Exchanged, Duration> {
        self.retry_held().await;
        let claim = &self.planner.plan(limit);
        if self.pending.is_empty() && claim.limit == 0 {
            return Ok(Exchanged::NoneWanted);
        }
        // Read before the claim: what the process loses while the answer is under way is lost too.
        let generation = self.liveness.generation();
        match self.jobs.shared.store.settle_and_claim(&self.pending, claim).await {
            Ok((settled, executions)) => {
                self.record_answers(&settled);
                self.start_suspect();
                let is_full = !executions.is_empty() && executions.len() == claim.limit;
                let (executions, may_have_more) = self.planner.receive(claim, executions);
                let admitted = self.quarantine.admit(executions);
                let claimed = |execution| Claimed { execution, generation };
                self.queue.push(admitted.clean.into_iter().map(claimed));
                self.suspect = admitted.suspect.map(claimed);
                self.push(admitted.deferred);
                self.start_suspect();
                Ok(match claim.limit {
                    0 => Exchanged::NoneWanted,
                    _ if is_full || may_have_more => Exchanged::MayHaveMore,
                    _ => Exchanged::AllThereWas,
                })
            }
            Err(error) => {
                let wait = self.failed("settle and claim", &error);
                if !error.is_transient() {
                    // The refused part may be the claim or one of the settlements: the others are written without them.
                    self.settle_apart().await?;
                }
                Err(wait)
            }
        }
    }

    /// Settles everything that is left. Tries again until it is written, or until `force`.
    pub(crate) async fn flush_all(&mut self, force: &CancellationToken) {
        for _ in 0..FLUSH_ATTEMPTS {
            let Err(wait) = self.flush().await else { break };
            if force.is_cancelled() {
                return;
            }
            let _elapsed = timeout(wait, force.cancelled()).await;
        }
        self.try_held().await;
    }

    /// Tries once to settle everything that has ended. The error is how long to wait.
    pub(crate) async fn flush(&mut self) -> Result<(), Duration> {
        let completed = self.queue.take_completed();
        self.collect(completed);
        if let Some(suspect) = self.suspect.take() {
            self.push(vec![suspect.execution.settle(Decision::Release)]);
        }
        if self.pending.is_empty() {
            return Ok(());
        }
        match self.jobs.shared.store.settle(&self.pending).await {
            Ok(settled) => {
                self.record_answers(&settled);
                Ok(())
            }
            Err(error) => {
                let wait = self.failed("settle", &error);
                if error.is_transient() { Err(wait) } else { self.settle_apart().await }
            }
        }
    }

    /// Records the answers for the first pending settlements.
    pub(super) fn record_answers(&mut self, settled: &[Settled]) {
        self.backoff.succeeded();
        let resent = self.resent;
        self.resent = resent.saturating_sub(settled.len());
        let events = &self.jobs.shared.events;
        let answered = self.pending.drain(..settled.len().min(self.pending.len()));
        for (index, (settlement, answer)) in answered.zip(settled).enumerate() {
            let job = settlement.token.job;
            self.quarantine.settled(job);
            let may_be_stale = self.queue.take_may_be_stale(job);
            match answer {
                Settled::Stale if index >= resent && !may_be_stale => events.emit(|| Fenced::new(job)),
                Settled::Applied if settlement.decision.is_unless_committed() => {
                    events.emit(|| NotCommitted::new(job));
                }
                _ => {}
            }
        }
    }

    pub(super) fn failed(&mut self, operation: &'static str, error: &Error) -> Duration {
        self.resent = self.pending.len();
        self.jobs.shared.events.store_failed(operation, error);
        self.backoff.failed()
    }
}
