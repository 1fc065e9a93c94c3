//! Settling and claiming in one go: what workers do all day.

use std::sync::Arc;

use futures_util::future::join4;
use jobs_core::{Claim, Execution, Settled, Settlement};

use crate::again::again;
use crate::claim::{Taken, Wish, rest};
use crate::error::Result;
use crate::session::Session;
use crate::settle::{Batch, Writing, put_aside, settle};
use crate::statements::Sql;
use crate::tickets::Tickets;

/// One call of `settle_and_claim`, or of half of it.
pub(crate) struct Work {
    batch: Batch,
    claim: Claim,
    now: Option<i64>,
    tickets: Tickets,
}

impl Work {
    pub(crate) fn new(settlements: &[Settlement], claim: Claim, now: Option<i64>, tickets: Tickets) -> Result<Self> {
        Ok(Self { batch: Batch::of(settlements)?, claim, now, tickets })
    }

    /// Settles, and claims by this ticket.
    pub(crate) async fn run(self, session: Arc<Session>, ticket: i64) -> Result<(Vec<Settled>, Vec<Execution>)> {
        let wish = Wish::of(&self.claim, ticket);
        self.return_lost(&session, &wish).await?;
        let mut taken = again(|| self.send(&session, &wish)).await.inspect_err(|trouble| {
            if trouble.is_answer() {
                // The server took it back as a whole: nothing is held by this ticket.
                self.tickets.returned(&[ticket]);
            }
        })?;
        let settled = self.batch.answers(&taken.written);
        if wish.limit > 0 && !taken.is_holder {
            session.query(Sql::Holder, &[&wish.process, &wish.ticket]).await?;
            taken = self.claim(&session, &wish).await?;
        }
        self.replace_unreadable(&session, ticket, &mut taken).await?;
        Ok((settled, taken.executions))
    }

    /// Gives back what earlier claims of the process took whose answers nobody has.
    async fn return_lost(&self, session: &Session, wish: &Wish) -> Result<()> {
        if wish.limit == 0 {
            return Ok(());
        }
        let lost = self.tickets.lost(self.claim.process);
        if !lost.is_empty() {
            session.query(Sql::Holder, &[&wish.process, &wish.ticket]).await?;
            session.query(Sql::ReturnClaimed, &[&wish.process, &lost]).await?;
            self.tickets.returned(&lost);
        }
        Ok(())
    }

    async fn claim(&self, session: &Session, wish: &Wish) -> Result<Taken> {
        Taken::read(&wish.claim(session).await?, &self.claim)
    }

    /// One statement if it can be one. What is written is not seen by the claim beside it, so a release, which may be
    /// claimed again at once, needs two.
    async fn send(&self, session: &Session, wish: &Wish) -> Result<Taken> {
        if self.batch.is_empty() {
            return match wish.limit {
                0 => Ok(Taken::default()),
                _ => self.claim(session, wish).await,
            };
        }
        if wish.limit == 0 {
            return Ok(Taken { written: settle(session, &self.batch, self.now).await?, ..Taken::default() });
        }
        match &self.batch.what {
            Writing::Finish { process, keep, ids, claims } if *process == self.claim.process => {
                Taken::read(&wish.work(session, ids, claims, *keep, self.now).await?, &self.claim)
            }
            _ => self.send_two(session, wish).await,
        }
    }

    /// Two statements in one transaction, sent together.
    async fn send_two(&self, session: &Session, wish: &Wish) -> Result<Taken> {
        let (begun, written, rows, committed) = join4(
            session.run("BEGIN"),
            settle(session, &self.batch, self.now),
            wish.claim(session),
            session.run("COMMIT"),
        )
        .await;
        begun?;
        let (written, rows) = (written?, rows?);
        committed?;
        Ok(Taken { written, ..Taken::read(&rows, &self.claim)? })
    }

    /// Fails the jobs that cannot be read, and claims others in their place.
    async fn replace_unreadable(&self, session: &Session, ticket: i64, taken: &mut Taken) -> Result<()> {
        while !taken.unreadable.is_empty() {
            put_aside(session, &std::mem::take(&mut taken.unreadable), self.now).await?;
            let claim = rest(&self.claim, taken.executions.len());
            let rows = Wish::of(&claim, ticket).claim(session).await?;
            let more = Taken::read(&rows, &claim)?;
            taken.executions.extend(more.executions);
            taken.unreadable = more.unreadable;
        }
        Ok(())
    }
}
