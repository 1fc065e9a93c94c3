//! A bulk action in the background: outages of the store, progress, stop.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::http::StatusCode;
use jobs_core::{Claim, Decision, ErrorRecord, NewJob, State, Store};
use jobs_dashboard::Dashboard;
use jobs_testing::ManualClock;
use jobs_testing::plain::{self, ME, id};

use crate::fixture::{Fixture, text};
use crate::outage::UnreliableStore;

/// 1,200 failed jobs in a store that can be made unavailable.
async fn failed() -> (Arc<UnreliableStore>, Fixture) {
    let unreliable = Arc::new(UnreliableStore::default());
    unreliable.is_manageable.store(true, Ordering::SeqCst);
    let jobs: Vec<_> = (0..1200).map(|number| NewJob::new(id(number), "test", "[]")).collect();
    let _stored = unreliable.store.enqueue(&jobs).await.unwrap();
    let claimed = unreliable.store.claim(&Claim::all(ME, jobs.len())).await.unwrap();
    let fail = Decision::Fail { meta: None, error: ErrorRecord::new("Bounced", "no") };
    let settlements: Vec<_> = claimed.into_iter().map(|it| it.settle(fail.clone())).collect();
    let _settled = unreliable.store.settle(&settlements).await.unwrap();
    let store: Arc<dyn Store> = unreliable.clone();
    (unreliable, Fixture::over(store, ManualClock::new(), Dashboard::without_authentication))
}

/// Starts to retry all of them while the store is unavailable.
async fn start(unreliable: &UnreliableStore, fixture: &Fixture) {
    unreliable.is_unavailable.store(true, Ordering::SeqCst);
    let response = fixture.submit("/bulk/retry", "state=failed").await;
    assert_eq!((response.status, response.header("location")), (StatusCode::SEE_OTHER, "/bulk-actions/1"));
    assert!(text(&fixture.page("/bulk-actions/1").await).contains("0 jobs retried so far."));
}

async fn pass(seconds: u64) {
    for _ in 0..seconds * 10 {
        tokio::time::advance(Duration::from_millis(100)).await;
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn it_continues_after_a_short_outage_of_the_store() {
    let (unreliable, fixture) = failed().await;
    start(&unreliable, &fixture).await;
    unreliable.is_unavailable.store(false, Ordering::SeqCst);
    pass(2).await;
    let page = fixture.page("/bulk-actions/1").await;
    assert!(page.contains("1,200 jobs retried.") && !page.contains("http-equiv"), "{page}");
    assert_eq!(plain::count(&unreliable.store, State::Ready).await, 1200);
}

#[tokio::test(start_paused = true)]
async fn it_fails_with_the_error_after_a_long_outage() {
    let (unreliable, fixture) = failed().await;
    start(&unreliable, &fixture).await;
    pass(10).await;
    let page = fixture.page("/bulk-actions/1").await;
    assert!(page.contains("The store reported an error after 0 jobs retried: connection refused"), "{page}");
    assert_eq!(plain::count(&unreliable.store, State::Failed).await, 1200);
}

#[tokio::test(start_paused = true)]
async fn it_stops_after_the_current_page_of_jobs() {
    let (unreliable, fixture) = failed().await;
    start(&unreliable, &fixture).await;
    let page = fixture.page("/bulk-actions/1").await;
    assert!(page.contains("action=\"/bulk-actions/1/stop\"") && page.contains("http-equiv=\"refresh\""), "{page}");
    let response = fixture.submit("/bulk-actions/1/stop", "").await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    unreliable.is_unavailable.store(false, Ordering::SeqCst);
    pass(2).await;
    let page = fixture.page("/bulk-actions/1").await;
    assert!(page.contains("Stopped: 500 jobs retried."), "{page}");
    assert_eq!(plain::count(&unreliable.store, State::Ready).await, 500);
}
