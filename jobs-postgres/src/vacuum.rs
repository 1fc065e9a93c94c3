//! Removes dead rows while much is worked off. Each job leaves two behind, and every claim passes by those at the head of
//! the index until they are removed. The server itself looks for them once a minute, in which millions may come together.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

use crate::dial::{Dialer, Purpose};
use crate::error::Result;
use crate::statements::Sql;

/// After so many jobs were worked off: claims then pass by some hundred pages of an index at most.
pub(crate) const AFTER: u64 = 200_000;

/// For so many times as long as the last one took there is no other one. A transaction that stays open for long lets
/// nothing be removed, and what is done in vain is to cost little.
const REST: u32 = 10;

/// Counts what this store works off.
pub(crate) struct Vacuum {
    dialer: Arc<Dialer>,
    runtime: Handle,
    /// 0 for never.
    after: u64,
    worked: AtomicU64,
    /// Whether one runs, or has run a short while ago.
    rests: Arc<AtomicBool>,
}

impl Vacuum {
    pub(crate) fn new(dialer: Arc<Dialer>, runtime: Handle, after: u64) -> Self {
        Self { dialer, runtime, after, worked: AtomicU64::new(0), rests: Arc::default() }
    }

    /// So many jobs more were settled.
    pub(crate) fn worked(&self, jobs: usize) {
        let jobs = u64::try_from(jobs).unwrap_or(u64::MAX);
        let worked = self.worked.fetch_add(jobs, Ordering::Relaxed).saturating_add(jobs);
        if self.after == 0 || worked < self.after || self.rests.swap(true, Ordering::AcqRel) {
            return;
        }
        self.worked.store(0, Ordering::Relaxed);
        let (dialer, rests) = (self.dialer.clone(), self.rests.clone());
        self.runtime.spawn(async move {
            let begun = Instant::now();
            // The server does it by itself in the end.
            let _in_vain = run(&dialer).await;
            sleep(begun.elapsed() * REST).await;
            rests.store(false, Ordering::Release);
        });
    }
}

/// Over a connection of its own, which nobody else waits for.
async fn run(dialer: &Dialer) -> Result<()> {
    let session = dialer.dial(Purpose::Vacuum, &mut Vec::new()).await?;
    session.command(Sql::Vacuum).await
}

impl fmt::Debug for Vacuum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vacuum").field("after", &self.after).finish_non_exhaustive()
    }
}
