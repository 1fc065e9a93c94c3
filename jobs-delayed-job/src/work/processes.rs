//! The registered processes, as their table holds them.

use jobs_core::{Error, Process, ProcessId, ProcessStatus, Timestamp};
use jobs_sql::SqlRow;

/// A registered process.
#[derive(Clone, Debug)]
pub(crate) struct ProcessRow {
    pub(crate) process: Process,
    pub(crate) started_at: Timestamp,
    pub(crate) heartbeat_at: Timestamp,
    /// When it was taken for dead. Until its next heartbeat it is not shown.
    pub(crate) recovered_at: Option<Timestamp>,
}

impl ProcessRow {
    /// Reads a row of `processes.sql`.
    ///
    /// # Errors
    /// A column has a value of another type.
    pub(crate) fn read(row: &SqlRow) -> Result<Self, Error> {
        let pid = u32::try_from(row.int(3)?).unwrap_or(0);
        let mut process = Process::new(ProcessId::new(row.int(0)?), row.text(1)?, row.text(2)?, pid);
        process.phase = status_of(row.text(4)?);
        let (started_at, heartbeat_at) = (row.time(5)?, row.time(6)?);
        let process = process.with_slow_json(row.text_or_null(8));
        Ok(Self { process, started_at, heartbeat_at, recovered_at: row.time_or_null(7) })
    }
}

/// The status in a row: that of the process, or a later one that it is asked for.
pub(super) fn status_of(phase: &str) -> ProcessStatus {
    ProcessStatus::parse(phase).unwrap_or(ProcessStatus::Running)
}
