//! Settling and claiming in one go: what workers do all day.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join4;
use jobs_core::{Claim, Execution, Settled, Settlement};

use crate::again::again;
use crate::claim::{From, Taken, Wish, rest};
use crate::error::Result;
use crate::session::Session;
use crate::settle::{Batch, Writing, put_aside, settle};
use crate::statements::Sql;

/// One call of `settle_and_claim`, or of half of it.
pub(crate) struct Work {
    batch: Batch,
    claim: Claim,
    now: Option<i64>,
    /// Whether a queue was paused when it was looked at last.
    paused: Arc<AtomicBool>,
}

impl Work {
    pub(crate) fn new(
        settlements: &[Settlement],
        claim: Claim,
        now: Option<i64>,
        paused: Arc<AtomicBool>,
    ) -> Result<Self> {
        Ok(Self { batch: Batch::of(settlements)?, claim, now, paused })
    }

    pub(crate) async fn run(self, session: Arc<Session>) -> Result<(Vec<Settled>, Vec<Execution>)> {
        let wish = Wish::of(&self.claim, self.paused.load(Ordering::Relaxed));
        let mut taken = again(|| self.send(&session, &wish)).await?;
        let settled = self.batch.answers(&taken.written);
        if wish.limit > 0 {
            self.paused.store(taken.paused > 0, Ordering::Relaxed);
        }
        if let Some(wish) = wish.around_pauses().filter(|_| taken.paused > 0) {
            let rows = wish.claim(&session).await?;
            taken = Taken::read(&rows, &self.claim)?;
        }
        self.replace_unreadable(&session, &mut taken).await?;
        Ok((settled, taken.executions))
    }

    /// One statement if it can be one. What is written is not seen by the claim beside it, so a release, which may be
    /// claimed again at once, needs two.
    async fn send(&self, session: &Session, wish: &Wish) -> Result<Taken> {
        if self.batch.is_empty() {
            return match wish.limit {
                0 => Ok(Taken::default()),
                _ => Taken::read(&wish.claim(session).await?, &self.claim),
            };
        }
        if wish.limit == 0 {
            return Ok(Taken { written: settle(session, &self.batch, self.now).await?, ..Taken::default() });
        }
        match (&self.batch.what, &wish.from) {
            (Writing::Finish { process, keep, ids, claims }, From::Any) if *process == self.claim.process => {
                let rows =
                    session.query(Sql::WorkAny, &[&wish.process, &wish.limit, ids, claims, keep, &self.now]).await?;
                Taken::read(&rows, &self.claim)
            }
            (Writing::Finish { process, keep, ids, claims }, From::Queues(names)) if *process == self.claim.process => {
                let rows = session
                    .query(Sql::WorkQueues, &[&wish.process, &wish.limit, names, ids, claims, keep, &self.now])
                    .await?;
                Taken::read(&rows, &self.claim)
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
    async fn replace_unreadable(&self, session: &Session, taken: &mut Taken) -> Result<()> {
        while !taken.unreadable.is_empty() {
            put_aside(session, &std::mem::take(&mut taken.unreadable), self.now).await?;
            let claim = rest(&self.claim, taken.executions.len());
            let rows = Wish::of(&claim, true).claim(session).await?;
            let more = Taken::read(&rows, &claim)?;
            taken.executions.extend(more.executions);
            taken.unreadable = more.unreadable;
        }
        Ok(())
    }
}
