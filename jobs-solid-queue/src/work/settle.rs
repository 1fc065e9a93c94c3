//! How executions ended is written: first the claims end, and only what held is written after that.

use std::time::Duration;

use jobs_core::{Decision, Error, ErrorRecord, Settled, Settlement, Timestamp};
use jobs_sql::Transaction;

use super::locked_claims::{LockedClaim, LockedClaims};
use super::semaphores::LimitedJob;
use crate::SolidQueueStore;
use crate::payload::storable;
use crate::{lists, written_error};

const DELETE_CLAIMS: &str = include_str!("../sql/settle/delete_claims.sql");
const DELETE_FAILED: &str = include_str!("../sql/settle/delete_failed.sql");
const DELETE_JOBS: &str = include_str!("../sql/settle/delete_jobs.sql");
const DISCARD: &str = include_str!("../sql/settle/discard.sql");
const FINISH: &str = include_str!("../sql/settle/finish.sql");
const INSERT_FAILED: &str = include_str!("../sql/settle/insert_failed.sql");
const MAKE_READY: &str = include_str!("../sql/settle/make_ready.sql");

/// What is written for a batch of settlements whose tokens hold. Jobs are the numbers of their rows.
#[derive(Debug, Default)]
pub(crate) struct SettlePlan<'s> {
    claims: Vec<i64>,
    /// Jobs that a worker of an older Solid Queue wrote a failure of.
    failed_before: Vec<i64>,
    /// Jobs whose claims ended with their runs, so that their permits are free.
    ended: Vec<i64>,
    released: Vec<i64>,
    pub(super) finished: Vec<i64>,
    pub(super) discarded: Vec<i64>,
    pub(super) deleted: Vec<i64>,
    /// Jobs whose serialized form changes.
    pub(super) changed: Vec<(i64, &'s Decision)>,
    pub(super) scheduled: Vec<i64>,
    pub(super) failed: Vec<(i64, ErrorRecord)>,
}

impl SolidQueueStore {
    /// Writes settlements in this transaction.
    pub(crate) async fn settle_in(
        &self,
        transaction: &mut Transaction,
        settlements: &[Settlement],
    ) -> Result<Vec<Settled>, Error> {
        if settlements.is_empty() {
            return Ok(Vec::new());
        }
        settlements.iter().try_for_each(|settlement| is_known(&settlement.decision))?;
        let mut held = LockedClaims::lock(transaction, settlements.iter().map(|settlement| settlement.token)).await?;
        let (mut plan, mut settled) = (SettlePlan::default(), Vec::with_capacity(settlements.len()));
        for Settlement { token, decision, .. } in settlements {
            settled.push(match held.take(token) {
                Some(held) => {
                    plan.add(&held, decision, self.queue.options.preserves_finished_jobs);
                    Settled::Applied
                }
                None => Settled::Stale,
            });
        }
        if !plan.claims.is_empty() {
            self.write(transaction, plan).await?;
        }
        Ok(settled)
    }

    async fn write(&self, transaction: &mut Transaction, mut plan: SettlePlan<'_>) -> Result<(), Error> {
        let now = self.queue.now();
        lists::execute(transaction, DELETE_CLAIMS, &[], &plan.claims).await?;
        lists::execute(transaction, DELETE_FAILED, &[], &plan.failed_before).await?;
        let limited = self.limited(transaction, &plan.ended).await?;
        self.change(transaction, &mut plan, now).await?;
        lists::execute(transaction, FINISH, &[now.into(), now.into()], &plan.finished).await?;
        let after = storable(now + Duration::from_micros(1));
        lists::execute(transaction, DISCARD, &[now.into(), after.into()], &plan.discarded).await?;
        lists::execute(transaction, DELETE_JOBS, &[], &plan.deleted).await?;
        lists::execute(transaction, MAKE_READY, &[now.into()], &plan.released).await?;
        self.schedule(transaction, &plan.scheduled, now).await?;
        self.insert_failed(transaction, &plan.failed).await?;
        signal_in_order(transaction, limited, now).await
    }

    /// Writes that jobs have failed.
    pub(crate) async fn insert_failed(
        &self,
        transaction: &mut Transaction,
        failed: &[(i64, ErrorRecord)],
    ) -> Result<(), Error> {
        let (now, dialect) = (self.queue.now(), transaction.dialect());
        let row =
            |(row, error): &(i64, ErrorRecord)| vec![(*row).into(), written_error(error, dialect).into(), now.into()];
        lists::insert(transaction, INSERT_FAILED, &failed.iter().map(row).collect::<Vec<_>>()).await
    }

    /// Gives back the permits of jobs whose claims have just ended.
    pub(crate) async fn signal_all(&self, transaction: &mut Transaction, rows: &[i64]) -> Result<(), Error> {
        let now = self.queue.now();
        let limited = self.limited(transaction, rows).await?;
        signal_in_order(transaction, limited, now).await
    }
}

/// Gives permits back, always in the order of their keys, so that two transactions do not wait for each other.
async fn signal_in_order(
    transaction: &mut Transaction,
    mut jobs: Vec<LimitedJob<'_>>,
    now: Timestamp,
) -> Result<(), Error> {
    jobs.sort_by(|one, other| one.key.cmp(&other.key));
    for job in jobs {
        job.signal(transaction, now).await?;
    }
    Ok(())
}

impl<'s> SettlePlan<'s> {
    fn add(&mut self, held: &LockedClaim, decision: &'s Decision, preserves: bool) {
        self.claims.push(held.claim);
        if held.has_failed {
            self.failed_before.push(held.row);
        }
        if matches!(decision, Decision::Release) {
            self.released.push(held.row);
            return;
        }
        self.ended.push(held.row);
        match decision {
            Decision::Finish { keep: true } if preserves => self.finished.push(held.row),
            Decision::Finish { .. } => self.deleted.push(held.row),
            Decision::Discard { .. } if !preserves => self.deleted.push(held.row),
            _ => self.changed.push((held.row, decision)),
        }
    }
}

fn is_known(decision: &Decision) -> Result<(), Error> {
    match decision {
        Decision::Finish { .. }
        | Decision::Discard { .. }
        | Decision::Release
        | Decision::Retry { .. }
        | Decision::Continue { .. }
        | Decision::Fail { .. } => Ok(()),
        _ => Err(Error::other(format!("the store on Solid Queue's tables does not know the decision {decision:?}"))),
    }
}
