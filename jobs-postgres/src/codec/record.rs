//! Converts rows to the types of `jobs-core`.

use jobs_core::{ClaimToken, Execution, JobRecord, ProcessId, State, Timestamp};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::bind::Id;
use super::nul_escape::unescape_nul;
use crate::error::Result;

/// A job that was claimed and cannot be read.
pub(crate) struct Unreadable {
    pub(crate) token: ClaimToken,
    pub(crate) why: String,
}

/// A row of a claim as an execution; the claim token and the reason if a column cannot be read.
pub(crate) fn execution(row: &Row, process: ProcessId) -> Result<Result<Execution, Unreadable>> {
    let Id(job) = row.try_get(2)?;
    let token = ClaimToken::new(job, process, row.try_get(3)?);
    Ok(claimed(row, token).map_err(|why| Unreadable { token, why }))
}

fn claimed(row: &Row, token: ClaimToken) -> Result<Execution, String> {
    let mut execution = Execution::new(token, text(row, 11, "name")?, text(row, 13, "arguments")?);
    execution.attempt = count(row, 4, "attempts")?;
    execution.crashes = count(row, 5, "crashes")?;
    execution.priority = column(row, 6, "priority")?;
    execution.version =
        u32::try_from(column::<i64>(row, 7, "version")?).map_err(|_| "`version` is negative or too large")?;
    execution.enqueued_at = Timestamp::from_micros(column(row, 8, "enqueued_at")?);
    execution.due_at = Timestamp::from_micros(column(row, 9, "due_at")?);
    execution.queue = text(row, 10, "queue")?;
    execution.expires_at = column::<Option<i64>>(row, 14, "expires_at")?.map(Timestamp::from_micros);
    execution.meta = column::<Option<String>>(row, 12, "meta")?.map(unescape_nul);
    Ok(execution)
}

fn column<'r, T: FromSql<'r>>(row: &'r Row, index: usize, name: &str) -> Result<T, String> {
    row.try_get(index).map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        format!("`{name}` cannot be read: {error}: {cause}")
    })
}

fn text(row: &Row, index: usize, name: &str) -> Result<String, String> {
    column(row, index, name).map(unescape_nul)
}

fn count(row: &Row, index: usize, name: &str) -> Result<u32, String> {
    u32::try_from(column::<i32>(row, index, name)?).map_err(|_| format!("`{name}` is negative"))
}

/// A row of `find` or `list_..`, without its errors. A column that cannot be read becomes a default value, because a damaged job must be
/// visible to be repaired.
pub(crate) fn job(row: &Row) -> Result<JobRecord> {
    let Id(id) = row.try_get(1)?;
    let mut job = JobRecord::new(id, shown(row, 2).unwrap_or_default(), shown(row, 6).unwrap_or_default());
    job.queue = shown(row, 3).unwrap_or_default();
    job.priority = row.try_get(4)?;
    job.state = state(row.try_get(5)?);
    job.version = row.try_get::<_, i64>(7)?.try_into().unwrap_or_default();
    job.meta = shown(row, 8);
    job.attempts = row.try_get::<_, i32>(9)?.try_into().unwrap_or_default();
    job.crashes = row.try_get::<_, i32>(10)?.try_into().unwrap_or_default();
    job.enqueued_at = Timestamp::from_micros(row.try_get(11)?);
    job.due_at = Timestamp::from_micros(row.try_get(12)?);
    job.claimed_by = row.try_get::<_, Option<i64>>(13)?.map(ProcessId::new);
    job.done_at = row.try_get::<_, Option<i64>>(14)?.map(Timestamp::from_micros);
    job.unique_key = shown(row, 15);
    job.concurrency_key = shown(row, 16);
    job.batch_id = shown(row, 17);
    job.expires_at = row.try_get::<_, Option<i64>>(18)?.map(Timestamp::from_micros);
    job.claimed_at = row.try_get::<_, Option<i64>>(19)?.map(Timestamp::from_micros);
    Ok(job)
}

fn shown(row: &Row, index: usize) -> Option<String> {
    row.try_get::<_, Option<String>>(index).ok().flatten().map(unescape_nul)
}

/// The state with this number in the schema; an unknown number counts as failed.
fn state(number: i16) -> State {
    usize::try_from(number).ok().and_then(|index| State::ALL.get(index)).copied().unwrap_or(State::Failed)
}
