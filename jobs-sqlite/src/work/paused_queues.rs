//! The paused queues, read again only when they may have changed.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

use rusqlite::Connection;

use crate::connection::change_watcher::data_version;
use crate::error::Result;
use crate::statements::PAUSED;

/// The paused queues as they were at a version of the file.
#[derive(Debug, Default)]
pub(crate) struct PausedQueues(RefCell<Option<(i64, Arc<HashSet<String>>)>>);

impl PausedQueues {
    /// The paused queues now.
    pub(crate) fn read(&self, connection: &Connection) -> Result<Arc<HashSet<String>>> {
        let version = data_version(connection)?;
        if let Some((_, paused)) = self.0.borrow().as_ref().filter(|(read_at, _)| *read_at == version) {
            return Ok(Arc::clone(paused));
        }
        let mut statement = connection.prepare_cached(PAUSED)?;
        let queues = statement.query_map([], |row| row.get(0))?;
        let paused = Arc::new(queues.collect::<rusqlite::Result<_>>()?);
        *self.0.borrow_mut() = Some((version, Arc::clone(&paused)));
        Ok(paused)
    }

    /// This store pauses or resumes a queue.
    pub(crate) fn forget(&self) {
        *self.0.borrow_mut() = None;
    }
}
