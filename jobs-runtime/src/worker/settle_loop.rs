//! What travels between a worker and its store: settlements there, claimed jobs back, in one statement.

use std::time::Duration;

use jobs_core::{Claim, Decision, Error, Event, Execution, Settled, Settlement, Store};
use tokio::time::timeout;

use crate::backoff::Backoff;
use crate::observe::events::Events;
use crate::worker::coordinator::Coordinator;
use crate::worker::prefetch::Prefetch;

/// Statements in batch: while one is, the next gathers. What a failed one pending flies again.
pub(crate) struct SettleClaim<'a> {
    coordinator: &'a Coordinator,
    pending: Vec<Settlement>,
    /// How many of them, from the first, were sent before and not answered: if they are stale now, that may be their
    /// own doing.
    resent: usize,
    /// Claimed, and not to begin before what is pending is written.
    suspect: Option<Execution>,
    backoff: Backoff,
    pub(crate) prefetch: Prefetch,
}

/// How often the last settlements are tried at shutdown before they are left to recovery, if nobody forces an end.
const FLUSH_ATTEMPTS: u32 = 60;

impl<'a> SettleClaim<'a> {
    pub(crate) fn new(coordinator: &'a Coordinator) -> Self {
        Self {
            coordinator,
            pending: Vec::new(),
            resent: 0,
            suspect: None,
            backoff: Backoff::default(),
            prefetch: Prefetch::new(),
        }
    }

    pub(crate) fn store(&self) -> &'a dyn Store {
        &*self.coordinator.executor.jobs.shared.store
    }

    fn events(&self) -> &'a Events {
        &self.coordinator.executor.jobs.shared.events
    }

    pub(crate) fn collect(&mut self, settlements: Vec<Settlement>) {
        self.prefetch.record(settlements.len());
        self.push(settlements);
    }

    /// Begins the suspect once nothing is pending any more: the others are put off then.
    fn push_suspect(&mut self) {
        if self.pending.is_empty() {
            self.coordinator.queue().push(self.suspect.take().into_iter().collect());
        }
    }

    pub(crate) fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    pub(crate) fn push(&mut self, settlements: Vec<Settlement>) {
        if self.pending.is_empty() {
            self.pending = settlements;
        } else {
            self.pending.extend(settlements);
        }
    }

    /// Settles what is pending and claims; gives how many jobs were claimed, or how long to wait.
    pub(crate) async fn exchange(&mut self, claim: &Claim) -> Result<usize, Duration> {
        if self.pending.is_empty() && claim.limit == 0 {
            return Ok(0);
        }
        match self.store().settle_and_claim(&self.pending, claim).await {
            Ok((settled, executions)) => {
                self.record_answers(&settled);
                self.push_suspect();
                let got = executions.len();
                let admitted = self.coordinator.quarantine.admit(executions);
                self.coordinator.queue().push(admitted.clean);
                self.suspect = admitted.suspect;
                self.push(admitted.deferred);
                self.push_suspect();
                Ok(got)
            }
            Err(error) => Err(self.failed("settle and claim", &error)),
        }
    }

    /// Settles all that is left, trying again until it is written or nobody wants to wait any longer.
    pub(crate) async fn flush_all(&mut self) {
        for _ in 0..FLUSH_ATTEMPTS {
            let Err(wait) = self.flush().await else { return };
            let force = &self.coordinator.force;
            if force.is_cancelled() {
                return;
            }
            let _elapsed = timeout(wait, force.cancelled()).await;
        }
    }

    /// Tries once to settle all that has ended; gives how long to wait if the store failed.
    pub(crate) async fn flush(&mut self) -> Result<(), Duration> {
        self.collect(self.coordinator.queue().take_completed());
        if let Some(suspect) = self.suspect.take() {
            self.push(vec![suspect.settle(Decision::Release)]);
        }
        if self.pending.is_empty() {
            return Ok(());
        }
        match self.store().settle(&self.pending).await {
            Ok(settled) => {
                self.record_answers(&settled);
                Ok(())
            }
            Err(error) => Err(self.failed("settle", &error)),
        }
    }

    fn record_answers(&mut self, settled: &[Settled]) {
        self.backoff.worked();
        let resent = std::mem::take(&mut self.resent);
        let events = self.events();
        for (place, (settlement, answer)) in self.pending.drain(..).zip(settled).enumerate() {
            let job = settlement.token.job;
            self.coordinator.quarantine.settled(job);
            let was_completed = self.coordinator.queue().take_committed(job);
            match answer {
                Settled::Stale if place >= resent && !was_completed => events.emit(|| Event::Fenced(job)),
                Settled::Applied if settlement.decision.is_unless_committed() => {
                    events.emit(|| Event::NotCommitted(job));
                }
                _ => {}
            }
        }
    }

    fn failed(&mut self, operation: &'static str, error: &Error) -> Duration {
        self.resent = self.pending.len();
        self.events().emit(|| Event::StoreFailed { operation, message: error.to_string() });
        self.backoff.failed()
    }
}
