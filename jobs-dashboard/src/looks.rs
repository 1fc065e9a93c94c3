//! Looks at the figures of a store for those who ask over the network: however often they ask, the store is asked seldom.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Error, JobStats, Store, StoreExt};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// How old an answer may be that is given again.
const FRESH: Duration = Duration::from_secs(1);

/// The share of time that looks take at most is one in so many.
const SHARE: u32 = 20;

#[derive(Debug)]
pub(crate) struct Looks {
    store: Arc<dyn Store>,
    patience: Duration,
    /// The last answer, and until when it is given again. Who comes while somebody looks waits for that answer.
    last: Mutex<Option<(Instant, Found)>>,
}

/// What was seen; `None` if the store did not answer.
pub(crate) type Found = Option<Arc<JobStats>>;

impl Looks {
    pub(crate) fn new(store: Arc<dyn Store>, patience: Duration) -> Self {
        Self { store, patience, last: Mutex::default() }
    }

    /// The figures, not older than a second, or twenty times as long as it takes to look.
    ///
    /// Cancel safe: the look goes on, and its answer is there for the next who asks.
    pub(crate) async fn figures(self: &Arc<Self>) -> Found {
        let looks = Arc::clone(self);
        // On a task of its own, or whoever asks and goes away, again and again, would have the store looked at each time.
        let looking = tokio::spawn(async move { looks.freshened().await });
        looking.await.ok().flatten()
    }

    async fn freshened(&self) -> Found {
        let mut last = self.last.lock().await;
        let now = Instant::now();
        if let Some((_, found)) = last.as_ref().filter(|(until, _)| now < *until) {
            return found.clone();
        }
        let found = self.seen().await;
        let cost = if found.is_some() { now.elapsed().saturating_mul(SHARE - 1) } else { Duration::ZERO };
        *last = Some((Instant::now() + FRESH.max(cost), found.clone()));
        found
    }

    async fn seen(&self) -> Found {
        match timeout(self.patience, self.look()).await {
            Ok(Ok(stats)) => return Some(Arc::new(stats)),
            Ok(Err(error)) => tracing::warn!(target: "jobs", %error, "The store could not be looked at"),
            Err(_) => {
                tracing::warn!(target: "jobs", patience = ?self.patience, "The store did not answer in time");
            }
        }
        None
    }

    async fn look(&self) -> Result<JobStats, Error> {
        self.store.looking()?.stats().await
    }
}
