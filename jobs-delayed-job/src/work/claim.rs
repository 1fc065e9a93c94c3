//! Ready rows become executions. What this program cannot perform is left to others.

use std::sync::atomic::{AtomicBool, Ordering};

use jobs_core::{Claim, ClaimToken, Error, Execution, Settled, Settlement};
use jobs_sql::{Dialect, Transaction, repeat_deadlocked};

use super::claim_names;
use super::selectors::{Selected, selected};
use super::walk::{Position, Walk};
use crate::job::StoredJob;
use crate::store::{StoreCore, read_row};

/// Executions with the ids of their rows.
type Claimed = Vec<(i64, Execution)>;

impl StoreCore {
    /// Settles, then claims in the same transaction. Does nothing if the caller has given it up before.
    pub(crate) async fn settle_and_claim(
        &self,
        settlements: &[Settlement],
        claim: Option<&Claim>,
        batch: u64,
        is_given_up: &AtomicBool,
    ) -> Result<(Vec<Settled>, Vec<Execution>), Error> {
        let _in_order = self.writing.lock().await;
        if is_given_up.load(Ordering::SeqCst) || settlements.is_empty() && claim.is_none() {
            return Ok((Vec::new(), Vec::new()));
        }
        let (settled, released, claimed) =
            repeat_deadlocked(|| Box::pin(self.write_batch(settlements, claim, batch))).await?;
        for settlement in settlements {
            let (row, batch) = claim_names::row_and_batch(settlement.token.claim);
            self.held.remove(settlement.token.process, row, batch);
        }
        if let Some(claim) = claim {
            // Known as lost until the release is committed: a transaction that fails releases nothing.
            self.lost.released(claim.process, &released);
            self.held.remove_batches(claim.process, &released);
            self.held.add(claim.process, batch, claimed.iter().map(|(row, _)| *row));
        }
        Ok((settled, claimed.into_iter().map(|(_, execution)| execution).collect()))
    }

    /// One transaction: what was settled, the batches of earlier claims that were released, and the rows that were claimed.
    async fn write_batch(
        &self,
        settlements: &[Settlement],
        claim: Option<&Claim>,
        batch: u64,
    ) -> Result<(Vec<Settled>, Vec<u64>, Claimed), Error> {
        let doing = if claim.is_some() { "claim jobs" } else { "settle jobs" };
        let mut transaction = self.database.begin(doing).await?;
        let settled = self.settle_in(&mut transaction, settlements).await?;
        let (mut claimed, mut released) = (Vec::new(), Vec::new());
        if let Some(claim) = claim {
            released = self.release_lost(&mut transaction, claim, batch).await?;
            claimed = self.claim_in(&mut transaction, claim, batch).await?;
        }
        transaction.commit().await?;
        Ok((settled, released, claimed))
    }

    /// Releases the jobs of earlier claims whose answers were lost; this one may have been given up meanwhile. The batches of the
    /// claims that were released.
    async fn release_lost(&self, transaction: &mut Transaction, claim: &Claim, batch: u64) -> Result<Vec<u64>, Error> {
        let mut batches = self.lost.of(claim.process);
        batches.retain(|lost| *lost != batch);
        let names: Vec<String> =
            batches.iter().map(|batch| claim_names::name(&self.host, claim.process, *batch)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.execute_for(transaction, include_str!("../sql/release_lost.sql"), &[], &names).await?;
        Ok(batches)
    }

    async fn claim_in(&self, transaction: &mut Transaction, claim: &Claim, batch: u64) -> Result<Claimed, Error> {
        let paused = match self.statements.dialect {
            Dialect::Postgres => include_str!("../sql/claim_begin.postgres.sql"),
            Dialect::MySql | Dialect::Sqlite => include_str!("../sql/paused.sql"),
        };
        let paused = transaction.query(&self.statements.fill(paused), &[]).await?;
        let paused: Vec<String> = paused.iter().filter_map(|row| row.text_or_null(0).map(str::to_owned)).collect();
        self.left_out.begin(claim);
        let mut claimed = Claimed::new();
        for selected in selected(claim, &paused, &self.statements) {
            let room = (claim.limit - claimed.len()).min(selected.limit);
            if room > 0 {
                let found = self.claim_selected(transaction, claim, &selected, room, batch).await?;
                claimed.extend(found);
            }
        }
        Ok(claimed)
    }

    /// Claims up to so many jobs of one selector. Behind rows that this program cannot perform it reads on, so far as a claim may.
    async fn claim_selected(
        &self,
        transaction: &mut Transaction,
        claim: &Claim,
        selected: &Selected<'_>,
        room: usize,
        batch: u64,
    ) -> Result<Claimed, Error> {
        let mut claimed = Vec::new();
        let (process, selector) = (claim.process, selected.selector);
        let name = claim_names::name(&self.host, process, batch);
        let mut walk = Walk::begin(self.left_out.bookmark(process, selector), self.clock.now());
        loop {
            let limit = walk.limit(room - claimed.len());
            let found = self.find_ready(transaction, claim, selected, walk.position(), limit).await?;
            let (is_last, length) = (found.len() < limit, found.len().min(room - claimed.len()));
            let mut executions = Vec::new();
            for (position, job) in found {
                if claimed.len() + executions.len() < room {
                    walk.pass(position, job.row.handler.len());
                    executions.extend(self.execution(&job, claim, batch));
                }
            }
            if executions.len() < length {
                self.left_out.set_mixed(process, selector, self.clock.now());
            }
            let rows: Vec<i64> = executions.iter().map(|(row, _)| *row).collect();
            let lock = [self.statements.time(self.clock.now()), name.as_str().into()];
            self.execute_for(transaction, include_str!("../sql/claim.sql"), &lock, &rows).await?;
            claimed.extend(executions);
            if claimed.len() == room || !walk.goes_on(is_last, self.statements.dialect) {
                break;
            }
        }
        self.left_out.set_bookmark(process, selector, walk.end(claimed.len() == room, self.clock.now()));
        Ok(claimed)
    }

    /// The ready jobs behind this position, or from the front on, in their order.
    async fn find_ready(
        &self,
        transaction: &mut Transaction,
        claim: &Claim,
        selected: &Selected<'_>,
        position: Option<&Position>,
        limit: usize,
    ) -> Result<Vec<(Position, StoredJob)>, Error> {
        let now = self.clock.now();
        let mut others = position.map(|position| position.behind(self.statements.dialect)).unwrap_or_default();
        // Where all rows are of jobs that it knows, a program need not ask for them.
        let is_mixed = self.left_out.is_mixed(claim.process, selected.selector, now);
        if let Some(names) = claim.names.as_ref().filter(|_| is_mixed) {
            let lines = self.known_names.lines(names, self.options.names);
            others.and_in(&self.statements.class_line(), "IN", lines.iter().map(|line| line.as_str().into()).collect());
        }
        // Filled up, so that a server prepares few statements.
        let left_out = self.left_out.rows(claim.process, now);
        let places = left_out.len().next_power_of_two();
        others.and_in("id", "NOT IN", left_out.iter().cycle().take(places).map(|row| (*row).into()).collect());
        let conditions = format!("{}{}", selected.conditions.text, others.text);
        let statement = include_str!("../sql/claim_find.sql").replace("{conditions}", &conditions);
        let mut values = vec![self.statements.time(now)];
        values.extend(selected.conditions.values.iter().cloned().chain(others.values));
        values.push(limit.into());
        let rows = transaction.query(&self.statements.fill(&statement), &values).await?;
        rows.iter().map(|row| Ok((Position::of(row)?, StoredJob::of(read_row(row)?)))).collect()
    }

    /// The execution of a job, with the number of its row. `None` if this program cannot perform it: then its row is left out
    /// of the next claims.
    fn execution(&self, job: &StoredJob, claim: &Claim, batch: u64) -> Option<(i64, Execution)> {
        let row = job.row.id;
        let names = self.options.names;
        let is_known = || claim.names.as_ref().is_none_or(|known| known.contains(&job.name(names)));
        let number = claim_names::number(row, batch).filter(|_| job.payload.is_ok() && is_known());
        if number.is_none() {
            self.left_out.add(claim.process, row, self.clock.now());
        }
        let token = ClaimToken::new(job.id(), claim.process, number?);
        Some((row, job.execution(names, token)))
    }
}
