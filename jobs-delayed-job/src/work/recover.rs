//! The rows of dead processes are released, and those that Ruby workers have held for too long.

use std::collections::HashSet;
use std::time::Duration;

use jobs_core::{Error, ProcessId, Recovered, Recovery, death_record};
use jobs_sql::{SqlRow, Transaction, repeat_deadlocked};

use super::claim_names::process_of;
use super::processes::ProcessRow;
use super::settled_row::ChangedRow;
use crate::job::StoredJob;
use crate::row::Row;
use crate::store::{StoreCore, read_row};

const DOING: &str = "recover the jobs of dead processes";

/// For how long it is known that a process was taken for dead.
const KNOWN_FOR: Duration = Duration::from_secs(24 * 60 * 60);

impl StoreCore {
    pub(crate) async fn recover_silent(&self, recovery: Recovery) -> Result<Recovered, Error> {
        repeat_deadlocked(|| Box::pin(self.recover_once(recovery))).await
    }

    async fn recover_once(&self, recovery: Recovery) -> Result<Recovered, Error> {
        let _in_order = self.writing.lock().await;
        let mut transaction = self.database.begin(DOING).await?;
        // The rows first: a process that registers and claims in between has no row among them.
        let claimed = transaction.query(&self.statements.fill(include_str!("../sql/claimed.sql")), &[]).await?;
        let (alive, processes) = self.look_at_processes(&mut transaction, recovery.silence).await?;
        let is_lost = |row: &&SqlRow| self.is_lost(row, &alive);
        let rows: Vec<i64> = claimed.iter().filter(is_lost).filter_map(|row| row.int_or_null(0)).collect();
        let mut recovered = Recovered::default();
        recovered.processes = processes;
        for row in self.query_for(&mut transaction, include_str!("../sql/rows_free.sql"), &rows).await? {
            let job = StoredJob::of(read_row(&row)?);
            let id = job.id();
            if job.row.failed_at.is_some() || !claimed.iter().any(|before| is_same_lock(before, &job.row)) {
                continue;
            }
            if self.release_lost_row(&mut transaction, job, recovery.crash_limit).await? {
                recovered.poisoned.push(id);
            } else {
                recovered.ready.push(id);
            }
        }
        transaction.commit().await?;
        Ok(recovered)
    }

    /// The processes that are alive, and those that are now taken for dead. A heartbeat of a time to come counts as one of now,
    /// so that a clock that was set back hides no death.
    async fn look_at_processes(
        &self,
        transaction: &mut Transaction,
        silence: Duration,
    ) -> Result<(HashSet<ProcessId>, Vec<ProcessId>), Error> {
        let rows = transaction.query(&self.statements.fill(include_str!("../sql/processes_locked.sql")), &[]).await?;
        let (now, mut alive, mut dead) = (self.clock.now(), HashSet::new(), Vec::new());
        for row in rows {
            let ProcessRow { process, heartbeat_at, recovered_at, .. } = ProcessRow::read(&row)?;
            let (statement, values) = if let Some(recovered_at) = recovered_at {
                if now.duration_since(recovered_at) < KNOWN_FOR {
                    continue;
                }
                (include_str!("../sql/process_forget.sql"), vec![])
            } else if heartbeat_at > now {
                alive.insert(process.id);
                (include_str!("../sql/process_corrected.sql"), vec![self.statements.time(now)])
            } else if now.duration_since(heartbeat_at) > silence {
                dead.push(process.id);
                (include_str!("../sql/process_recovered.sql"), vec![self.statements.time(now)])
            } else {
                alive.insert(process.id);
                continue;
            };
            let values = [values, vec![process.id.get().into()]].concat();
            transaction.execute(&self.statements.fill(statement), &values).await?;
        }
        Ok((alive, dead))
    }

    /// Whether a row of `claimed.sql` is to be released: its process is not alive, or a Ruby worker holds it for longer than it
    /// may. A time that cannot be read is not over.
    fn is_lost(&self, row: &SqlRow, alive: &HashSet<ProcessId>) -> bool {
        match row.text_or_null(1).and_then(process_of) {
            Some(process) => !alive.contains(&process),
            None => row.time_or_null(2).is_some_and(|since| since + self.options.max_run_time < self.clock.now()),
        }
    }

    /// Releases a row; whether its job is poisonous and has failed. The death of a Ruby worker is not counted, since Ruby does
    /// not count it.
    async fn release_lost_row(
        &self,
        transaction: &mut Transaction,
        job: StoredJob,
        crash_limit: u32,
    ) -> Result<bool, Error> {
        let row = job.row.id;
        let Some(process) = job.row.locked_by.as_deref().and_then(process_of) else {
            self.execute_for(transaction, include_str!("../sql/release.sql"), &[], &[row]).await?;
            return Ok(false);
        };
        let crashes = job.own.crashes.saturating_add(1);
        let attempt = job.attempts().saturating_add(1);
        let (error, is_poisonous) = death_record(crashes, crash_limit, attempt, Some(process), self.clock.now());
        let mut changed = ChangedRow::of(job).failed(&error, self.limits);
        changed.own.crashes = crashes;
        if is_poisonous {
            self.give_up(transaction, changed).await?;
        } else {
            self.write(transaction, changed).await?;
        }
        Ok(is_poisonous)
    }
}

/// Whether a job still has the lock of `claimed.sql`. A Ruby worker takes again what bears its own name, with a time that is new.
fn is_same_lock(before: &SqlRow, row: &Row) -> bool {
    before.int_or_null(0) == Some(row.id)
        && before.text_or_null(1) == row.locked_by.as_deref()
        && before.time_or_null(2) == row.locked_at
}
