//! Unique keys. The writer is the only one who writes, so what is looked at stays so until it is written.

use jobs_core::{Enqueued, Hold, JobId, NewJob, Timestamp, UniqueKey, Until};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::enqueue::rows;
use crate::error::Result;
use crate::record::{id, state};
use crate::statements::{
    UNIQUE_AGAIN, UNIQUE_EXPIRED, UNIQUE_FORGET, UNIQUE_HOLDER, UNIQUE_KNOWN, UNIQUE_LET_GO, UNIQUE_TAKE,
};
use crate::turn::Turn;

/// The answer for a job that is not to be stored. Any other takes its key.
pub(crate) fn answered(turn: &Turn<'_>, job: &NewJob) -> Result<Option<Enqueued>> {
    let Some(key) = &job.unique_key else { return Ok(None) };
    if turn.statement(UNIQUE_KNOWN)?.query_row([job.id.as_bytes()], |row| row.get(0))? {
        return Ok(Some(Enqueued::New(job.id)));
    }
    match holder(turn, &key.name())? {
        // It was stored before, has done its work and was forgotten.
        Some(of) if of == job.id => Ok(Some(Enqueued::New(of))),
        Some(of) => Ok(Some(Enqueued::Duplicate { of })),
        None => take(turn, key, job.id).map(|()| None),
    }
}

/// Whether a job may be retried by hand. One that would hold its key again takes it.
pub(crate) fn taken_again(turn: &Turn<'_>, job: JobId) -> Result<bool> {
    let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
    let stored = turn.statement(UNIQUE_AGAIN)?.query_row([job.as_bytes()], read).optional()?;
    let key = stored.and_then(|(stored, claims)| UniqueKey::taken_again(&stored, claims > 0));
    let Some(key) = key else { return Ok(true) };
    if holder(turn, &key.name())?.is_some_and(|holder| holder != job) {
        return Ok(false);
    }
    take(turn, &key, job).map(|()| true)
}

/// The job has ended.
pub(crate) fn let_go(turn: &Turn<'_>, job: &[u8]) -> Result<()> {
    turn.execute(UNIQUE_LET_GO, [job]).map(drop)
}

/// Whether there are keys whose time is over. Runs on the reader.
pub(crate) fn expired(connection: &Connection, now: Timestamp) -> Result<bool> {
    Ok(connection.prepare_cached(UNIQUE_EXPIRED)?.query_row([now.as_micros()], |row| row.get(0))?)
}

/// Forgets up to `limit` keys whose time is over; how many.
pub(crate) fn forget(turn: &Turn<'_>, limit: usize) -> Result<usize> {
    turn.execute(UNIQUE_FORGET, params![turn.now.as_micros(), rows(limit)])
}

fn take(turn: &Turn<'_>, key: &UniqueKey, job: JobId) -> Result<()> {
    let hold = Hold::new(key, job, turn.now);
    let until = hold.until.map(Until::as_str);
    let expires_at = hold.expires_at.map(Timestamp::as_micros);
    turn.execute(UNIQUE_TAKE, params![key.name(), job.as_bytes(), until, expires_at]).map(drop)
}

/// The job that holds the key.
fn holder(turn: &Turn<'_>, key: &str) -> Result<Option<JobId>> {
    let holder = turn.statement(UNIQUE_HOLDER)?.query_row([key], |row| held(row, turn.now)).optional()?;
    Ok(holder.flatten())
}

fn held(row: &Row<'_>, now: Timestamp) -> rusqlite::Result<Option<JobId>> {
    let Some(job) = id(row.get_ref(0)?) else { return Ok(None) };
    let until: Option<String> = row.get(1)?;
    // A word that this version does not know is one of an event, and the last of all events is the end.
    let until = until.map(|word| Until::parse(&word).unwrap_or(Until::Done));
    let expires_at = row.get::<_, Option<i64>>(2)?.map(Timestamp::from_micros);
    let number: Option<u8> = row.get(3)?;
    let claims: Option<i64> = row.get(4)?;
    let of_job = number.map(|number| (state(number), claims.is_some_and(|claims| claims > 0)));
    Ok(Hold { job, until, expires_at }.holds(of_job, now).then_some(job))
}
