//! Processes show that they live.

use jobs_core::{Phase, Process, Pulse};
use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::statements::{HEARTBEAT, PROCESS_FORGET, PROCESS_LOST, PROCESS_RELEASE};
use crate::turn::Turn;

pub(crate) fn heartbeat(turn: &Turn<'_>, process: &Process) -> Result<Pulse> {
    let id = process.id.get();
    let lost: Option<bool> = turn.statement(PROCESS_LOST)?.query_row([id], |row| row.get(0)).optional()?;
    if process.phase == Phase::Stopped {
        stop(turn, id)?;
    } else {
        let (phase, now) = (process.phase.as_str(), turn.now.as_micros());
        turn.execute(HEARTBEAT, params![id, process.name, process.host, process.pid, phase, now])?;
    }
    Ok(if lost == Some(true) { Pulse::Revived } else { Pulse::Alive })
}

fn stop(turn: &Turn<'_>, id: i64) -> Result<()> {
    turn.execute(PROCESS_FORGET, [id])?;
    if turn.execute(PROCESS_RELEASE, [id])? > 0 {
        turn.wake();
    }
    Ok(())
}
