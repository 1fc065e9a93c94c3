//! Converts rows to the types of `jobs-core`, and errors to rows.

use jobs_core::error_limits::{CAUSE_BYTES, CAUSES, CLASS_BYTES, FIRST_ERRORS, LAST_ERRORS, MESSAGE_BYTES};
use jobs_core::{AttemptLog, ClaimToken, ErrorRecord, Execution, JobId, JobRecord, ProcessId, State, Timestamp};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};

use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::numbers::row_limit;
use crate::statements::{ERROR_APPEND, ERRORS_OF, ERRORS_TRIM};

/// A row of `claim_queue` or `claim_row` as the execution that `process` gets; otherwise a message about the column
/// that cannot be read.
pub(crate) fn execution(row: &Row<'_>, process: ProcessId) -> Result<Execution, String> {
    let job = id(row.get_ref(1).map_err(|error| error.to_string())?).ok_or("`id` is not sixteen bytes")?;
    let claim: i64 = column(row, 2, "claims")?;
    let attempts: u32 = column(row, 3, "attempts")?;
    let token = ClaimToken::new(job, process, claim.saturating_add(1));
    let mut execution = Execution::new(token, column(row, 7, "name")?, column(row, 10, "arguments")?);
    execution.priority = column(row, 4, "priority")?;
    execution.version = column(row, 5, "version")?;
    execution.enqueued_at = Timestamp::from_micros(column(row, 6, "enqueued_at")?);
    execution.queue = column(row, 8, "queue")?;
    execution.meta = column(row, 9, "meta")?;
    execution.attempt = attempts.saturating_add(1);
    execution.crashes = column(row, 12, "crashes")?;
    execution.due_at = Timestamp::from_micros(column(row, 11, "due_at")?);
    execution.expires_at = column::<Option<i64>>(row, 14, "expires_at")?.map(Timestamp::from_micros);
    Ok(execution)
}

fn column<T: rusqlite::types::FromSql>(row: &Row<'_>, index: usize, name: &str) -> Result<T, String> {
    row.get(index).map_err(|error| format!("`{name}` cannot be read: {error}"))
}

pub(crate) fn id(value: ValueRef<'_>) -> Option<JobId> {
    let bytes = value.as_blob().ok()?;
    bytes.try_into().ok().map(JobId::from_bytes)
}

/// A row of `find` or `list_..` without its errors. A column that cannot be read becomes a default value, because a
/// damaged job must be visible to be repaired.
pub(crate) fn job(row: &Row<'_>) -> Result<Option<JobRecord>> {
    let Some(id) = id(row.get_ref(1)?) else { return Ok(None) };
    let mut job =
        JobRecord::new(id, text(row.get_ref(2)?).unwrap_or_default(), text(row.get_ref(6)?).unwrap_or_default());
    job.queue = text(row.get_ref(3)?).unwrap_or_default();
    job.priority = row.get(4).unwrap_or_default();
    job.state = state(row.get(5).unwrap_or_default());
    job.version = row.get(7).unwrap_or_default();
    job.meta = text(row.get_ref(8)?);
    job.attempts = row.get(9).unwrap_or_default();
    job.crashes = row.get(10).unwrap_or_default();
    job.enqueued_at = time(row, 11)?.unwrap_or_default();
    job.due_at = time(row, 12)?.unwrap_or_default();
    job.claimed_by = row.get::<_, Option<i64>>(13)?.map(ProcessId::new);
    job.done_at = time(row, 14)?;
    job.unique_key = text(row.get_ref(15)?);
    job.concurrency_key = text(row.get_ref(16)?);
    job.batch_id = text(row.get_ref(17)?);
    job.expires_at = time(row, 18)?;
    job.claimed_at = row.get::<_, Option<i64>>(19)?.map(|waited_ms| claimed_at(job.due_at, waited_ms));
    Ok(Some(job))
}

/// When a job was claimed that had been due for so long.
const fn claimed_at(due_at: Timestamp, waited_ms: i64) -> Timestamp {
    Timestamp::from_micros(due_at.as_micros().saturating_add(waited_ms.saturating_mul(1000)))
}

/// The state with this number in the schema; an unknown number counts as failed.
pub(crate) fn state(number: u8) -> State {
    State::ALL.get(usize::from(number)).copied().unwrap_or(State::Failed)
}

pub(crate) fn time(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(index)?.map(Timestamp::from_micros))
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
    }
}

/// Appends to the errors of a job, with the log of the attempt, within the limits that every store keeps.
pub(crate) fn append(tx: &WriteTx<'_>, job: &[u8], error: &ErrorRecord, log: Option<&AttemptLog>) -> Result<()> {
    let error = error.bounded();
    // A list of texts always serialises.
    let causes = if error.causes.is_empty() { None } else { serde_json::to_string(&error.causes).ok() };
    let duration = i64::try_from(error.duration_ms).unwrap_or(i64::MAX);
    let at = error.at.as_micros();
    let process = error.process.map(ProcessId::get);
    let log = log.map(AttemptLog::to_json);
    let values = params![job, error.class, error.message, causes, error.attempt, duration, at, process, log];
    tx.execute(ERROR_APPEND, values)?;
    tx.execute(ERRORS_TRIM, params![job, row_limit(FIRST_ERRORS - 1), row_limit(LAST_ERRORS)])?;
    tx.count(|tally| tally.errors += 1);
    Ok(())
}

/// The errors of a job, the oldest first, without the logs of the attempts.
pub(crate) fn errors(connection: &Connection, job: JobId) -> Result<Vec<ErrorRecord>> {
    read_errors(connection, job, FIRST_ERRORS, LAST_ERRORS, false)
}

/// The errors of a job with the logs of the attempts.
pub(crate) fn errors_with_logs(connection: &Connection, job: JobId) -> Result<Vec<ErrorRecord>> {
    read_errors(connection, job, FIRST_ERRORS, LAST_ERRORS, true)
}

/// The last error of a job, if it has one.
pub(crate) fn last_error(connection: &Connection, job: JobId) -> Result<Vec<ErrorRecord>> {
    read_errors(connection, job, 0, 1, false)
}

fn read_errors(
    connection: &Connection,
    job: JobId,
    first: usize,
    last: usize,
    with_logs: bool,
) -> Result<Vec<ErrorRecord>> {
    // A byte more than is kept shows that a text has to be cut. In JSON a byte takes six bytes at most.
    let (class, message, causes) = (CLASS_BYTES + 1, MESSAGE_BYTES + 1, 6 * CAUSES * (CAUSE_BYTES + 1));
    let [first, last, class, message, causes] = [first, last, class, message, causes].map(row_limit);
    let mut statement = connection.prepare_cached(ERRORS_OF)?;
    let rows = statement.query_map(params![job.as_bytes(), first, last, class, message, causes, with_logs], error)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn error(row: &Row<'_>) -> rusqlite::Result<ErrorRecord> {
    let shown = |index| Ok::<_, rusqlite::Error>(text(row.get_ref(index)?).unwrap_or_default());
    let mut error = ErrorRecord::new(shown(0)?, shown(1)?);
    error.causes = text(row.get_ref(2)?).and_then(|list| serde_json::from_str(&list).ok()).unwrap_or_default();
    error.attempt = row.get(3).unwrap_or_default();
    error.duration_ms = u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0);
    error.at = Timestamp::from_micros(row.get(5)?);
    error.process = row.get::<_, Option<i64>>(6)?.map(ProcessId::new);
    error.log = AttemptLog::from_json(text(row.get_ref(7)?).as_deref());
    Ok(error.bounded().into_owned())
}
