//! The progress of reports, in a table of the application.

use std::sync::{Arc, Mutex, PoisonError};

use jobs::JobId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::orders::PAGES;

#[derive(Clone)]
pub(crate) struct Progress {
    connection: Arc<Mutex<Connection>>,
}

impl Progress {
    pub(crate) fn open(path: &str) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS progress (job TEXT PRIMARY KEY, done INTEGER NOT NULL, pages INTEGER NOT NULL)",
        )?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    pub(crate) fn record(&self, job: JobId, done: u32, of: u32) -> rusqlite::Result<()> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let upsert = "INSERT INTO progress VALUES (?1, ?2, ?3) ON CONFLICT (job) DO UPDATE SET done = ?2, pages = ?3";
        connection.execute(upsert, params![job.to_string(), done, of]).map(drop)
    }

    /// The number of pages that are written, and the total number.
    pub(crate) fn of(&self, job: JobId) -> rusqlite::Result<(u32, u32)> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let query = "SELECT done, pages FROM progress WHERE job = ?1";
        let row = connection.query_row(query, [job.to_string()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        Ok(row.unwrap_or((0, PAGES)))
    }
}
