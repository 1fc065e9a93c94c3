//! The store is out of reach for a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use jobs_core::{
    Claim, Clock, Counts, Dispatched, Enqueued, Error, Execution, Filter, Inspect, JobId, JobRecord, JobStats, Manage,
    NewJob, Page, Process, ProcessRecord, Pulse, QueueRecord, Recovered, Recovery, Settled, Settlement, Store,
    StoreExt, StoreFuture, SystemClock,
};
use jobs_dashboard::Dashboard;
use jobs_memory::MemoryStore;
use jobs_testing::ManualClock;

use crate::stage::{Asked, Stage};

/// A store in memory that can be put out of reach, for those who look.
#[derive(Debug, Default)]
pub(crate) struct Far {
    pub(crate) store: MemoryStore,
    pub(crate) is_gone: AtomicBool,
    pub(crate) hangs: AtomicBool,
    /// Whether one can act on it by hand.
    pub(crate) acts: AtomicBool,
    /// How many looks were begun.
    pub(crate) looks: AtomicUsize,
}

impl Far {
    fn look<'a, T: Send + 'a>(&'a self, found: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        Box::pin(async move {
            self.looks.fetch_add(1, Ordering::SeqCst);
            if self.hangs.load(Ordering::SeqCst) {
                return std::future::pending().await;
            }
            if self.is_gone.load(Ordering::SeqCst) { Err(Error::transient("connection refused")) } else { found.await }
        })
    }
}

impl Inspect for Far {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.look(Box::pin(async move { self.store.looking()?.find(id).await }))
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        self.look(Box::pin(async move { self.store.looking()?.page(filter).await }))
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        self.look(Box::pin(async move { self.store.looking()?.counts().await }))
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        self.look(Box::pin(async move { self.store.looking()?.queues().await }))
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        self.look(Box::pin(async move { self.store.looking()?.processes().await }))
    }

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        self.stats_at(SystemClock.now())
    }
}

impl Store for Far {
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

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse> {
        self.store.heartbeat(process)
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.store.recover(recovery)
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        Some(self)
    }

    fn manage(&self) -> Option<&dyn Manage> {
        self.store.manage().filter(|_| self.acts.load(Ordering::SeqCst))
    }
}

fn far() -> (Arc<Far>, Stage) {
    let far = Arc::new(Far::default());
    let store: Arc<dyn Store> = far.clone();
    (far, Stage::over(store, ManualClock::new(), Dashboard::without_authentication))
}

#[tokio::test]
async fn while_the_store_is_out_of_reach_pages_say_so_and_afterwards_they_are_back() {
    let (far, stage) = far();
    for path in ["/", "/jobs", "/queues", "/processes", "/jobs/00000000-0000-0000-0000-000000000001"] {
        far.is_gone.store(true, Ordering::SeqCst);
        let told = stage.send(Asked::page(path)).await;
        assert_eq!(told.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(told.header("retry-after"), "5");
        assert!(told.body.contains("The store does not answer") && told.body.contains("<nav"), "{}", told.body);
        far.is_gone.store(false, Ordering::SeqCst);
        assert_ne!(stage.send(Asked::page(path)).await.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    far.is_gone.store(true, Ordering::SeqCst);
    let told = stage.send(Asked::page("/api/stats")).await;
    assert_eq!(told.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(told.body, "{\"error\":\"connection refused\"}");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_answer_is_not_waited_for_without_end() {
    let (far, stage) = far();
    far.hangs.store(true, Ordering::SeqCst);
    let begun = tokio::time::Instant::now();
    let told = stage.send(Asked::page("/")).await;
    assert_eq!(told.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(begun.elapsed().as_secs(), 15);
}

#[tokio::test]
async fn a_store_without_the_power_to_act_says_so() {
    let (_, stage) = far();
    let told = stage.submit("/queues/pause", "queue=mail").await;
    assert_eq!(told.status, StatusCode::BAD_REQUEST);
    assert!(told.body.contains("cannot be changed manually"), "{}", told.body);
}

/// Lets time pass in steps, so that who waits for it comes to do what there is to do.
async fn pass(minutes: u32) {
    for _ in 0..minutes * 12 {
        tokio::time::advance(Duration::from_secs(5)).await;
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn charts_show_what_was_seen_in_the_last_half_hour_and_nothing_where_the_store_was_out_of_reach() {
    let (far, stage) = far();
    let pieces = async || stage.page("/").await.split("<path class=\"stroke\"").last().unwrap().matches('M').count();
    pass(2).await;
    assert_eq!(pieces().await, 1);
    far.is_gone.store(true, Ordering::SeqCst);
    pass(2).await;
    far.is_gone.store(false, Ordering::SeqCst);
    pass(2).await;
    assert_eq!(pieces().await, 2, "a line has a gap where nothing was seen");
    far.is_gone.store(true, Ordering::SeqCst);
    pass(40).await;
    far.is_gone.store(false, Ordering::SeqCst);
    assert_eq!(pieces().await, 0, "what is older is not drawn");
}
