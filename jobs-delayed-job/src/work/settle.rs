//! Settlements are written: rows are locked first, and only those change whose claims still hold.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jobs_active_job::SerializedJob;
use jobs_core::{Decision, Error, Meta, Settled, Settlement};
use jobs_sql::{Dialect, SqlArray, Transaction};

use super::claim_names::{claim_of, row_and_batch};
use super::settled_row::ChangedRow;
use crate::PayloadObject;
use crate::job::{RowComment, StoredJob, column_of_priority};
use crate::row::{Row, retry_wait};
use crate::store::{StoreCore, read_row};

/// What becomes of the rows of a batch.
#[derive(Debug, Default)]
struct RowChanges<'s> {
    deleted: Vec<i64>,
    released: Vec<i64>,
    /// Rows that change, and to what.
    changed: HashMap<i64, &'s Settlement>,
}

impl StoreCore {
    pub(crate) async fn settle_in(
        &self,
        transaction: &mut Transaction,
        settlements: &[Settlement],
    ) -> Result<Vec<Settled>, Error> {
        settlements.iter().try_for_each(|settlement| is_known(&settlement.decision))?;
        let mut deleted = self.delete_ended(transaction, settlements).await?;
        let is_open = |settlement: &&Settlement| !deleted.contains(&row_and_batch(settlement.token.claim).0);
        let open: Vec<&Settlement> = settlements.iter().filter(is_open).collect();
        let mut held = self.held_by(transaction, &open).await?;
        let mut plan = RowChanges::default();
        let mut settled = Vec::with_capacity(settlements.len());
        for settlement in settlements {
            let (row, _) = row_and_batch(settlement.token.claim);
            if deleted.remove(&row) {
                settled.push(Settled::Applied);
                continue;
            }
            // Of two settlements of a claim the first counts.
            let holds = held.get(&row).is_some_and(|locked_by| locked_by.ends_with(&claim_of(&settlement.token).1));
            settled.push(if holds { Settled::Applied } else { Settled::Stale });
            if holds {
                held.remove(&row);
                plan.add(row, settlement);
            }
        }
        self.execute_for(transaction, include_str!("../sql/delete.sql"), &[], &plan.deleted).await?;
        self.execute_for(transaction, include_str!("../sql/release.sql"), &[], &plan.released).await?;
        self.write_changed(transaction, &plan.changed).await?;
        Ok(settled)
    }

    /// On PostgreSQL jobs that have ended are deleted with one statement. The others, those that are settled twice, and those
    /// whose claims do not hold go the long way.
    async fn delete_ended(
        &self,
        transaction: &mut Transaction,
        settlements: &[Settlement],
    ) -> Result<HashSet<i64>, Error> {
        let ends = |decision: &Decision| matches!(decision, Decision::Finish { .. } | Decision::Discard { .. });
        let (rows, endings): (Vec<i64>, Vec<Option<String>>) = settlements
            .iter()
            .filter(|settlement| ends(&settlement.decision))
            .map(|settlement| claim_of(&settlement.token))
            .map(|(row, ending)| (row, Some(ending)))
            .unzip();
        let all = settlements.iter().map(|settlement| row_and_batch(settlement.token.claim).0).collect::<HashSet<_>>();
        if self.statements.dialect != Dialect::Postgres || rows.is_empty() || all.len() < settlements.len() {
            return Ok(HashSet::new());
        }
        let statement = self.statements.fill(include_str!("../sql/finish.postgres.sql"));
        let values = [SqlArray::Ints(rows).into(), SqlArray::Texts(endings).into()];
        transaction.query(&statement, &values).await?.iter().map(|row| row.int(0)).collect()
    }

    /// Locks the rows, and says by their `locked_by` which claims hold them.
    async fn held_by(
        &self,
        transaction: &mut Transaction,
        settlements: &[&Settlement],
    ) -> Result<HashMap<i64, String>, Error> {
        let mut rows: Vec<i64> = settlements.iter().map(|settlement| row_and_batch(settlement.token.claim).0).collect();
        rows.sort_unstable();
        rows.dedup();
        let found = self.query_for(transaction, include_str!("../sql/held.sql"), &rows).await?;
        found.iter().map(|row| Ok((row.int(0)?, row.text_or_null(1).unwrap_or_default().to_owned()))).collect()
    }

    async fn write_changed(
        &self,
        transaction: &mut Transaction,
        changed: &HashMap<i64, &Settlement>,
    ) -> Result<(), Error> {
        let mut rows: Vec<i64> = changed.keys().copied().collect();
        rows.sort_unstable();
        for row in self.query_for(transaction, include_str!("../sql/rows.sql"), &rows).await? {
            let job = StoredJob::of(read_row(&row)?);
            if let Some(settlement) = changed.get(&job.row.id) {
                self.write_settlement(transaction, job, &settlement.decision).await?;
            }
        }
        Ok(())
    }

    async fn write_settlement(
        &self,
        transaction: &mut Transaction,
        job: StoredJob,
        decision: &Decision,
    ) -> Result<(), Error> {
        let meta_before = job.meta();
        match decision {
            Decision::Retry { wait, queue, priority, meta, error } => {
                // Where Ruby would read other arguments of a new row, the row goes on with the handler that it has.
                let is_written_alike = || PayloadObject::is_written_alike(RowComment::split(&job.row.handler).0);
                if let Some(rails) = job.active_job_of_ruby().filter(|_| is_written_alike()) {
                    let again = self.again(&job, rails, decision)?;
                    return self.insert_again(transaction, job.row.id, &again).await;
                }
                let changed = ChangedRow::of(job).failed(error, self.limits).moved(queue.as_deref(), *priority);
                let changed = changed.with_meta(meta_before.as_deref(), meta.as_deref());
                self.write(transaction, self.scheduled(changed, *wait)).await
            }
            Decision::Continue { wait, meta } => {
                let changed = ChangedRow::of(job).with_meta(meta_before.as_deref(), meta.as_deref());
                self.write(transaction, self.scheduled(changed, *wait)).await
            }
            Decision::Fail { meta, error } => {
                let is_ours = job.is_ours();
                let changed =
                    ChangedRow::of(job).with_meta(meta_before.as_deref(), meta.as_deref()).failed(error, self.limits);
                self.write_failed(transaction, changed, is_ours).await
            }
            _ => Ok(()),
        }
    }

    /// A job that Rust enqueued has failed for good. One that Ruby enqueued goes on by Delayed Job's rules, as if an error had left
    /// its `perform`.
    async fn write_failed(
        &self,
        transaction: &mut Transaction,
        changed: ChangedRow,
        is_ours: bool,
    ) -> Result<(), Error> {
        let attempts = changed.row.attempts;
        if !is_ours && attempts < self.options.max_attempts {
            return self.write(transaction, self.scheduled(changed, retry_wait(attempts))).await;
        }
        self.give_up(transaction, changed).await
    }

    /// A job has failed for good: it is kept with `failed_at`, or deleted if the options say so.
    pub(super) async fn give_up(&self, transaction: &mut Transaction, changed: ChangedRow) -> Result<(), Error> {
        if self.options.destroys_failed_jobs {
            self.execute_for(transaction, include_str!("../sql/delete.sql"), &[], &[changed.row.id]).await?;
            return Ok(());
        }
        self.write(transaction, changed.given_up(self.clock.now())).await
    }

    fn scheduled(&self, changed: ChangedRow, wait: Duration) -> ChangedRow {
        let due = self.clock.now() + wait;
        let mark = self.scheduled_mark(due);
        changed.due(due, mark)
    }

    /// Writes a row and takes its lock off.
    pub(crate) async fn write(&self, transaction: &mut Transaction, changed: ChangedRow) -> Result<(), Error> {
        let row = changed.into_row(self.limits);
        let values = [
            row.priority.into(),
            row.attempts.into(),
            row.handler.into(),
            row.last_error.into(),
            self.statements.time_or_null(row.run_at),
            self.statements.time_or_null(row.failed_at),
            row.queue.into(),
            self.statements.time_or_null(row.updated_at),
            row.id.into(),
        ];
        transaction.execute(&self.statements.fill(include_str!("../sql/update.sql")), &values).await?;
        Ok(())
    }

    /// The row of a job of Ruby that a rule retries, as Active Job's `retry_on` enqueues it again: one more execution, no failure
    /// of Delayed Job.
    fn again(&self, job: &StoredJob, rails: &SerializedJob, decision: &Decision) -> Result<Row, Error> {
        let Decision::Retry { wait, queue, priority, meta, error } = decision else { return Ok(job.row.clone()) };
        let (now, mut again) = (self.clock.now(), rails.clone());
        let due = now + *wait;
        again.set_executions(rails.executions().saturating_add(1));
        for (key, count) in Meta::parse(meta.as_deref()).unwrap_or_default().exception_executions {
            again.set_exception_executions(&key, count);
        }
        let mut row = job.row.clone();
        if let Some(queue) = queue {
            again.set_queue(queue);
            row.queue = Some(queue.clone());
        }
        if let Some(priority) = priority {
            row.priority = column_of_priority(*priority);
            again.set_priority(Some(row.priority.into()));
        }
        again.set_times(now, Some(due), self.options.rails);
        let mut own = job.own.clone();
        own.meta = own.meta.and(meta.clone());
        own.errors = job.errors();
        error.append_to(&mut own.errors);
        row.handler = own.join_within(&PayloadObject::write_active_job(&again)?, self.limits.handler);
        (row.run_at, row.updated_at) = (Some(due), Some(self.scheduled_mark(due)));
        Ok(row)
    }

    async fn insert_again(&self, transaction: &mut Transaction, old: i64, row: &Row) -> Result<(), Error> {
        self.execute_for(transaction, include_str!("../sql/delete.sql"), &[], &[old]).await?;
        let values = [
            row.priority.into(),
            row.handler.as_str().into(),
            self.statements.time_or_null(row.run_at),
            row.queue.clone().into(),
            self.statements.time(self.clock.now()),
            self.statements.time_or_null(row.updated_at),
        ];
        transaction.execute(&self.statements.fill(include_str!("../sql/insert_again.sql")), &values).await?;
        Ok(())
    }
}

impl<'s> RowChanges<'s> {
    fn add(&mut self, row: i64, settlement: &'s Settlement) {
        match settlement.decision {
            Decision::Finish { .. } | Decision::Discard { .. } => self.deleted.push(row),
            Decision::Release => self.released.push(row),
            _ => {
                self.changed.insert(row, settlement);
            }
        }
    }
}

fn is_known(decision: &Decision) -> Result<(), Error> {
    match decision {
        Decision::Finish { .. }
        | Decision::Retry { .. }
        | Decision::Continue { .. }
        | Decision::Fail { .. }
        | Decision::Discard { .. }
        | Decision::Release => Ok(()),
        other => Err(Error::other(format!("the store on Delayed Job's table does not know the decision {other:?}"))),
    }
}
