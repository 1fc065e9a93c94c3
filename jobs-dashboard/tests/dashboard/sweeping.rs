//! A change of many jobs goes on by itself: through a moment without the store, until it is stopped.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::http::StatusCode;
use jobs_core::{Claim, Decision, ErrorRecord, NewJob, State, Store};
use jobs_dashboard::Dashboard;
use jobs_testing::ManualClock;
use jobs_testing::plain::{self, ME, id};

use crate::outage::Far;
use crate::stage::{Stage, words};

/// 1,200 failed jobs in a store that can be put out of reach.
async fn failed() -> (Arc<Far>, Stage) {
    let far = Arc::new(Far::default());
    far.acts.store(true, Ordering::SeqCst);
    let jobs: Vec<_> = (0..1200).map(|number| NewJob::new(id(number), "test", "[]")).collect();
    let _stored = far.store.enqueue(&jobs).await.unwrap();
    let claimed = far.store.claim(&Claim::all(ME, jobs.len())).await.unwrap();
    let fail = Decision::Fail { meta: None, error: ErrorRecord::new("Bounced", "no") };
    let settlements: Vec<_> = claimed.into_iter().map(|it| it.settle(fail.clone())).collect();
    let _settled = far.store.settle(&settlements).await.unwrap();
    let store: Arc<dyn Store> = far.clone();
    (far, Stage::over(store, ManualClock::new(), Dashboard::without_authentication))
}

/// Begins to retry all of them while the store is out of reach.
async fn begun(far: &Far, stage: &Stage) {
    far.is_gone.store(true, Ordering::SeqCst);
    let told = stage.submit("/bulk/retry", "state=failed").await;
    assert_eq!((told.status, told.header("location")), (StatusCode::SEE_OTHER, "/sweeps/1"));
    assert!(words(&stage.page("/sweeps/1").await).contains("0 jobs retried so far."));
}

async fn pass(seconds: u64) {
    for _ in 0..seconds * 10 {
        tokio::time::advance(Duration::from_millis(100)).await;
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_after_a_moment_without_the_store() {
    let (far, stage) = failed().await;
    begun(&far, &stage).await;
    far.is_gone.store(false, Ordering::SeqCst);
    pass(2).await;
    let page = stage.page("/sweeps/1").await;
    assert!(page.contains("1,200 jobs retried.") && !page.contains("http-equiv"), "{page}");
    assert_eq!(plain::count(&far.store, State::Ready).await, 1200);
}

#[tokio::test(start_paused = true)]
async fn it_ends_where_the_store_stays_away_and_says_so() {
    let (far, stage) = failed().await;
    begun(&far, &stage).await;
    pass(10).await;
    let page = stage.page("/sweeps/1").await;
    assert!(page.contains("The store said no, 0 jobs retried before: connection refused"), "{page}");
    assert_eq!(plain::count(&far.store, State::Failed).await, 1200);
}

#[tokio::test(start_paused = true)]
async fn it_is_stopped_after_the_jobs_that_it_is_at() {
    let (far, stage) = failed().await;
    begun(&far, &stage).await;
    let page = stage.page("/sweeps/1").await;
    assert!(page.contains("action=\"/sweeps/1/stop\"") && page.contains("http-equiv=\"refresh\""), "{page}");
    let told = stage.submit("/sweeps/1/stop", "").await;
    assert_eq!(told.status, StatusCode::SEE_OTHER);
    far.is_gone.store(false, Ordering::SeqCst);
    pass(2).await;
    let page = stage.page("/sweeps/1").await;
    assert!(page.contains("Stopped: 500 jobs retried."), "{page}");
    assert_eq!(plain::count(&far.store, State::Ready).await, 500);
}
