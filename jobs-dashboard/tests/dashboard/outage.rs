//! Outages of the store.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use jobs_core::{
    Claim, Clock, Counts, Dispatched, Enqueued, Error, Execution, Filter, Guarantees, HeartbeatReply, Inspect, JobId,
    JobRecord, JobStats, Manage, NewJob, Page, Process, ProcessRecord, QueueRecord, Recovered, Recovery, Settled,
    Settlement, Store, StoreExt, StoreFuture, SystemClock,
};
use jobs_dashboard::Dashboard;
use jobs_memory::MemoryStore;
use jobs_testing::ManualClock;

use crate::fixture::{Fixture, TestRequest};

/// A store in memory whose queries can be made to fail or hang.
#[derive(Debug, Default)]
pub(crate) struct UnreliableStore {
    pub(crate) store: MemoryStore,
    pub(crate) is_unavailable: AtomicBool,
    pub(crate) hangs: AtomicBool,
    /// Whether it supports `Manage`.
    pub(crate) is_manageable: AtomicBool,
    /// How many queries were started.
    pub(crate) queries: AtomicUsize,
}

impl UnreliableStore {
    fn query<'a, T: Send + 'a>(&'a self, found: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        Box::pin(async move {
            self.queries.fetch_add(1, Ordering::SeqCst);
            if self.hangs.load(Ordering::SeqCst) {
                return std::future::pending().await;
            }
            if self.is_unavailable.load(Ordering::SeqCst) {
                Err(Error::transient("connection refused"))
            } else {
                found.await
            }
        })
    }
}

impl Inspect for UnreliableStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.query(Box::pin(async move { self.store.require_inspect()?.find(id).await }))
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        self.query(Box::pin(async move { self.store.require_inspect()?.page(filter).await }))
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        self.query(Box::pin(async move { self.store.require_inspect()?.counts().await }))
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        self.query(Box::pin(async move { self.store.require_inspect()?.queues().await }))
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        self.query(Box::pin(async move { self.store.require_inspect()?.processes().await }))
    }

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        self.stats_at(SystemClock.now())
    }
}

impl Store for UnreliableStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.store.enqueue(jobs)
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.store.dispatch(limit)
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.store.claim(claim)
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        self.store.settle(settlements)
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.store.heartbeat(process)
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.store.recover(recovery)
    }

    fn guarantees(&self) -> Guarantees {
        self.store.guarantees()
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        Some(self)
    }

    fn manage(&self) -> Option<&dyn Manage> {
        self.store.manage().filter(|_| self.is_manageable.load(Ordering::SeqCst))
    }
}

fn unreliable_store() -> (Arc<UnreliableStore>, Fixture) {
    let unreliable = Arc::new(UnreliableStore::default());
    let store: Arc<dyn Store> = unreliable.clone();
    (unreliable, Fixture::over(store, ManualClock::new(), Dashboard::without_authentication))
}

#[tokio::test]
async fn pages_report_an_unavailable_store_and_come_back_with_it() {
    let (unreliable, fixture) = unreliable_store();
    for path in ["/", "/jobs", "/queues", "/processes", "/jobs/00000000-0000-0000-0000-000000000001"] {
        unreliable.is_unavailable.store(true, Ordering::SeqCst);
        let response = fixture.send(TestRequest::page(path)).await;
        assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(response.header("retry-after"), "5");
        assert!(
            response.body.contains("The store does not answer") && response.body.contains("<nav"),
            "{}",
            response.body
        );
        unreliable.is_unavailable.store(false, Ordering::SeqCst);
        assert_ne!(fixture.send(TestRequest::page(path)).await.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    unreliable.is_unavailable.store(true, Ordering::SeqCst);
    let response = fixture.send(TestRequest::page("/api/stats")).await;
    assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.body, "{\"error\":\"connection refused\"}");
}

#[tokio::test]
async fn trying_again_keeps_the_conditions_and_leads_from_a_form_to_its_page() {
    let (unreliable, fixture) = unreliable_store();
    unreliable.is_unavailable.store(true, Ordering::SeqCst);
    unreliable.is_manageable.store(true, Ordering::SeqCst);
    let page = fixture.send(TestRequest::page("/jobs?state=failed&queue=a%26b")).await.body;
    assert!(page.contains("href=\"/jobs?state=failed&amp;queue=a%26b\">Try again"), "{page}");
    let job = "/jobs/00000000-0000-0000-0000-000000000001";
    let response = fixture.submit(&format!("{job}/retry"), "").await;
    assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(response.body.contains(&format!("href=\"{job}\">Back")), "{}", response.body);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_the_store_has_a_time_limit() {
    let (unreliable, fixture) = unreliable_store();
    unreliable.hangs.store(true, Ordering::SeqCst);
    let begun = tokio::time::Instant::now();
    let response = fixture.send(TestRequest::page("/")).await;
    assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(begun.elapsed().as_secs(), 15);
}

#[tokio::test]
async fn a_store_that_cannot_be_managed_is_reported() {
    let (_, fixture) = unreliable_store();
    let response = fixture.submit("/queues/pause", "queue=mail").await;
    assert_eq!(response.status, StatusCode::BAD_REQUEST);
    let expected = fixture.store.require_manage().err().unwrap().to_string();
    assert!(response.body.contains(&expected), "{}", response.body);
}

/// Advances the time in steps, so that tasks that wait for a time can run in between.
pub(crate) async fn pass(minutes: u32) {
    for _ in 0..minutes * 12 {
        tokio::time::advance(Duration::from_secs(5)).await;
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn charts_show_the_last_half_hour_with_gaps_while_the_store_was_unavailable() {
    let (unreliable, fixture) = unreliable_store();
    let pieces = async || fixture.page("/").await.split("<path class=\"stroke\"").last().unwrap().matches('M').count();
    pass(2).await;
    assert_eq!(pieces().await, 1);
    unreliable.is_unavailable.store(true, Ordering::SeqCst);
    pass(2).await;
    unreliable.is_unavailable.store(false, Ordering::SeqCst);
    pass(2).await;
    assert_eq!(pieces().await, 2, "the line has a gap during the outage");
    unreliable.is_unavailable.store(true, Ordering::SeqCst);
    pass(40).await;
    unreliable.is_unavailable.store(false, Ordering::SeqCst);
    let page = fixture.page("/").await;
    assert!(!page.contains("class=\"stroke\""), "older samples are not drawn: {page}");
    assert!(page.contains("there is no sample of the last 30 minutes"), "and no empty axes: {page}");
}
