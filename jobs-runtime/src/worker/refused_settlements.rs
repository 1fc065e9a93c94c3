//! Settlements that the store refuses for good: one that cannot be written never holds up another.

use std::time::Duration;

use jobs_core::events::SettlementRefused;
use jobs_core::{ClaimToken, Decision, Error, ErrorRecord, JobId, ProcessId, Settled, Settlement, substitutes};
use tokio::time::Instant;

use crate::checked_store::CheckedStore;
use crate::worker::settle_loop::SettleClaim;

/// The wait before a settlement is tried again that is refused in all forms. It doubles with each try.
const FIRST_WAIT: Duration = Duration::from_secs(2);

/// The longest of these waits. What refuses the settlement, such as a trigger, is removed by a person.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// So many settlements are held back at most. With more of them a worker claims nothing: what refuses them refuses
/// nearly all, and each more job would run in vain.
const MOST_HELD: usize = 1000;

/// Settlements that the store refuses in all forms. They are tried again from time to time, and once at the end; then
/// the process says goodbye, which releases their jobs.
#[derive(Debug, Default)]
pub(crate) struct HeldSettlements {
    settlements: Vec<Settlement>,
    tries: u32,
    /// When they are tried again.
    due: Option<Instant>,
}

impl HeldSettlements {
    pub(crate) fn is_full(&self) -> bool {
        self.settlements.len() >= MOST_HELD
    }

    fn is_due(&self) -> bool {
        self.due.is_some_and(|due| due <= Instant::now())
    }

    fn hold(&mut self, settlement: Settlement) {
        self.settlements.push(settlement);
        if self.due.is_none() {
            self.wait();
        }
    }

    fn wait(&mut self) {
        let wait = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(self.tries)).min(LONGEST_WAIT);
        self.tries = self.tries.saturating_add(1);
        self.due = Some(Instant::now() + wait);
    }
}

/// How a settlement that the store refused was written in the end.
enum Outcome {
    /// The store took it at the second try.
    Settled(Vec<Settled>),
    /// Another decision is written instead.
    Replaced,
    /// No form of it is taken.
    Refused,
}

impl SettleClaim {
    /// Writes the pending settlements after the store refused them together: by halves, down to the single ones that it
    /// refuses. The error is how long to wait; what was not tried stays pending.
    pub(crate) async fn settle_apart(&mut self) -> Result<(), Duration> {
        let mut sizes = vec![self.pending.len()];
        while let Some(size) = sizes.pop() {
            let Some(part) = self.pending.get(..size).filter(|part| !part.is_empty()) else { continue };
            match self.jobs.shared.store.settle(part).await {
                Ok(settled) => self.record_answers(&settled),
                Err(error) if error.is_transient() => return Err(self.failed("settle", &error)),
                Err(error) if size == 1 => self.settle_refused(&error).await?,
                Err(_) => sizes.extend([size - size / 2, size / 2]),
            }
        }
        Ok(())
    }

    /// Writes the first pending settlement, which the store refused, in another form, or holds it back.
    async fn settle_refused(&mut self, error: &Error) -> Result<(), Duration> {
        let Some(settlement) = self.pending.first().cloned() else { return Ok(()) };
        match write_refused(&self.jobs.shared.store, &settlement, error).await {
            Ok(Outcome::Settled(settled)) => self.record_answers(&settled),
            Ok(Outcome::Replaced) => self.remove_first(true, error),
            Ok(Outcome::Refused) => {
                self.remove_first(false, error);
                self.held.hold(settlement);
            }
            Err(error) => return Err(self.failed("settle", &error)),
        }
        Ok(())
    }

    /// Removes the first pending settlement, which was refused, and emits the event of that.
    fn remove_first(&mut self, is_replaced: bool, error: &Error) {
        self.resent = self.resent.saturating_sub(1);
        for settlement in self.pending.drain(..self.pending.len().min(1)) {
            let job = settlement.token.job;
            self.quarantine.settled(job);
            let _was_completed = self.queue.take_may_be_stale(job);
            self.jobs.shared.events.emit(|| SettlementRefused::new(job, is_replaced, error.to_string()));
        }
    }

    /// Tries the held settlements again if it is time.
    pub(crate) async fn retry_held(&mut self) {
        if self.held.is_due() {
            self.try_held().await;
        }
    }

    /// Tries each of the held settlements once. What the store still refuses stays held.
    pub(crate) async fn try_held(&mut self) {
        let mut refused = 0;
        while let Some(settlement) = self.held.settlements.get(refused) {
            let store = &self.jobs.shared.store;
            let outcome = match store.settle(std::slice::from_ref(settlement)).await {
                Ok(_) => Ok(Outcome::Replaced),
                Err(error) if error.is_transient() => Err(error),
                Err(error) => write_refused(store, settlement, &error).await,
            };
            match outcome {
                Ok(Outcome::Refused) => refused += 1,
                Ok(_) => drop(self.held.settlements.remove(refused)),
                Err(_) => break,
            }
        }
        if self.held.settlements.is_empty() {
            self.held = HeldSettlements::default();
        } else {
            self.held.wait();
        }
    }
}

/// Writes a settlement that the store refused with `error` in another form.
///
/// # Errors
/// The store fails for all settlements, not only for this one.
async fn write_refused(store: &CheckedStore, settlement: &Settlement, error: &Error) -> Result<Outcome, Error> {
    // The error may be about this settlement or about all of them. A settlement of no job tells which: it changes nothing.
    store.settle(&[of_no_job(settlement.token.process)]).await?;
    // The store may have recovered between the two.
    match store.settle(std::slice::from_ref(settlement)).await {
        Ok(settled) => return Ok(Outcome::Settled(settled)),
        Err(error) if error.is_transient() => return Err(error),
        Err(_) => {}
    }
    let meta = store.find(settlement.token.job).await?.and_then(|stored| stored.meta);
    // The log may be what the store refuses.
    let without_log = settlement.log.is_some().then(|| settlement.decision.clone());
    for decision in without_log.into_iter().chain(substitutes(&settlement.decision, &error.to_string(), meta)) {
        match store.settle(&[Settlement::new(settlement.token, decision)]).await {
            Ok(_) => return Ok(Outcome::Replaced),
            Err(error) if error.is_transient() => return Err(error),
            Err(_) => {}
        }
    }
    Ok(Outcome::Refused)
}

/// A settlement under a token that no claim has.
fn of_no_job(process: ProcessId) -> Settlement {
    let token = ClaimToken::new(JobId::from_bytes([0; 16]), process, -1);
    Settlement::new(token, Decision::Fail { meta: None, error: ErrorRecord::new("jobs::Probe", "") })
}
