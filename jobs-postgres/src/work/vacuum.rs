//! Removes dead rows while many jobs run. Each job leaves two dead rows, and every claim must skip those at the head of
//! the index until they are removed. The server itself checks for them only once a minute, and millions may arise in a
//! minute.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

use crate::connection::Purpose;
use crate::connection::connector::Connector;
use crate::error::Result;
use crate::statements::Sql;

/// The default number of settled jobs after which the table is vacuumed. A claim then skips a few hundred index pages
/// at most.
pub(crate) const DEFAULT_AFTER: u64 = 200_000;

/// The pause after a vacuum, as a multiple of its duration. A transaction that stays open for long keeps all dead rows
/// in place, so a vacuum may have no effect and must then cost little.
const PAUSE_FACTOR: u32 = 10;

/// Counts the jobs that this store settles, and starts a vacuum when there are enough.
pub(crate) struct Vacuum {
    connector: Arc<Connector>,
    runtime: Handle,
    /// 0 for never.
    after: u64,
    settled: AtomicU64,
    /// Whether a vacuum runs, or ended a short time ago.
    is_paused: Arc<AtomicBool>,
}

impl Vacuum {
    pub(crate) fn new(connector: Arc<Connector>, runtime: Handle, after: u64) -> Self {
        Self { connector, runtime, after, settled: AtomicU64::new(0), is_paused: Arc::default() }
    }

    /// Counts this many more settled jobs.
    pub(crate) fn count_settled(&self, jobs: usize) {
        let jobs = u64::try_from(jobs).unwrap_or(u64::MAX);
        let settled = self.settled.fetch_add(jobs, Ordering::Relaxed).saturating_add(jobs);
        if self.after == 0 || settled < self.after || self.is_paused.swap(true, Ordering::AcqRel) {
            return;
        }
        self.settled.store(0, Ordering::Relaxed);
        let (connector, is_paused) = (self.connector.clone(), self.is_paused.clone());
        self.runtime.spawn(async move {
            let begun = Instant::now();
            // After an error the server removes the dead rows by itself, only later.
            let _failed = run(&connector).await;
            sleep(begun.elapsed() * PAUSE_FACTOR).await;
            is_paused.store(false, Ordering::Release);
        });
    }
}

/// Uses a connection of its own, so that no call waits for the vacuum.
async fn run(connector: &Connector) -> Result<()> {
    let session = connector.connect(Purpose::Vacuum, &mut Vec::new()).await?;
    session.execute(Sql::Vacuum).await
}

impl fmt::Debug for Vacuum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vacuum").field("after", &self.after).finish_non_exhaustive()
    }
}
