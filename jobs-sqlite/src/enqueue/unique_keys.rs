//! Unique keys. Only the writer writes, so what a check reads stays true until its transaction ends.

use jobs_core::{Enqueued, HolderJob, JobId, KeyHolder, NewJob, Timestamp, UniqueKey, UniqueUntil};
use rusqlite::{Connection, OptionalExtension, Row, Statement, params};

use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::numbers::row_limit;
use crate::record::{id, state};
use crate::statements::{
    UNIQUE_HAS_EXPIRED, UNIQUE_HOLDER, UNIQUE_KEY_OF, UNIQUE_KNOWN, UNIQUE_RELEASE, UNIQUE_REMOVE_EXPIRED, UNIQUE_TAKE,
};

/// The result for a job that must not be stored, because it is stored already or is a duplicate. Any other job takes
/// its key.
pub(crate) fn take_or_known(tx: &WriteTx<'_>, job: &NewJob) -> Result<Option<Enqueued>> {
    let Some(key) = &job.unique_key else { return Ok(None) };
    if tx.statement(UNIQUE_KNOWN)?.query_row([job.id.as_bytes()], |row| row.get(0))? {
        return Ok(Some(Enqueued::New(job.id)));
    }
    match holder(tx, &key.name())? {
        // The same job was stored before, finished, and was removed.
        Some(of) if of == job.id => Ok(Some(Enqueued::New(of))),
        Some(of) => Ok(Some(Enqueued::Duplicate { of })),
        None => take(tx, key, job.id).map(|()| None),
    }
}

/// Whether a job may be retried manually. If the job would hold its key again, it takes it.
pub(crate) fn retake(tx: &WriteTx<'_>, job: JobId) -> Result<bool> {
    let Some(key) = key_on_retry(&mut *tx.statement(UNIQUE_KEY_OF)?, job)? else { return Ok(true) };
    if holder(tx, &key.name())?.is_some_and(|holder| holder != job) {
        return Ok(false);
    }
    take(tx, &key, job).map(|()| true)
}

/// The other job that holds the key which a failed or discarded job would hold again. Runs on the reader.
pub(crate) fn blocks(connection: &Connection, job: JobId, now: Timestamp) -> Result<Option<JobId>> {
    let Some(key) = key_on_retry(&mut *connection.prepare_cached(UNIQUE_KEY_OF)?, job)? else { return Ok(None) };
    let mut statement = connection.prepare_cached(UNIQUE_HOLDER)?;
    let holder = statement.query_row([key.name()], |row| held(row, now)).optional()?;
    Ok(holder.flatten().filter(|holder| *holder != job))
}

/// The key that a failed or discarded job would hold again.
fn key_on_retry(key_of: &mut Statement<'_>, job: JobId) -> Result<Option<UniqueKey>> {
    let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
    let stored = key_of.query_row([job.as_bytes()], read).optional()?;
    Ok(stored.and_then(|(stored, claims)| UniqueKey::key_on_retry(&stored, claims > 0)))
}

/// Releases the key of a job that has ended.
pub(crate) fn release(tx: &WriteTx<'_>, job: &[u8]) -> Result<()> {
    tx.execute(UNIQUE_RELEASE, [job]).map(drop)
}

/// Whether there are expired keys. Runs on the reader.
pub(crate) fn has_expired(connection: &Connection, now: Timestamp) -> Result<bool> {
    Ok(connection.prepare_cached(UNIQUE_HAS_EXPIRED)?.query_row([now.as_micros()], |row| row.get(0))?)
}

/// Removes up to `most` expired keys and returns how many.
pub(crate) fn remove_expired(tx: &WriteTx<'_>, most: usize) -> Result<usize> {
    tx.execute(UNIQUE_REMOVE_EXPIRED, params![tx.now.as_micros(), row_limit(most)])
}

fn take(tx: &WriteTx<'_>, key: &UniqueKey, job: JobId) -> Result<()> {
    let hold = KeyHolder::new(key, job, tx.now);
    let until = hold.until.map(UniqueUntil::as_str);
    let expires_at = hold.expires_at.map(Timestamp::as_micros);
    tx.execute(UNIQUE_TAKE, params![key.name(), job.as_bytes(), until, expires_at]).map(drop)
}

/// The job that holds the key.
fn holder(tx: &WriteTx<'_>, key: &str) -> Result<Option<JobId>> {
    let holder = tx.statement(UNIQUE_HOLDER)?.query_row([key], |row| held(row, tx.now)).optional()?;
    Ok(holder.flatten())
}

fn held(row: &Row<'_>, now: Timestamp) -> rusqlite::Result<Option<JobId>> {
    let Some(job) = id(row.get_ref(0)?) else { return Ok(None) };
    let until: Option<String> = row.get(1)?;
    // A newer version may have written a word that this one does not know. Then the key is held until the job is done,
    // which is the longest that any event allows.
    let until = until.map(|word| UniqueUntil::parse(&word).unwrap_or(UniqueUntil::Done));
    let expires_at = time(row, 2)?;
    let number: Option<u8> = row.get(3)?;
    let claims: Option<i64> = row.get(4)?;
    let job_expires_at = time(row, 5)?;
    let holder = number.map(|number| HolderJob {
        state: state(number),
        was_claimed: claims.is_some_and(|claims| claims > 0),
        expires_at: job_expires_at,
    });
    Ok(KeyHolder { job, until, expires_at }.holds(holder, now).then_some(job))
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_micros))
}
