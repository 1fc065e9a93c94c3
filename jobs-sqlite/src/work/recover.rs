//! Recovers jobs whose process is dead.

use std::time::Duration;

use jobs_core::{ProcessId, Recovered, Recovery, RefusedJobs, death_record};
use rusqlite::Row;

use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::record::{append, id};
use crate::statements::{RECOVER_CLAMP, RECOVER_FORGET, RECOVER_JOBS, RECOVER_POISON, RECOVER_READY, RECOVER_SILENT};
use crate::work::refuse;

/// For how long a process that was given up is remembered, so that it learns of it if it comes back.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

/// A claimed job whose process is dead.
struct Orphan {
    seq: i64,
    id: Vec<u8>,
    crashes: u32,
    attempts: u32,
    process: Option<ProcessId>,
}

pub(crate) fn recover(tx: &WriteTx<'_>, recovery: &Recovery, refused: &RefusedJobs) -> Result<Recovered> {
    let now = tx.now.as_micros();
    tx.execute(RECOVER_CLAMP, [now])?;
    let mut recovered = Recovered::default();
    let given_up = (tx.now - recovery.silence).as_micros();
    recovered.processes = silent(tx, given_up)?;
    let left_out = refused.left_out(tx.now);
    for orphan in orphans(tx)? {
        let job = id(orphan.id.as_slice().into());
        if job.is_some_and(|job| left_out.contains(&job)) {
            continue;
        }
        let poisonous = match (tx.refusable(|| recover_job(tx, &orphan, recovery.crash_limit))?, job) {
            (Ok(poisonous), _) => poisonous,
            (Err(error), Some(job)) => {
                recovered.refused.push(refuse("recover", job, error, refused, tx.now)?);
                continue;
            }
            (Err(error), None) => return Err(error),
        };
        if poisonous { &mut recovered.poisoned } else { &mut recovered.ready }.extend(job);
    }
    if !recovered.ready.is_empty() {
        tx.jobs_came_back();
    }
    tx.execute(RECOVER_FORGET, [(tx.now - REMEMBERED.saturating_add(recovery.silence)).as_micros()])?;
    Ok(recovered)
}

fn silent(tx: &WriteTx<'_>, given_up: i64) -> Result<Vec<ProcessId>> {
    let mut statement = tx.statement(RECOVER_SILENT)?;
    let found = statement.query_map([given_up], |row| row.get(0).map(ProcessId::new))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn orphans(tx: &WriteTx<'_>) -> Result<Vec<Orphan>> {
    let mut statement = tx.statement(RECOVER_JOBS)?;
    let found = statement.query_map([], orphan)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn orphan(row: &Row<'_>) -> rusqlite::Result<Orphan> {
    Ok(Orphan {
        seq: row.get(0)?,
        id: row.get(1)?,
        crashes: row.get(2).unwrap_or_default(),
        attempts: row.get(3).unwrap_or_default(),
        process: row.get(4).ok().map(ProcessId::new),
    })
}

/// Returns whether the job is poisonous.
fn recover_job(tx: &WriteTx<'_>, orphan: &Orphan, limit: u32) -> Result<bool> {
    let crashes = orphan.crashes.saturating_add(1);
    let (record, poisonous) = death_record(crashes, limit, orphan.attempts, orphan.process, tx.now);
    tx.execute(if poisonous { RECOVER_POISON } else { RECOVER_READY }, [orphan.seq])?;
    append(tx, &orphan.id, &record, None)?;
    Ok(poisonous)
}
