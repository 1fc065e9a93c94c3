//! What travels between a worker and its store: settlements there, claimed jobs back, in one statement.

use std::time::Duration;

use jobs_core::{Claim, Decision, Error, Event, Execution, Settled, Settlement, Store};
use tokio::time::timeout;

use crate::backoff::Backoff;
use crate::events::Events;
use crate::pace::Pace;
use crate::worker::Coordinator;

/// Statements in flight: while one is, the next gathers. What a failed one carried flies again.
pub(crate) struct Flight<'a> {
    coordinator: &'a Coordinator,
    carried: Vec<Settlement>,
    /// How many of them, from the first, were sent before and not answered: if they are stale now, that may be their
    /// own doing.
    resent: usize,
    /// Claimed, and not to begin before what is carried is written.
    suspect: Option<Execution>,
    backoff: Backoff,
    pub(crate) pace: Pace,
}

/// How often the last settlements are tried at shutdown before they are left to recovery, if nobody forces an end.
const LANDING_TRIES: u32 = 60;

impl<'a> Flight<'a> {
    pub(crate) fn new(coordinator: &'a Coordinator) -> Self {
        Self {
            coordinator,
            carried: Vec::new(),
            resent: 0,
            suspect: None,
            backoff: Backoff::default(),
            pace: Pace::new(),
        }
    }

    pub(crate) fn store(&self) -> &'a dyn Store {
        &*self.coordinator.runner.jobs.shared.store
    }

    fn events(&self) -> &'a Events {
        &self.coordinator.runner.jobs.shared.events
    }

    pub(crate) fn load(&mut self, settlements: Vec<Settlement>) {
        self.pace.note(settlements.len());
        self.carry(settlements);
    }

    /// Begins the suspect once nothing is carried any more: the others are put off then.
    fn lay_out_suspect(&mut self) {
        if self.carried.is_empty() {
            self.coordinator.desk().lay_out(self.suspect.take().into_iter().collect());
        }
    }

    pub(crate) fn has_cargo(&self) -> bool {
        !self.carried.is_empty()
    }

    pub(crate) fn carry(&mut self, settlements: Vec<Settlement>) {
        if self.carried.is_empty() {
            self.carried = settlements;
        } else {
            self.carried.extend(settlements);
        }
    }

    /// Settles what is carried and claims; gives how many jobs were claimed, or how long to wait.
    pub(crate) async fn fly(&mut self, claim: &Claim) -> Result<usize, Duration> {
        if self.carried.is_empty() && claim.limit == 0 {
            return Ok(0);
        }
        match self.store().settle_and_claim(&self.carried, claim).await {
            Ok((settled, executions)) => {
                self.landed(&settled);
                self.lay_out_suspect();
                let got = executions.len();
                let admitted = self.coordinator.suspects.admit(executions);
                self.coordinator.desk().lay_out(admitted.innocent);
                self.suspect = admitted.suspect;
                self.carry(admitted.others);
                self.lay_out_suspect();
                Ok(got)
            }
            Err(error) => Err(self.failed("settle and claim", &error)),
        }
    }

    /// Settles all that is left, trying again until it is written or nobody wants to wait any longer.
    pub(crate) async fn land(&mut self) {
        for _ in 0..LANDING_TRIES {
            let Err(wait) = self.descend().await else { return };
            let force = &self.coordinator.force;
            if force.is_cancelled() {
                return;
            }
            let _elapsed = timeout(wait, force.cancelled()).await;
        }
    }

    /// Tries once to settle all that has ended; gives how long to wait if the store failed.
    pub(crate) async fn descend(&mut self) -> Result<(), Duration> {
        self.load(self.coordinator.desk().take_settled());
        if let Some(suspect) = self.suspect.take() {
            self.carry(vec![suspect.settle(Decision::Release)]);
        }
        if self.carried.is_empty() {
            return Ok(());
        }
        match self.store().settle(&self.carried).await {
            Ok(settled) => {
                self.landed(&settled);
                Ok(())
            }
            Err(error) => Err(self.failed("settle", &error)),
        }
    }

    fn landed(&mut self, settled: &[Settled]) {
        self.backoff.worked();
        let resent = std::mem::take(&mut self.resent);
        let events = self.events();
        for (place, (settlement, answer)) in self.carried.drain(..).zip(settled).enumerate() {
            let job = settlement.token.job;
            self.coordinator.suspects.settled(job);
            let was_completed = self.coordinator.desk().take_completed(job);
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
        self.resent = self.carried.len();
        self.events().emit(|| Event::StoreFailed { operation, message: error.to_string() });
        self.backoff.failed()
    }
}
