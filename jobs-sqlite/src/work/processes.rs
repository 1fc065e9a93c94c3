//! Heartbeats of processes.

use jobs_core::{HeartbeatReply, Process, ProcessStatus};
use rusqlite::{OptionalExtension, params};

use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::statements::{HEARTBEAT, PROCESS_FORGET, PROCESS_LOST, PROCESS_RELEASE};

pub(crate) fn heartbeat(tx: &WriteTx<'_>, process: &Process) -> Result<HeartbeatReply> {
    let id = process.id.get();
    let lost: Option<bool> = tx.statement(PROCESS_LOST)?.query_row([id], |row| row.get(0)).optional()?;
    if process.phase == ProcessStatus::Stopped {
        stop(tx, id)?;
    } else {
        let (phase, now) = (process.phase.as_str(), tx.now.as_micros());
        tx.execute(HEARTBEAT, params![id, process.name, process.host, process.pid, phase, now, process.slow_json()])?;
    }
    Ok(if lost == Some(true) { HeartbeatReply::WasRecovered } else { HeartbeatReply::Alive })
}

fn stop(tx: &WriteTx<'_>, id: i64) -> Result<()> {
    tx.execute(PROCESS_FORGET, [id])?;
    if tx.execute(PROCESS_RELEASE, [id])? > 0 {
        tx.jobs_came_back();
    }
    Ok(())
}
