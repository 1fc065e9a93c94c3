//! The jobs of dead processes of Rust go back to their queues. Processes of Ruby are left to Ruby's supervisors, with all
//! that they hold.

use jobs_core::{Error, JobId, LogText, ProcessId, Recovered, Recovery, Timestamp, corrupt_record, death_record};
use jobs_sql::{SqlRow, Transaction, repeat_deadlocked};

use super::process_row::{Metadata, NAMES, of_name};
use crate::SolidQueueStore;
use crate::lists;

const OURS: &str = include_str!("../sql/process/ours.sql");
const LOCK: &str = include_str!("../sql/process/lock.sql");
const BEAT: &str = include_str!("../sql/process/beat.sql");
const CLAIMS: &str = include_str!("../sql/process/claims.sql");
const DELETE: &str = include_str!("../sql/process/delete.sql");
const DELETE_CLAIMS: &str = include_str!("../sql/settle/delete_claims.sql");
const DELETE_FAILED: &str = include_str!("../sql/settle/delete_failed.sql");
const MAKE_READY: &str = include_str!("../sql/settle/make_ready.sql");

const DOING: &str = "recover the jobs of dead processes";

/// A row of a process of Rust.
struct OurProcess {
    row: i64,
    id: ProcessId,
    /// It has sent a heartbeat.
    is_registered: bool,
    beat: Timestamp,
}

/// The jobs of a dead process, by what becomes of them.
#[derive(Default)]
struct Orphans {
    ready: Vec<(i64, JobId)>,
    poisoned: Vec<(i64, JobId)>,
}

impl OurProcess {
    /// Reads a row; `None` if the process is none of ours.
    fn read(row: &SqlRow) -> Result<Option<Self>, Error> {
        let Some(id) = of_name(row.text(1)?) else { return Ok(None) };
        let is_registered = Metadata::parse(row.text_or_null(2)).process().is_some();
        Ok(Some(Self { row: row.int(0)?, id, is_registered, beat: row.time(3)? }))
    }

    fn is_dead(&self, now: Timestamp, recovery: &Recovery) -> bool {
        !self.is_registered || now.duration_since(self.beat) > recovery.silence
    }
}

impl SolidQueueStore {
    /// A process whose jobs cannot be recovered, as one row is refused, does not keep those of the others from it.
    pub(crate) async fn recover_silent(&self, recovery: &Recovery) -> Result<Recovered, Error> {
        let (mut recovered, mut refused) = (Recovered::default(), None);
        for row in self.queue.query(OURS, &[NAMES.into()], DOING).await? {
            let Some(process) = OurProcess::read(&row)? else { continue };
            let now = self.queue.now();
            if process.beat > now {
                // The clock was set back: a heartbeat of a time to come hides no death.
                self.beats_at(&process, now).await?;
            } else if process.is_dead(now, recovery) {
                let taken = match repeat_deadlocked(|| Box::pin(self.recover_process(&process, recovery))).await {
                    Err(error) if !error.is_transient() => {
                        tracing::warn!(
                            process = %process.id, error = %LogText::field(&error),
                            "the jobs of a dead process cannot be recovered"
                        );
                        refused = refused.or(Some(error));
                        continue;
                    }
                    taken => taken?,
                };
                recovered.processes.extend(taken.processes);
                recovered.ready.extend(taken.ready);
                recovered.poisoned.extend(taken.poisoned);
            }
        }
        let is_empty = recovered.processes.is_empty() && recovered.ready.is_empty() && recovered.poisoned.is_empty();
        match refused {
            Some(error) if is_empty => Err(error),
            _ => Ok(recovered),
        }
    }

    async fn beats_at(&self, process: &OurProcess, now: Timestamp) -> Result<(), Error> {
        let mut transaction = self.queue.begin(DOING).await?;
        if Self::is_unchanged(&mut transaction, process).await? {
            transaction.execute(BEAT, &[now.into(), process.row.into()]).await?;
        }
        transaction.commit().await
    }

    /// Locks the row of a process. Answers whether it is there, with the same heartbeat.
    async fn is_unchanged(transaction: &mut Transaction, process: &OurProcess) -> Result<bool, Error> {
        let rows = transaction.query(LOCK, &[process.row.into()]).await?;
        Ok(rows.first().is_some_and(|row| row.time_or_null(0) == Some(process.beat)))
    }

    async fn recover_process(&self, process: &OurProcess, recovery: &Recovery) -> Result<Recovered, Error> {
        let mut recovered = Recovered::default();
        let mut transaction = self.queue.begin(DOING).await?;
        if !Self::is_unchanged(&mut transaction, process).await? {
            return Ok(recovered);
        }
        let claims = transaction.query(CLAIMS, &[process.row.into()]).await?;
        let numbers = |column| claims.iter().map(|row| row.int(column)).collect::<Result<Vec<_>, _>>();
        lists::execute(&mut transaction, DELETE_CLAIMS, &[], &numbers(0)?).await?;
        let orphans = self.count_crashes(&mut transaction, &numbers(1)?, process, recovery).await?;
        let rows = |jobs: &[(i64, JobId)]| jobs.iter().map(|(row, _)| *row).collect::<Vec<_>>();
        let now = self.queue.now();
        lists::execute(&mut transaction, MAKE_READY, &[now.into()], &rows(&orphans.ready)).await?;
        self.signal_rows(&mut transaction, &rows(&orphans.poisoned)).await?;
        transaction.execute(DELETE, &[process.row.into()]).await?;
        transaction.commit().await?;
        recovered.processes.extend(Some(process.id).filter(|_| process.is_registered));
        recovered.ready.extend(orphans.ready.into_iter().map(|(_, id)| id));
        recovered.poisoned.extend(orphans.poisoned.into_iter().map(|(_, id)| id));
        Ok(recovered)
    }

    /// Counts the lost attempts, and fails the jobs that are poisonous now, or cannot be read.
    async fn count_crashes(
        &self,
        transaction: &mut Transaction,
        rows: &[i64],
        process: &OurProcess,
        recovery: &Recovery,
    ) -> Result<Orphans, Error> {
        let (now, mut orphans, mut failed) = (self.queue.now(), Orphans::default(), Vec::new());
        let mut jobs = self.job_rows(transaction, rows).await?;
        jobs.sort_by_key(|job| rows.iter().position(|row| *row == job.id));
        for job in &jobs {
            match job.payload() {
                Ok(payload) => {
                    let (crashes, attempt) =
                        (payload.crashes().saturating_add(1), payload.attempts().saturating_add(1));
                    let (death, is_poisonous) =
                        death_record(crashes, recovery.crash_limit, attempt, Some(process.id), now);
                    let kept = if is_poisonous { &mut orphans.poisoned } else { &mut orphans.ready };
                    kept.push((job.id, job.job_id()));
                    let payload = payload.crashed(&death);
                    let payload = if is_poisonous { payload } else { payload.counted() };
                    self.update_arguments(transaction, job.id, &payload).await?;
                    failed.extend(Some((job.id, death)).filter(|_| is_poisonous));
                }
                Err(why) => {
                    orphans.poisoned.push((job.id, job.job_id()));
                    failed.push((job.id, corrupt_record(why, now)));
                }
            }
        }
        let failed_rows: Vec<i64> = failed.iter().map(|(row, _): &(i64, _)| *row).collect();
        lists::execute(transaction, DELETE_FAILED, &[], &failed_rows).await?;
        self.insert_failed(transaction, &failed).await?;
        Ok(orphans)
    }
}
