//! Notifies listeners that there may be work: after each commit of this process, and, while there are listeners, after
//! commits of other processes, which are found by polling.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jobs_core::Listener;
use rusqlite::Connection;
use tokio::sync::watch;

use crate::error::Result;
use crate::statements::CHANGE_COUNT;

/// What the writer knows of the commits of other processes.
///
/// `PRAGMA data_version` costs one read of shared memory. It changes only by commits of others, since the writer's own
/// connection asks. Only if it changed, the counter is read that says whether there is work.
pub(crate) struct ChangeWatcher {
    changes: watch::Sender<()>,
    data_version: i64,
    count: i64,
    /// How many polls in a row found nothing.
    idle_polls: u32,
}

impl ChangeWatcher {
    pub(crate) fn new(changes: watch::Sender<()>) -> Self {
        Self { changes, data_version: 0, count: 0, idle_polls: 0 }
    }

    /// How long to wait for a call before the next poll; `None` if there are no listeners.
    pub(crate) fn poll_interval(&self) -> Option<Duration> {
        (self.changes.receiver_count() > 0).then_some(match self.idle_polls {
            0..200 => Duration::from_millis(1),
            200..400 => Duration::from_millis(2),
            _ => Duration::from_millis(10),
        })
    }

    /// There is a new listener. All changes since the last poll are notified: some of them may have come after the
    /// listener was made, and a needless notification does no harm.
    pub(crate) fn listener_added(&mut self, connection: &Connection) {
        self.idle_polls = 0;
        self.poll(connection);
    }

    pub(crate) fn poll_after_work(&mut self, connection: &Connection) {
        self.idle_polls = 0;
        if self.changes.receiver_count() > 0 {
            self.poll(connection);
        }
    }

    /// Notifies of a commit of this process, which set the change counter to `count`.
    pub(crate) fn notify(&mut self, count: i64) {
        self.count = count;
        self.changes.send_replace(());
    }

    /// Notifies if other processes have changed the counter.
    pub(crate) fn poll(&mut self, connection: &Connection) {
        match self.changed(connection) {
            Ok(true) => {
                self.idle_polls = 0;
                self.changes.send_replace(());
            }
            // A poll that fails costs one notification. Calls report an error of the database by themselves.
            Ok(false) | Err(_) => self.idle_polls = self.idle_polls.saturating_add(1),
        }
    }

    fn changed(&mut self, connection: &Connection) -> Result<bool> {
        let version = data_version(connection)?;
        if version == self.data_version {
            return Ok(false);
        }
        let count = count(connection)?;
        let changed = count != self.count;
        (self.data_version, self.count) = (version, count);
        Ok(changed)
    }
}

/// Changes with each commit of another connection, and only then.
pub(crate) fn data_version(connection: &Connection) -> Result<i64> {
    Ok(connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}

fn count(connection: &Connection) -> Result<i64> {
    Ok(connection.prepare_cached(CHANGE_COUNT)?.query_row([], |row| row.get(0))?)
}

/// One listener.
pub(crate) struct ChangeSubscription(pub(crate) watch::Receiver<()>);

impl Listener for ChangeSubscription {
    fn recv(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            if self.0.changed().await.is_err() {
                // The store is closed, so there will be no further notification.
                std::future::pending::<()>().await;
            }
        })
    }
}
