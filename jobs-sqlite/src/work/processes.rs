//! Heartbeats of processes, and what a person asks of them.

use jobs_core::{HeartbeatReply, JobId, Process, ProcessId, ProcessOrder, ProcessStatus};
use rusqlite::{Connection, OptionalExtension, params};

use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::record::id;
use crate::statements::{
    CANCEL, CANCEL_FORGET, CANCEL_PROCESS, CANCELLED, HEARTBEAT, PROCESS_FORGET, PROCESS_LOST, PROCESS_ORDER,
    PROCESS_RELEASE,
};

pub(crate) fn heartbeat(tx: &WriteTx<'_>, process: &Process) -> Result<HeartbeatReply> {
    let id = process.id.get();
    let lost: Option<bool> = tx.statement(PROCESS_LOST)?.query_row([id], |row| row.get(0)).optional()?;
    let mut asked = process.phase;
    if process.phase == ProcessStatus::Stopped {
        stop(tx, id)?;
    } else {
        let (phase, now) = (process.phase.as_str(), tx.now.as_micros());
        let (slow, details) = (process.slow_json(), process.details.to_json());
        let values = params![id, process.name, process.host, process.pid, phase, now, slow, details];
        let kept: String = tx.statement(HEARTBEAT)?.query_row(values, |row| row.get(0))?;
        asked = ProcessStatus::parse(&kept).unwrap_or(asked);
    }
    Ok(HeartbeatReply::new(lost == Some(true), process.phase, asked))
}

/// Keeps an order in the row of the process until it follows it. Returns whether it is new.
pub(crate) fn order(tx: &WriteTx<'_>, process: ProcessId, order: ProcessOrder) -> Result<bool> {
    let also_quiet = order == ProcessOrder::Stop;
    Ok(tx.execute(PROCESS_ORDER, params![process.get(), order.status().as_str(), also_quiet])? > 0)
}

/// Keeps a request to cancel the current claim of a job. Returns the process that has claimed it, if it is known.
pub(crate) fn cancel(tx: &WriteTx<'_>, job: JobId) -> Result<Option<ProcessId>> {
    tx.execute(CANCEL_FORGET, [])?;
    let process: Option<i64> =
        tx.statement(CANCEL_PROCESS)?.query_row([job.as_bytes()], |row| row.get(0)).optional()?;
    if process.is_some() {
        tx.execute(CANCEL, [job.as_bytes()])?;
    }
    Ok(process.map(ProcessId::new))
}

/// The jobs of a process whose current claim is to be cancelled.
pub(crate) fn cancelled(connection: &Connection, process: ProcessId) -> Result<Vec<JobId>> {
    let mut statement = connection.prepare_cached(CANCELLED)?;
    let mut rows = statement.query([process.get()])?;
    let mut jobs = Vec::new();
    while let Some(row) = rows.next()? {
        jobs.extend(id(row.get_ref(0)?));
    }
    Ok(jobs)
}

fn stop(tx: &WriteTx<'_>, id: i64) -> Result<()> {
    tx.execute(PROCESS_FORGET, [id])?;
    if tx.execute(PROCESS_RELEASE, [id])? > 0 {
        tx.jobs_came_back();
    }
    Ok(())
}
