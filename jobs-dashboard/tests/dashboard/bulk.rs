//! Bulk actions: confirmation, execution and audit.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use jobs_core::{Claim, Decision, ErrorRecord, Filter, NewJob, Page, State, Store, StoreFuture};
use jobs_dashboard::{Action, Dashboard};
use jobs_memory::MemoryStore;
use jobs_testing::plain::{self, ME, id};
use jobs_testing::{ManualClock, PassThrough, PassThroughStore};

use crate::fixture::{Fixture, TestRequest, text};

/// This many failed jobs in the default queue, and one in another queue.
async fn failed(fixture: &Fixture, count: u64) {
    let mut jobs: Vec<_> = (0..=count).map(|number| NewJob::new(id(number), "test", "[]")).collect();
    jobs[0].queue = "other".into();
    let _stored = fixture.store.enqueue(&jobs).await.unwrap();
    let claimed = fixture.store.claim(&Claim::all(ME, jobs.len())).await.unwrap();
    let fail = Decision::Fail { meta: None, error: ErrorRecord::new("Bounced", "no") };
    let settlements: Vec<_> = claimed.into_iter().map(|it| it.settle(fail.clone())).collect();
    let _settled = fixture.store.settle(&settlements).await.unwrap();
}

#[tokio::test]
async fn matching_jobs_are_counted_then_changed_and_no_others() {
    let actions = Arc::new(Mutex::new(Vec::<Action>::new()));
    let recorder = Arc::clone(&actions);
    let fixture = Fixture::with(|it| {
        it.without_authentication().on_action(move |action| recorder.lock().unwrap().push(action.clone()))
    });
    failed(&fixture, 1200).await;

    let page = fixture.page("/bulk/retry?state=failed&queue=default").await;
    assert!(text(&page).contains("Retry 1,200 jobs?"), "{page}");
    assert!(text(&page).contains("failed jobs in the queue default"), "{page}");
    assert_eq!(plain::count(&*fixture.store, State::Failed).await, 1201, "it is only counted");

    let page = fixture.done("/bulk/retry", "state=failed&queue=default").await;
    assert!(page.contains("1,200 jobs retried."), "{page}");
    assert_eq!(plain::count(&*fixture.store, State::Ready).await, 1200);
    assert_eq!(plain::count(&*fixture.store, State::Failed).await, 1);

    let actions = actions.lock().unwrap();
    let [action] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!((action.verb, action.changed), ("retry", 1200));
    assert_eq!(action.object, "all failed jobs in the queue default");
}

#[tokio::test]
async fn all_jobs_of_a_state_are_discarded_or_rescheduled() {
    let fixture = Fixture::open();
    failed(&fixture, 9).await;
    let page = fixture.done("/bulk/discard", "state=failed").await;
    assert!(page.contains("10 jobs discarded."), "{page}");
    fixture.schedule(20).await;
    let page = fixture.done("/bulk/reschedule", "state=scheduled&in=2&unit=days").await;
    assert!(page.contains("1 job rescheduled."), "{page}");
    let job = fixture.store.inspect().unwrap().find(id(20)).await.unwrap().unwrap();
    assert_eq!(job.due_at.to_string(), "2026-01-03T00:00:00.000000Z");
}

#[tokio::test]
async fn a_bulk_action_needs_a_state_to_which_it_applies() {
    let fixture = Fixture::open();
    failed(&fixture, 3).await;
    for (path, fields) in
        [("/bulk/retry", "queue=default"), ("/bulk/discard", "state=finished"), ("/bulk/retry", "state=claimed")]
    {
        assert_eq!(fixture.submit(path, fields).await.status, StatusCode::BAD_REQUEST, "{path} {fields}");
        let response = fixture.send(TestRequest::page(&format!("{path}?{fields}"))).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST, "{path} {fields}");
    }
    assert_eq!(fixture.submit("/bulk/forget", "state=failed").await.status, StatusCode::NOT_FOUND);
    assert_eq!(plain::count(&*fixture.store, State::Failed).await, 4);
}

#[tokio::test]
async fn without_matching_jobs_there_is_nothing_to_confirm() {
    let fixture = Fixture::open();
    let page = fixture.page("/bulk/retry?state=failed").await;
    assert!(text(&page).contains("Retry 0 jobs?") && !page.contains("method=\"post\""), "{page}");
}

/// A store that has found no job when the time for the count is up.
struct SlowSearch(MemoryStore);

impl PassThrough for SlowSearch {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn page<'a>(&'a self, _: &'a Filter) -> StoreFuture<'a, Page> {
        Box::pin(async {
            tokio::time::advance(Duration::from_secs(1)).await;
            Ok(Page::new(Vec::new(), Some(id(1).into())))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_bulk_action_can_be_confirmed_if_no_job_was_found_in_the_time_for_the_count() {
    let clock = ManualClock::new();
    let store = PassThroughStore(SlowSearch(MemoryStore::new(Arc::new(clock.clone()))));
    let fixture = Fixture::over(Arc::new(store), clock, Dashboard::without_authentication);
    let page = fixture.page("/bulk/retry?state=failed&queue=default").await;
    assert!(text(&page).contains("Retry all jobs that match?") && text(&page).contains("There may be"), "{page}");
    assert!(page.contains("action=\"/bulk/retry\"") && text(&page).contains("Retry all that match"), "{page}");
}

#[tokio::test]
async fn an_unknown_bulk_action_is_not_found() {
    let fixture = Fixture::open();
    for path in ["/bulk-actions/1", "/bulk-actions/x"] {
        assert_eq!(fixture.send(TestRequest::page(path)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
