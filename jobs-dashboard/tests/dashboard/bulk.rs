//! Something is done to all jobs that match.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use jobs_core::{Claim, Decision, ErrorRecord, NewJob, State};
use jobs_dashboard::Action;
use jobs_testing::plain::{self, ME, id};

use crate::stage::{Asked, Stage, words};

/// So many failed jobs, and one more in another queue.
async fn failed(stage: &Stage, count: u64) {
    let mut jobs: Vec<_> = (0..=count).map(|number| NewJob::new(id(number), "test", "[]")).collect();
    jobs[0].queue = "other".into();
    let _stored = stage.store.enqueue(&jobs).await.unwrap();
    let claimed = stage.store.claim(&Claim::all(ME, jobs.len())).await.unwrap();
    let fail = Decision::Fail { meta: None, error: ErrorRecord::new("Bounced", "no") };
    let settlements: Vec<_> = claimed.into_iter().map(|it| it.settle(fail.clone())).collect();
    let _settled = stage.store.settle(&settlements).await.unwrap();
}

#[tokio::test]
async fn all_that_match_are_counted_first_and_then_changed_and_no_others() {
    let heard = Arc::new(Mutex::new(Vec::<Action>::new()));
    let ears = Arc::clone(&heard);
    let stage = Stage::with(|it| {
        it.without_authentication().on_action(move |action| ears.lock().unwrap().push(action.clone()))
    });
    failed(&stage, 1200).await;

    let page = stage.page("/bulk/retry?state=failed&queue=default").await;
    assert!(words(&page).contains("Retry 1,200 jobs?"), "{page}");
    assert!(words(&page).contains("failed jobs in the queue default"), "{page}");
    assert_eq!(plain::count(&*stage.store, State::Failed).await, 1201, "it is only counted");

    let page = stage.done("/bulk/retry", "state=failed&queue=default").await;
    assert!(page.contains("1,200 jobs retried."), "{page}");
    assert_eq!(plain::count(&*stage.store, State::Ready).await, 1200);
    assert_eq!(plain::count(&*stage.store, State::Failed).await, 1);

    let heard = heard.lock().unwrap();
    let [action] = heard.as_slice() else { panic!("{heard:?}") };
    assert_eq!((action.verb, action.touched), ("retry", 1200));
    assert_eq!(action.object, "all failed jobs in the queue default");
}

#[tokio::test]
async fn all_of_a_state_are_discarded_or_rescheduled() {
    let stage = Stage::open();
    failed(&stage, 9).await;
    let page = stage.done("/bulk/discard", "state=failed").await;
    assert!(page.contains("10 jobs discarded."), "{page}");
    stage.later(20).await;
    let page = stage.done("/bulk/reschedule", "state=scheduled&in=2&unit=days").await;
    assert!(page.contains("1 jobs rescheduled."), "{page}");
    let job = stage.store.inspect().unwrap().find(id(20)).await.unwrap().unwrap();
    assert_eq!(job.due_at.to_string(), "2026-01-03T00:00:00.000000Z");
}

#[tokio::test]
async fn without_a_state_in_which_it_can_be_nothing_is_done() {
    let stage = Stage::open();
    failed(&stage, 3).await;
    for (path, fields) in
        [("/bulk/retry", "queue=default"), ("/bulk/discard", "state=finished"), ("/bulk/retry", "state=claimed")]
    {
        assert_eq!(stage.submit(path, fields).await.status, StatusCode::BAD_REQUEST, "{path} {fields}");
        let told = stage.send(Asked::page(&format!("{path}?{fields}"))).await;
        assert_eq!(told.status, StatusCode::BAD_REQUEST, "{path} {fields}");
    }
    assert_eq!(stage.submit("/bulk/forget", "state=failed").await.status, StatusCode::NOT_FOUND);
    assert_eq!(plain::count(&*stage.store, State::Failed).await, 4);
}

#[tokio::test]
async fn where_nothing_matches_there_is_nothing_to_confirm() {
    let stage = Stage::open();
    let page = stage.page("/bulk/retry?state=failed").await;
    assert!(words(&page).contains("Retry 0 jobs?") && !page.contains("method=\"post\""), "{page}");
}

#[tokio::test]
async fn a_sweep_that_nobody_knows_is_not_there() {
    let stage = Stage::open();
    for path in ["/sweeps/1", "/sweeps/x"] {
        assert_eq!(stage.send(Asked::page(path)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
