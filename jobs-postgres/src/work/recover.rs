//! Recovers jobs whose process is dead.

use std::time::Duration;

use jobs_core::{JobId, ProcessId, Recovered, Recovery, Timestamp, death_record};
use tokio_postgres::Row;

use crate::codec::bind::{Id, micros};
use crate::codec::encoding::Encoding;
use crate::codec::error_record::error_json;
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;

/// For how long a process that was given up is remembered, so that it learns of it if it comes back.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

/// The processes that are given up, and the current time.
struct Silent {
    processes: Vec<ProcessId>,
    now: Timestamp,
}

/// Recovers in one transaction.
pub(crate) async fn recover(session: &Session, recovery: Recovery, now: Option<i64>) -> Result<Recovered> {
    let recovered = session.transaction(recover_jobs(session, recovery, now)).await?;
    // Recovery runs from time to time, which is as often as the tallies have to be summed. An error is not reported,
    // because the next recovery tries again.
    let _summed = session.query(Sql::TalliesSum, &[]).await;
    Ok(recovered)
}

async fn recover_jobs(session: &Session, recovery: Recovery, now: Option<i64>) -> Result<Recovered> {
    let silent = silent(session, recovery.silence, now).await?;
    let mut recovered = Recovered::default();
    recovered.processes = silent.processes;
    let holders = session.query(Sql::RecoverHolders, &[]).await?;
    if holders.is_empty() {
        return Ok(recovered);
    }
    let holders: Vec<i64> = holders.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let orphans = session.query(Sql::RecoverOrphans, &[&holders]).await?;
    let (mut ids, mut crashes, mut poisons, mut errors) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in &orphans {
        let orphan = Orphan::read(row)?;
        let (record, poison) =
            death_record(orphan.crashes, recovery.crash_limit, orphan.attempts, orphan.process, silent.now);
        if poison { &mut recovered.poisoned } else { &mut recovered.ready }.push(orphan.id);
        ids.push(Id(orphan.id));
        crashes.push(i32::try_from(orphan.crashes).unwrap_or(i32::MAX));
        poisons.push(poison);
        // Its texts are our own and ASCII.
        errors.push(error_json(&record, Encoding::Utf8));
    }
    session.query(Sql::RecoverJobs, &[&ids, &crashes, &poisons, &errors]).await?;
    session.query(Sql::ErrorsTrim, &[&ids]).await?;
    Ok(recovered)
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
