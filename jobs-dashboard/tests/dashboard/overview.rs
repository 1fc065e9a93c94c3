//! The figures and the charts of the overview.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Guarantees, JobStats, Process, Retention, Store, StoreExt, StoreFuture};
use jobs_dashboard::Dashboard;
use jobs_memory::MemoryStore;
use jobs_testing::plain::ME;
use jobs_testing::{ManualClock, PassThrough, PassThroughStore};

use crate::fixture::Fixture;
use crate::outage::pass;

#[tokio::test]
async fn only_living_processes_are_counted() {
    let fixture = Fixture::open();
    let _alive = fixture.store.heartbeat(&Process::new(ME, "worker-1", "host-a", 4711)).await.unwrap();
    assert!(fixture.text("/").await.contains("processes 1"));
    fixture.clock.advance(Duration::from_secs(61));
    assert!(fixture.text("/").await.contains("processes 0"));
}

/// A store that keeps neither totals nor finished jobs.
struct OfRuby(MemoryStore);

impl PassThrough for OfRuby {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn guarantees(&self) -> Guarantees {
        self.0.guarantees().with_retention(Retention::FailedOnly)
    }

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        Box::pin(async {
            let mut stats = self.0.require_inspect()?.stats().await?;
            stats.totals = None;
            Ok(stats)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_store_does_not_count_has_no_chart() {
    let fixture = Fixture::open();
    pass(1).await;
    assert!(fixture.page("/").await.contains("Finished per second"));

    let clock = ManualClock::new();
    let store = PassThroughStore(OfRuby(MemoryStore::new(Arc::new(clock.clone()))));
    let fixture = Fixture::over(Arc::new(store), clock, Dashboard::without_authentication);
    pass(1).await;
    let page = fixture.page("/").await;
    assert!(!page.contains("Finished per second") && !page.contains("Errors per second"), "{page}");
    assert!(page.contains("Longest wait in the last 30 minutes"), "{page}");
}
