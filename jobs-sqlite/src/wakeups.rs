//! Says that there may be work: to listeners here after each commit of this process, and, while somebody
//! listens, after commits of other processes, which are seen by polling.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jobs_core::Listener;
use rusqlite::Connection;
use tokio::sync::watch;

use crate::error::Result;
use crate::statements::WAKE_SEEN;

/// What the writer knows of other processes.
///
/// `PRAGMA data_version` costs a look at shared memory and changes only by commits of others, since it is the
/// writer's own connection that asks. Only if it changed is the counter read that says whether there is work.
pub(crate) struct Outlook {
    hints: watch::Sender<()>,
    data_version: i64,
    count: i64,
    /// How many looks in a row saw nothing.
    quiet: u32,
}

impl Outlook {
    pub(crate) fn new(hints: watch::Sender<()>) -> Self {
        Self { hints, data_version: 0, count: 0, quiet: 0 }
    }

    /// How long to wait for a call before the next look; `None` if nobody listens.
    pub(crate) fn pause(&self) -> Option<Duration> {
        (self.hints.receiver_count() > 0).then_some(match self.quiet {
            0..200 => Duration::from_millis(1),
            200..400 => Duration::from_millis(2),
            _ => Duration::from_millis(10),
        })
    }

    /// Somebody listens from now on. What happened since the last look counts as news: some of it may be
    /// from after the listener was made, and a hint too many does no harm.
    pub(crate) fn begin(&mut self, connection: &Connection) {
        self.quiet = 0;
        self.look(connection);
    }

    pub(crate) fn after_work(&mut self, connection: &Connection) {
        self.quiet = 0;
        if self.hints.receiver_count() > 0 {
            self.look(connection);
        }
    }

    /// This process gave a reason to look.
    pub(crate) fn bumped(&mut self, count: i64) {
        self.count = count;
        self.hints.send_replace(());
    }

    /// Whether other processes gave one.
    pub(crate) fn look(&mut self, connection: &Connection) {
        match self.changed(connection) {
            Ok(true) => {
                self.quiet = 0;
                self.hints.send_replace(());
            }
            // A look that fails is one hint less; the calls themselves tell of a database that is out of order.
            Ok(false) | Err(_) => self.quiet = self.quiet.saturating_add(1),
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

fn data_version(connection: &Connection) -> Result<i64> {
    Ok(connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}

fn count(connection: &Connection) -> Result<i64> {
    Ok(connection.prepare_cached(WAKE_SEEN)?.query_row([], |row| row.get(0))?)
}

/// One listener.
pub(crate) struct Ear(pub(crate) watch::Receiver<()>);

impl Listener for Ear {
    fn heard(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            if self.0.changed().await.is_err() {
                // The store is closed: nothing will ever happen again.
                std::future::pending::<()>().await;
            }
        })
    }
}
