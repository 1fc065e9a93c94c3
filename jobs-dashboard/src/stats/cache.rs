//! A cache of the store's figures, so that frequent requests of monitors cause few queries.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Error, JobStats, LogText, Store, StoreExt};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// The shortest time for which a result is returned again.
const FRESH: Duration = Duration::from_secs(1);

/// Queries take at most one part in this many of the time.
const SHARE: u32 = 20;

#[derive(Debug)]
pub(crate) struct StatsCache {
    store: Arc<dyn Store>,
    timeout: Duration,
    /// The last result, and until when it is returned again. The lock is held during a query, so that requests that come in
    /// the meantime wait for its result instead of querying themselves.
    last: Mutex<Option<(Instant, CachedStats)>>,
}

/// The figures; `None` if the store did not answer.
pub(crate) type CachedStats = Option<Arc<JobStats>>;

impl StatsCache {
    pub(crate) fn new(store: Arc<dyn Store>, timeout: Duration) -> Self {
        Self { store, timeout, last: Mutex::default() }
    }

    /// The figures, not older than a second, or than twenty times the duration of the query.
    ///
    /// Cancel safe: the query continues, and the next request gets its result.
    pub(crate) async fn get(self: &Arc<Self>) -> CachedStats {
        let cache = Arc::clone(self);
        // On its own task: a client that repeatedly disconnects would otherwise start a query each time.
        let query = tokio::spawn(async move { cache.refreshed().await });
        query.await.ok().flatten()
    }

    async fn refreshed(&self) -> CachedStats {
        let mut last = self.last.lock().await;
        let now = Instant::now();
        if let Some((_, stats)) = last.as_ref().filter(|(until, _)| now < *until) {
            return stats.clone();
        }
        let stats = self.query_in_time().await;
        let cost = if stats.is_some() { now.elapsed().saturating_mul(SHARE - 1) } else { Duration::ZERO };
        *last = Some((Instant::now() + FRESH.max(cost), stats.clone()));
        stats
    }

    async fn query_in_time(&self) -> CachedStats {
        match timeout(self.timeout, self.query()).await {
            Ok(Ok(stats)) => return Some(Arc::new(stats)),
            Ok(Err(error)) => {
                tracing::warn!(
                    target: "jobs", error = %LogText::field(&error),
                    "The figures of the store could not be read"
                );
            }
            Err(_) => {
                tracing::warn!(target: "jobs", timeout = ?self.timeout, "The store did not answer in time");
            }
        }
        None
    }

    async fn query(&self) -> Result<JobStats, Error> {
        self.store.require_inspect()?.stats().await
    }
}
