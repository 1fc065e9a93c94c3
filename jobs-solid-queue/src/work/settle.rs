//! How executions ended is written: first the claims end, and only what held is written after that.

use std::collections::HashSet;
use std::time::Duration;

use jobs_core::{Decision, Error, ErrorRecord, Settled, Settlement};
use jobs_sql::{Dialect, SqlArray, Transaction};

use super::enqueue::shared::schedule;
use super::locked_claims::{LockedClaim, LockedClaims};
use super::process_row::name_of;
use crate::SolidQueueStore;
use crate::payload::{active_job_id_of, storable};
use crate::{lists, written_error};

const DELETE_CLAIMS: &str = include_str!("../sql/settle/delete_claims.sql");
const DELETE_FAILED: &str = include_str!("../sql/settle/delete_failed.sql");
const DELETE_JOBS: &str = include_str!("../sql/settle/delete_jobs.sql");
const DISCARD: &str = include_str!("../sql/settle/discard.sql");
const FINISH: &str = include_str!("../sql/settle/finish.sql");
const INSERT_FAILED: &str = include_str!("../sql/settle/insert_failed.sql");
const FINISH_CLAIMS: &str = include_str!("../sql/settle/finish_claims.postgres.sql");
const MAKE_READY: &str = include_str!("../sql/settle/make_ready.sql");

/// What is written for a batch of settlements whose tokens hold. Jobs are the numbers of their rows.
#[derive(Debug, Default)]
pub(crate) struct SettlePlan<'s> {
    claims: Vec<i64>,
    /// Jobs that a worker of an older Solid Queue wrote a failure of.
    failed_before: Vec<i64>,
    /// Jobs with a limit whose claims ended with their runs, so that their permits are free.
    limited: Vec<i64>,
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
        let mut finished = self.finish_at_once(transaction, settlements).await?;
        let open =
            settlements.iter().map(|settlement| settlement.token).filter(|token| !finished.contains(&token.claim));
        let mut held = LockedClaims::lock(transaction, open).await?;
        let (mut plan, mut settled) = (SettlePlan::default(), Vec::with_capacity(settlements.len()));
        for Settlement { token, decision, .. } in settlements {
            settled.push(match held.take(token) {
                _ if finished.remove(&token.claim) => Settled::Applied,
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

    /// On PostgreSQL jobs that are finished and kept are written with one statement; the claims of these are the answer. The
    /// others, those with a limit, those that are settled twice, and those whose tokens do not hold go the long way.
    async fn finish_at_once(
        &self,
        transaction: &mut Transaction,
        settlements: &[Settlement],
    ) -> Result<HashSet<i64>, Error> {
        let options = &self.queue.options;
        let finishes = |settlement: &&Settlement| matches!(settlement.decision, Decision::Finish { keep: true });
        let tokens: Vec<_> = settlements.iter().filter(finishes).map(|settlement| settlement.token).collect();
        let claims: HashSet<i64> = settlements.iter().map(|settlement| settlement.token.claim).collect();
        if transaction.dialect() != Dialect::Postgres
            || transaction.is_lent()
            || !options.preserves_finished_jobs
            || tokens.is_empty()
            || claims.len() < settlements.len()
        {
            return Ok(HashSet::new());
        }
        let now = self.queue.now();
        let values = [
            SqlArray::Ints(tokens.iter().map(|token| token.claim).collect()).into(),
            SqlArray::Texts(tokens.iter().map(|token| Some(active_job_id_of(token.job))).collect()).into(),
            SqlArray::Texts(tokens.iter().map(|token| Some(name_of(token.process))).collect()).into(),
            now.into(),
            now.into(),
        ];
        transaction.query(FINISH_CLAIMS, &values).await?.iter().map(|row| row.int(0)).collect()
    }

    async fn write(&self, transaction: &mut Transaction, mut plan: SettlePlan<'_>) -> Result<(), Error> {
        let now = self.queue.now();
        lists::execute(transaction, DELETE_CLAIMS, &[], &plan.claims).await?;
        lists::execute(transaction, DELETE_FAILED, &[], &plan.failed_before).await?;
        let limited = self.limited(transaction, &plan.limited).await?;
        self.change(transaction, &mut plan, now).await?;
        lists::execute(transaction, FINISH, &[now.into(), now.into()], &plan.finished).await?;
        let after = storable(now + Duration::from_micros(1));
        lists::execute(transaction, DISCARD, &[now.into(), after.into()], &plan.discarded).await?;
        lists::execute(transaction, DELETE_JOBS, &[], &plan.deleted).await?;
        lists::execute(transaction, MAKE_READY, &[now.into()], &plan.released).await?;
        schedule(transaction, &plan.scheduled, now).await?;
        self.insert_failed(transaction, &plan.failed).await?;
        self.signal_all(transaction, &limited, now).await
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

    /// Gives back the permits of these rows, whose claims have just ended.
    pub(crate) async fn signal_rows(&self, transaction: &mut Transaction, rows: &[i64]) -> Result<(), Error> {
        let limited = self.limited(transaction, rows).await?;
        self.signal_all(transaction, &limited, self.queue.now()).await
    }
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
        self.limited.extend(Some(held.row).filter(|_| held.is_limited));
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
