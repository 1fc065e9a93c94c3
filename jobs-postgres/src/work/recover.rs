//! Recovers jobs whose process is dead.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jobs_core::{JobId, ProcessId, Recovered, Recovery, RefusedJobs, Timestamp, death_record};
use tokio_postgres::Row;

use crate::codec::bind::{Id, micros};
use crate::codec::encoding::Encoding;
use crate::codec::error_record::error_json;
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;
use crate::work::refusable::{refuse, time};

/// For how long a process that was given up is remembered, so that it learns of it if it comes back.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

/// The processes that are given up, and the current time.
struct Silent {
    processes: Vec<ProcessId>,
    now: Timestamp,
}

/// Recovers in one transaction. If the database refuses a row, it recovers in parts, so that the other jobs are recovered.
pub(crate) async fn recover(
    session: &Session,
    recovery: Recovery,
    now: Option<i64>,
    refused: &RefusedJobs,
) -> Result<Recovered> {
    let call = |is_apart| RecoverCall { session, recovery, now, refused, is_apart };
    let recovered = match session.transaction(call(false).run()).await {
        Err(error) if error.is_refused_row() => session.transaction(call(true).run()).await?,
        recovered => recovered?,
    };
    // Recovery runs from time to time, which is as often as the tallies have to be summed. An error is not reported,
    // because the next recovery tries again.
    let _summed = session.query(Sql::TalliesSum, &[]).await;
    Ok(recovered)
}

struct RecoverCall<'a> {
    session: &'a Session,
    recovery: Recovery,
    now: Option<i64>,
    refused: &'a RefusedJobs,
    /// Whether the database refused the jobs together.
    is_apart: bool,
}

impl RecoverCall<'_> {
    async fn run(self) -> Result<Recovered> {
        if self.is_apart {
            // What is checked at the commit is checked at each statement, so that it names the job.
            self.session.execute_text("SET CONSTRAINTS ALL IMMEDIATE").await?;
        }
        let silent = silent(self.session, self.recovery.silence, self.now).await?;
        let mut recovered = Recovered::default();
        recovered.processes = silent.processes;
        let mut holders: BTreeMap<i64, i64> = BTreeMap::new();
        for row in self.session.query(Sql::RecoverHolders, &[]).await? {
            holders.insert(row.try_get(0)?, row.try_get(1)?);
        }
        if holders.is_empty() {
            return Ok(recovered);
        }
        let processes: Vec<i64> = holders.keys().copied().collect();
        let orphans = self.session.query(Sql::RecoverOrphans, &[&processes]).await?;
        let orphans = orphans.iter().map(Orphan::read).collect::<Result<Vec<_>>>()?;
        let left_out = self.refused.left_out(time(self.now));
        let (mut kept, orphans): (Vec<_>, Vec<_>) = orphans.into_iter().partition(|one| left_out.contains(&one.id));
        if self.is_apart {
            kept.extend(self.write_apart(&orphans, silent.now, &mut recovered).await?);
        } else {
            self.write(&orphans, silent.now, &mut recovered).await?;
        }
        self.keep(&kept, &holders).await?;
        Ok(recovered)
    }

    /// Writes the jobs by halves, down to the single ones that the database refuses. Returns these.
    async fn write_apart(&self, orphans: &[Orphan], now: Timestamp, recovered: &mut Recovered) -> Result<Vec<Orphan>> {
        let (mut refused, mut parts) = (Vec::new(), vec![orphans]);
        while let Some(part) = parts.pop() {
            self.session.execute_text("SAVEPOINT part").await?;
            match (self.write(part, now, recovered).await, part) {
                (Ok(()), _) => {}
                (Err(error), _) if !error.is_refused_row() => return Err(error),
                (Err(error), [one]) => {
                    self.session.execute_text("ROLLBACK TO SAVEPOINT part").await?;
                    recovered.refused.push(refuse("recover", one.id, error, self.refused, self.now)?);
                    refused.push(*one);
                }
                (Err(_), part) => {
                    self.session.execute_text("ROLLBACK TO SAVEPOINT part").await?;
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                }
            }
            self.session.execute_text("RELEASE SAVEPOINT part").await?;
        }
        Ok(refused)
    }

    async fn write(&self, orphans: &[Orphan], now: Timestamp, recovered: &mut Recovered) -> Result<()> {
        let (mut ids, mut crashes, mut poisons, mut errors) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for orphan in orphans {
            let (record, poison) =
                death_record(orphan.crashes, self.recovery.crash_limit, orphan.attempts, orphan.process, now);
            ids.push(Id(orphan.id));
            crashes.push(i32::try_from(orphan.crashes).unwrap_or(i32::MAX));
            poisons.push(poison);
            // Its texts are our own and ASCII.
            errors.push(error_json(&record, Encoding::Utf8));
        }
        self.session.query(Sql::RecoverJobs, &[&ids, &crashes, &poisons, &errors]).await?;
        self.session.query(Sql::ErrorsTrim, &[&ids]).await?;
        for (Id(id), poison) in ids.into_iter().zip(poisons) {
            if poison { &mut recovered.poisoned } else { &mut recovered.ready }.push(id);
        }
        Ok(())
    }

    /// Remembers the processes whose jobs were not taken from them, for the next recovery.
    async fn keep(&self, jobs: &[Orphan], holders: &BTreeMap<i64, i64>) -> Result<()> {
        let processes = jobs.iter().filter_map(|job| job.process).map(ProcessId::get).collect::<BTreeSet<_>>();
        if processes.is_empty() {
            return Ok(());
        }
        let kept = processes.iter().filter_map(|process| Some((*process, *holders.get(process)?)));
        let (processes, since): (Vec<_>, Vec<_>) = kept.unzip();
        self.session.query(Sql::RecoverKeep, &[&processes, &since]).await?;
        Ok(())
    }
}

async fn silent(session: &Session, silence: Duration, now: Option<i64>) -> Result<Silent> {
    let (limit, remembered) = (micros(silence), micros(REMEMBERED.saturating_add(silence)));
    let rows = session.query(Sql::RecoverSilent, &[&now, &limit, &remembered]).await?;
    let mut silent = Silent { processes: Vec::new(), now: Timestamp::default() };
    for row in &rows {
        silent.processes.extend(row.try_get::<_, Option<i64>>(0)?.map(ProcessId::new));
        silent.now = Timestamp::from_micros(row.try_get(1)?);
    }
    Ok(silent)
}

/// A claimed job whose process is dead.
#[derive(Clone, Copy)]
struct Orphan {
    id: JobId,
    /// Including the crash that is counted now.
    crashes: u32,
    attempts: u32,
    process: Option<ProcessId>,
}

impl Orphan {
    fn read(row: &Row) -> Result<Self> {
        let Id(id) = row.try_get(0)?;
        let count = |index| row.try_get::<_, i32>(index).map(|count| u32::try_from(count).unwrap_or(0));
        Ok(Self {
            id,
            crashes: count(1)?.saturating_add(1),
            attempts: count(2)?,
            process: row.try_get::<_, Option<i64>>(3)?.map(ProcessId::new),
        })
    }
}
