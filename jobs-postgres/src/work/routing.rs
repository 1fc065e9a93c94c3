//! Chooses the connections on which a call settles and claims: one for both, or one for each if there is much to do.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join;
use jobs_core::{Claim, Decision, Error, Execution, ProcessId, Settled, Settlement};

use super::pending_claims::PendingClaim;
use super::settle_and_claim::SettleAndClaim;
use crate::PostgresStore;
use crate::connection::actor::ConnectionHandle;

/// From this many finished jobs on, and with at least as many to claim, two statements on two connections are faster
/// than one: the server then works longer on each of them than a commit takes.
const APART_FROM: usize = 100;

/// For how many large batches both go over one connection after a settlement over the other one has failed, for example
/// because the server admits no more connections.
const TOGETHER_AFTER_FAILURE: u32 = 1000;

/// Whether large batches may be settled over a connection of their own.
#[derive(Debug, Default)]
pub(crate) struct Apart {
    /// For how many more batches they are not.
    together: AtomicU32,
}

impl Apart {
    fn is_allowed(&self) -> bool {
        let count_down = |left: u32| left.checked_sub(1);
        self.together.fetch_update(Ordering::Relaxed, Ordering::Relaxed, count_down).is_err()
    }

    fn failed(&self) {
        self.together.store(TOGETHER_AFTER_FAILURE, Ordering::Relaxed);
    }
}

/// What a call settled and claimed.
struct SettledAndClaimed {
    settled: Vec<Settled>,
    executions: Vec<Execution>,
    /// Dropped without [`PendingClaim::received`], it makes the next claim release the claimed jobs.
    pending: Option<PendingClaim>,
}

impl PostgresStore {
    /// Settles, and claims. If the future is dropped, the next claim releases the claimed jobs.
    pub(crate) async fn settle_and_claim_jobs(
        &self,
        what: &'static str,
        settlements: &[Settlement],
        claim: Claim,
    ) -> Result<(Vec<Settled>, Vec<Execution>), Error> {
        let answer = if are_large(settlements, &claim) && self.apart.is_allowed() {
            self.settle_and_claim_apart(what, settlements, claim).await?
        } else {
            self.settle_and_claim_on(&self.work, what, settlements, claim).await?
        };
        if let Some(pending) = answer.pending {
            pending.received();
        }
        Ok((answer.settled, answer.executions))
    }

    /// Settles and claims at the same time, so that two processors of the server work on it. If one of the two fails, the
    /// answer of the other one counts as lost: the caller repeats the settlements, and the next claim releases the jobs. If it
    /// was the settlement, the next calls use one connection.
    async fn settle_and_claim_apart(
        &self,
        what: &'static str,
        settlements: &[Settlement],
        claim: Claim,
    ) -> Result<SettledAndClaimed, Error> {
        let settle = self.settle_and_claim_on(&self.settles, what, settlements, no_claim());
        let (settled, claimed) = join(settle, self.settle_and_claim_on(&self.work, what, &[], claim)).await;
        let settled = settled.inspect_err(|_failed| self.apart.failed())?.settled;
        Ok(SettledAndClaimed { settled, ..claimed? })
    }

    async fn settle_and_claim_on(
        &self,
        connection: &ConnectionHandle,
        what: &'static str,
        settlements: &[Settlement],
        claim: Claim,
    ) -> Result<SettledAndClaimed, Error> {
        let (process, limit) = (claim.process, claim.limit);
        let call = SettleAndClaim::new(settlements, claim, self.now(), self.encoding, self.pending_claims.clone());
        let call = call.map_err(|error| error.into_error(what))?;
        let pending = (limit > 0).then(|| self.pending_claims.register(process));
        let ticket = pending.as_ref().map_or(0, |pending| pending.ticket);
        let (settled, executions) = connection.call(what, move |session| call.run(session, ticket)).await?;
        self.vacuum.count_settled(settlements.len());
        Ok(SettledAndClaimed { settled, executions, pending })
    }
}

fn are_large(settlements: &[Settlement], claim: &Claim) -> bool {
    settlements.len().min(claim.limit) >= APART_FROM && settlements.iter().all(is_finish)
}

/// Other settlements may make jobs ready, which the same call is to claim.
pub(crate) fn is_finish(settlement: &Settlement) -> bool {
    matches!(settlement.decision, Decision::Finish { .. })
}

/// A claim of nothing, for a call that only settles.
pub(crate) fn no_claim() -> Claim {
    Claim::new(ProcessId::new(0), Vec::new(), 0)
}
