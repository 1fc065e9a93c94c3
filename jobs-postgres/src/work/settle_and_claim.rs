//! Settles a batch and claims the next one, in one statement if possible: the call that workers make all the time.

use std::sync::Arc;

use futures_util::future::join4;
use jobs_core::{Claim, Execution, Settled, Settlement};

use super::claim::{ClaimQuery, ClaimResult, remaining};
use super::pending_claims::PendingClaims;
use super::settle::{Batch, BatchWrite, fail_unreadable, settle};
use crate::codec::encoding::Encoding;
use crate::connection::retry_conflicts::retry_conflicts;
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;

/// One call of `settle_and_claim`, or of only one of the two.
pub(crate) struct SettleAndClaim {
    batch: Batch,
    claim: Claim,
    now: Option<i64>,
    encoding: Encoding,
    pending: PendingClaims,
}

impl SettleAndClaim {
    pub(crate) fn new(
        settlements: &[Settlement],
        claim: Claim,
        now: Option<i64>,
        encoding: Encoding,
        pending: PendingClaims,
    ) -> Result<Self> {
        Ok(Self { batch: Batch::of(settlements, encoding)?, claim, now, encoding, pending })
    }

    /// Settles, and claims with this ticket.
    pub(crate) async fn run(self, session: Arc<Session>, ticket: i64) -> Result<(Vec<Settled>, Vec<Execution>)> {
        let query = ClaimQuery::of(&self.claim, ticket);
        self.release_lost_claims(&session, &query).await?;
        let mut result = retry_conflicts(|| self.send(&session, &query)).await.inspect_err(|error| {
            if error.is_definite() {
                // The server rolled the claim back, so no job has this ticket and none has to be released.
                self.pending.remove(&[ticket]);
            }
        })?;
        let settled = self.batch.settled(&result.applied);
        if query.limit > 0 && !result.is_holder {
            session.query(Sql::Holder, &[&query.process, &query.ticket]).await?;
            result = self.claim(&session, &query).await?;
        }
        self.replace_unreadable(&session, ticket, &mut result).await?;
        Ok((settled, result.executions))
    }

    /// Releases the jobs of the process's lost claims.
    async fn release_lost_claims(&self, session: &Session, query: &ClaimQuery) -> Result<()> {
        if query.limit == 0 {
            return Ok(());
        }
        let lost = self.pending.lost(self.claim.process);
        if !lost.is_empty() {
            // A lost claim may still run on the server. Registering the holder with this newer ticket waits for it, or
            // makes it claim nothing, so the statement after it sees all jobs to release.
            session.query(Sql::Holder, &[&query.process, &query.ticket]).await?;
            session.query(Sql::ReturnClaimed, &[&query.process, &lost]).await?;
            self.pending.remove(&lost);
        }
        Ok(())
    }

    async fn claim(&self, session: &Session, query: &ClaimQuery) -> Result<ClaimResult> {
        ClaimResult::read(&query.claim(session, self.now).await?, &self.claim)
    }

    /// Sends one statement if possible. The parts of one statement do not see each other's changes. A released job must
    /// be claimable at once, so a batch with other settlements than finishes needs two statements.
    async fn send(&self, session: &Session, query: &ClaimQuery) -> Result<ClaimResult> {
        if self.batch.is_empty() {
            return match query.limit {
                0 => Ok(ClaimResult::default()),
                _ => self.claim(session, query).await,
            };
        }
        if query.limit == 0 {
            let applied = settle(session, &self.batch, self.now).await?;
            return Ok(ClaimResult { applied, ..ClaimResult::default() });
        }
        match &self.batch.write {
            BatchWrite::Finish { process, keep, ids, claims } if *process == self.claim.process => {
                let rows = query.finish_and_claim(session, ids, claims, *keep, self.now).await?;
                ClaimResult::read(&rows, &self.claim)
            }
            _ => self.send_transaction(session, query).await,
        }
    }

    /// Sends two statements in one transaction, all at once, so that no other call's statements run in between.
    async fn send_transaction(&self, session: &Session, query: &ClaimQuery) -> Result<ClaimResult> {
        let (begun, applied, rows, committed) = join4(
            session.execute_text("BEGIN"),
            settle(session, &self.batch, self.now),
            query.claim(session, self.now),
            session.execute_text("COMMIT"),
        )
        .await;
        begun?;
        let (applied, rows) = (applied?, rows?);
        committed?;
        Ok(ClaimResult { applied, ..ClaimResult::read(&rows, &self.claim)? })
    }

    /// Fails the jobs that cannot be read, and claims others instead.
    async fn replace_unreadable(&self, session: &Session, ticket: i64, result: &mut ClaimResult) -> Result<()> {
        while !result.unreadable.is_empty() {
            let unreadable = std::mem::take(&mut result.unreadable);
            fail_unreadable(session, &unreadable, self.encoding, self.now).await?;
            let claim = remaining(&self.claim, &result.executions);
            let rows = ClaimQuery::of(&claim, ticket).claim(session, self.now).await?;
            let more = ClaimResult::read(&rows, &claim)?;
            result.executions.extend(more.executions);
            result.unreadable = more.unreadable;
        }
        Ok(())
    }
}
