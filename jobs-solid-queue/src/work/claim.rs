//! Ready jobs are given to a process. What cannot be read becomes a failed job.

use std::collections::HashMap;

use jobs_core::{Claim, ClaimToken, Error, ErrorRecord, Execution, Settled, Settlement, corrupt_record};
use jobs_sql::{Dialect, SqlArray, SqlRow, SqlValue, Transaction, repeat_deadlocked};

use super::dropped_call::RunningCall;
use crate::SolidQueueStore;
use crate::payload::JobRow;
use crate::{lists, written_error};

const TAKE_POSTGRES: &str = include_str!("../sql/claim/take.postgres.sql");
const INSERT_CLAIMS: &str = include_str!("../sql/claim/insert_claims.sql");
const CLAIMED_JOBS: &str = include_str!("../sql/claim/claimed_jobs.sql");
const DELETE_READY: &str = include_str!("../sql/claim/delete_ready.sql");
const STRAYS: &str = include_str!("../sql/claim/strays.sql");
const DELETE_CLAIMS: &str = include_str!("../sql/settle/delete_claims.sql");
const DELETE_FAILED: &str = include_str!("../sql/settle/delete_failed.sql");
const INSERT_FAILED: &str = include_str!("../sql/settle/insert_failed.sql");

/// What a claim took.
#[derive(Debug, Default)]
struct ClaimResult {
    executions: Vec<Execution>,
    /// The lost claims that were released before.
    released: Vec<i64>,
}

/// A claim of a job, with what is wrong with its row.
struct UnreadableClaim {
    claim: i64,
    row: i64,
    error: ErrorRecord,
}

impl SolidQueueStore {
    /// Settles, then claims in the same transaction.
    pub(crate) async fn settle_then_claim(
        &self,
        settlements: &[Settlement],
        claim: Option<&Claim>,
    ) -> Result<(Vec<Settled>, Vec<Execution>), Error> {
        let claim = claim.filter(|claim| claim.limit > 0 && !claim.queues.is_empty());
        if let Some(claim) = claim {
            self.view.claims(claim);
        }
        if settlements.is_empty() && claim.is_none() {
            return Ok((Vec::new(), Vec::new()));
        }
        let answer = self.write_settled_and_claims(settlements, claim).await?;
        self.changes.notify_if(self.may_give_work(settlements));
        Ok(answer)
    }

    async fn write_settled_and_claims(
        &self,
        settlements: &[Settlement],
        claim: Option<&Claim>,
    ) -> Result<(Vec<Settled>, Vec<Execution>), Error> {
        // In one transaction the locks would be taken in another order than Ruby takes them, which MySQL ends by a deadlock.
        if let (Some(claim), false, Dialect::MySql) = (claim, settlements.is_empty(), self.queue.dialect()) {
            let settled = self.repeated(settlements, None).await?.0;
            return Ok((settled, self.repeated(&[], Some(claim)).await?.1));
        }
        self.repeated(settlements, claim).await
    }

    /// One transaction; it is repeated if others were in its way.
    async fn repeated(
        &self,
        settlements: &[Settlement],
        claim: Option<&Claim>,
    ) -> Result<(Vec<Settled>, Vec<Execution>), Error> {
        let once = || repeat_deadlocked(|| Box::pin(self.settle_and_claim_once(settlements, claim)));
        match once().await {
            Err(error) if error.is_conflict() && claim.is_some() => {
                self.delete_strays().await?;
                once().await
            }
            answer => answer,
        }
    }

    async fn settle_and_claim_once(
        &self,
        settlements: &[Settlement],
        claim: Option<&Claim>,
    ) -> Result<(Vec<Settled>, Vec<Execution>), Error> {
        let mut transaction = self.queue.begin(if claim.is_some() { "claim jobs" } else { "settle jobs" }).await?;
        let settled = self.settle_in(&mut transaction, settlements).await?;
        let Some(claim) = claim else {
            transaction.commit().await?;
            return Ok((settled, Vec::new()));
        };
        let call = self.dropped_claim.begin();
        let taken = self.claim_in(&mut transaction, claim, &call).await?;
        let claims = taken.executions.iter().map(|execution| execution.token.claim).collect();
        let unanswered = self.lost.begin(claim.process, claims);
        transaction.commit().await?;
        unanswered.arrived();
        call.finished();
        self.lost.released(&taken.released);
        Ok((settled, taken.executions))
    }

    async fn claim_in(
        &self,
        transaction: &mut Transaction,
        claim: &Claim,
        call: &RunningCall<'_>,
    ) -> Result<ClaimResult, Error> {
        let released = self.release_claims(transaction, claim.process, &self.lost.of(claim.process)).await?;
        let picked = self.pick(transaction, claim, call).await?;
        if picked.is_empty() {
            return Ok(ClaimResult { executions: Vec::new(), released });
        }
        let (process, now) = (self.row_of_process(transaction, claim.process).await?, self.queue.now());
        let rows = take(transaction, &picked, &[process.into(), now.into()]).await?;
        let (executions, unreadable) = self.read_claimed(claim, &picked, &rows)?;
        self.fail_unreadable(transaction, &unreadable).await?;
        Ok(ClaimResult { executions, released })
    }

    /// The executions of claimed rows, in the order in which they were picked.
    fn read_claimed(
        &self,
        claim: &Claim,
        picked: &[i64],
        rows: &[SqlRow],
    ) -> Result<(Vec<Execution>, Vec<UnreadableClaim>), Error> {
        let order: HashMap<i64, usize> = picked.iter().zip(0..).map(|(ready, index)| (*ready, index)).collect();
        let (mut executions, mut unreadable) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in rows {
            let (number, job) = (row.int(0)?, JobRow::read(row, 4)?);
            match job.payload() {
                Ok(payload) => {
                    let token = ClaimToken::new(job.job_id(), claim.process, number);
                    let queue = (row.text(2)?.to_owned(), row.int_or_null(3).unwrap_or(0));
                    let execution = payload.execution(&job, self.queue.options.names, token, queue);
                    executions.push((order.get(&row.int(1)?).copied(), execution));
                }
                Err(why) => {
                    let error = corrupt_record(why, self.queue.now());
                    unreadable.push(UnreadableClaim { claim: number, row: job.id, error });
                }
            }
        }
        executions.sort_by_key(|(index, _)| *index);
        Ok((executions.into_iter().map(|(_, execution)| execution).collect(), unreadable))
    }

    async fn fail_unreadable(
        &self,
        transaction: &mut Transaction,
        unreadable: &[UnreadableClaim],
    ) -> Result<(), Error> {
        if unreadable.is_empty() {
            return Ok(());
        }
        let (now, dialect) = (self.queue.now(), transaction.dialect());
        let claims: Vec<i64> = unreadable.iter().map(|one| one.claim).collect();
        lists::execute(transaction, DELETE_CLAIMS, &[], &claims).await?;
        let failed =
            |one: &UnreadableClaim| vec![one.row.into(), written_error(&one.error, dialect).into(), now.into()];
        let rows: Vec<i64> = unreadable.iter().map(|one| one.row).collect();
        lists::execute(transaction, DELETE_FAILED, &[], &rows).await?;
        lists::insert(transaction, INSERT_FAILED, &unreadable.iter().map(failed).collect::<Vec<_>>()).await?;
        self.signal_rows(transaction, &rows).await
    }

    /// Jobs that are ready and claimed at once stop every claim, of Ruby too.
    async fn delete_strays(&self) -> Result<(), Error> {
        let mut transaction = self.queue.begin("repair claimed jobs").await?;
        let strays = transaction.query(STRAYS, &[]).await?;
        let strays = strays.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
        let strays = lists::execute(&mut transaction, DELETE_READY, &[], &strays).await?;
        transaction.commit().await?;
        tracing::warn!(jobs = strays, "jobs were ready and claimed at the same time; they are only claimed now");
        Ok(())
    }
}

/// Gives the picked rows to a process at this time. Answers the claims with their jobs.
async fn take(
    transaction: &mut Transaction,
    picked: &[i64],
    process_and_now: &[SqlValue; 2],
) -> Result<Vec<SqlRow>, Error> {
    if transaction.dialect() == Dialect::Postgres {
        let values = [&[SqlArray::Ints(picked.to_vec()).into()], &process_and_now[..]].concat();
        return transaction.query(TAKE_POSTGRES, &values).await;
    }
    lists::execute(transaction, INSERT_CLAIMS, process_and_now, picked).await?;
    let rows = lists::query(transaction, CLAIMED_JOBS, picked).await?;
    lists::execute(transaction, DELETE_READY, &[], picked).await?;
    Ok(rows)
}
