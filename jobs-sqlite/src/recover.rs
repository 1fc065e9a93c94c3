//! Takes jobs from processes that are gone.

use std::time::Duration;

use jobs_core::{ProcessId, Recovered, Recovery, crash_record, is_poisonous, poison_record};
use rusqlite::Row;

use crate::error::Result;
use crate::record::{append, id};
use crate::statements::{RECOVER_CLAMP, RECOVER_FORGET, RECOVER_JOBS, RECOVER_POISON, RECOVER_READY, RECOVER_SILENT};
use crate::turn::Turn;

/// How long a process that was given up may still come back and be told so.
const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// A claimed job whose process is gone.
struct Orphan {
    seq: i64,
    id: Vec<u8>,
    crashes: u32,
    attempts: u32,
    process: Option<ProcessId>,
}

pub(crate) fn recover(turn: &Turn<'_>, recovery: &Recovery) -> Result<Recovered> {
    let now = turn.now.as_micros();
    turn.execute(RECOVER_CLAMP, [now])?;
    let mut recovered = Recovered::default();
    let given_up = turn.now.before(recovery.silence).as_micros();
    recovered.processes = silent(turn, given_up)?;
    for orphan in orphans(turn)? {
        take_back(turn, &orphan, recovery.crash_limit, &mut recovered)?;
    }
    if !recovered.ready.is_empty() {
        turn.wake();
    }
    turn.execute(RECOVER_FORGET, [turn.now.before(MEMORY.saturating_add(recovery.silence)).as_micros()])?;
    Ok(recovered)
}

fn silent(turn: &Turn<'_>, given_up: i64) -> Result<Vec<ProcessId>> {
    let mut statement = turn.statement(RECOVER_SILENT)?;
    let found = statement.query_map([given_up], |row| row.get(0).map(ProcessId::new))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn orphans(turn: &Turn<'_>) -> Result<Vec<Orphan>> {
    let mut statement = turn.statement(RECOVER_JOBS)?;
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

fn take_back(turn: &Turn<'_>, orphan: &Orphan, limit: u32, recovered: &mut Recovered) -> Result<()> {
    let crashes = orphan.crashes.saturating_add(1);
    let poisonous = is_poisonous(crashes, limit);
    turn.execute(if poisonous { RECOVER_POISON } else { RECOVER_READY }, [orphan.seq])?;
    let attempt = orphan.attempts;
    let record = if poisonous { poison_record(crashes, attempt, turn.now) } else { crash_record(attempt, turn.now) };
    append(turn, &orphan.id, &record.by(orphan.process))?;
    let list = if poisonous { &mut recovered.poisoned } else { &mut recovered.ready };
    list.extend(id(orphan.id.as_slice().into()));
    Ok(())
}
