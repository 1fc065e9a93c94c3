//! Recurring tasks.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use jobs_core::{
    Claim, Decision, Enqueued, ErrorRecord, JobId, NewJob, RecurringTask, RecurringTasks, Store, StoreFuture, Tick,
};
use jobs_memory::MemoryStore;
use jobs_testing::plain::{ME, id};
use jobs_testing::{ManualClock, PassThrough, PassThroughStore};
use serde_json::{Value, json};

use crate::fixture::{Fixture, TestRequest, text};
use crate::fixture_jobs::SCRIPT;

/// Two tasks: one whose last tick was at midnight, and one that is paused.
async fn declared(fixture: &Fixture) -> JobId {
    let mut nightly = RecurringTask::new("nightly", "cleanup", "0 2 * * *");
    (nightly.zone, nightly.description) = (Some("Europe/Berlin".into()), Some("Forgets old carts".into()));
    nightly.arguments = r#"{"days":30}"#.into();
    let often = RecurringTask::new("often", "poll", "*/5 * * * *");
    let recurring = fixture.store.recurring().unwrap();
    recurring.declare(&[nightly, often]).await.unwrap();
    let at = "2026-01-02T01:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().into();
    fixture.clock.set(at);
    let mut job = NewJob::new(id(1), "cleanup", r#"{"days":30}"#);
    (job.queue, job.priority) = ("shop_nights".into(), 7);
    let tick = Tick::new("nightly", at, Some(job));
    let _ticked = recurring.tick(&tick).await.unwrap();
    recurring.pause_task("often").await.unwrap();
    id(1)
}

#[tokio::test]
async fn tasks_are_shown_with_their_next_and_their_last_tick() {
    let fixture = Fixture::open();
    assert!(fixture.page("/recurring").await.contains("No program has declared"));
    let last = declared(&fixture).await;
    let page = fixture.page("/recurring").await;
    let text = text(&page);
    for part in ["Forgets old carts", "(Europe/Berlin)", "0 2 * * *", "in 1d 0h", "0s ago", "paused", "Resume"] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    assert!(page.contains(&format!("/jobs/{last}\"")), "{page}");
}

#[tokio::test]
async fn a_task_is_paused_and_resumed() {
    let fixture = Fixture::open();
    declared(&fixture).await;
    let page = fixture.done("/recurring/pause", "key=nightly").await;
    assert!(page.contains("The task nightly is paused"), "{page}");
    let page = fixture.done("/recurring/resume", "key=often").await;
    assert!(page.contains("The task often is resumed."), "{page}");
    let list = fixture.store.recurring().unwrap().tasks().await.unwrap();
    assert_eq!(list.tasks.iter().map(|record| record.paused).collect::<Vec<_>>(), [true, false]);
    for fields in ["key=never", "key="] {
        let status = fixture.submit("/recurring/pause", fields).await.status;
        assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST), "{fields}: {status}");
    }
}

#[tokio::test]
async fn a_task_that_is_run_now_enqueues_its_job_into_the_queue_of_the_last_one() {
    let fixture = Fixture::open();
    declared(&fixture).await;
    let response = fixture.submit("/recurring/run", "key=nightly").await;
    let id = response.header("location").strip_prefix("/jobs/").unwrap().parse().unwrap();
    let job = fixture.store.inspect().unwrap().find(id).await.unwrap().unwrap();
    assert_eq!((job.name.as_str(), job.arguments.as_str()), ("cleanup", r#"{"days":30}"#));
    assert_eq!((job.queue.as_str(), job.priority), ("shop_nights", 7));
    let list = fixture.store.recurring().unwrap().tasks().await.unwrap();
    assert_eq!(list.find("nightly").unwrap().last_job, Some(jobs_testing::plain::id(1)), "a manual run is not a tick");
}

#[tokio::test]
async fn a_read_only_dashboard_runs_no_task() {
    let fixture = Fixture::with(|it| it.without_authentication().read_only());
    declared(&fixture).await;
    assert!(!fixture.page("/recurring").await.contains("method=\"post\""));
    assert_eq!(fixture.submit("/recurring/run", "key=nightly").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_texts_of_a_task_are_escaped() {
    let fixture = Fixture::open();
    let mut task = RecurringTask::new(SCRIPT, SCRIPT, "@daily");
    task.description = Some(SCRIPT.into());
    fixture.store.recurring().unwrap().declare(&[task]).await.unwrap();
    let page = fixture.page("/recurring").await;
    assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"), "{page}");
}

#[tokio::test]
async fn the_api_lists_and_runs_tasks() {
    let fixture = Fixture::open();
    declared(&fixture).await;
    let read = |body: &str| serde_json::from_str::<Value>(body).unwrap();
    let tasks = read(&fixture.page("/api/recurring").await);
    assert_eq!((&tasks[0]["key"], &tasks[0]["next_tick"]), (&json!("nightly"), &json!("2026-01-03T01:00:00.000000Z")));
    assert_eq!(tasks[1]["paused"], true);
    let act = async |path: &str| {
        let body = json!({ "key": "nightly" }).to_string();
        let request = TestRequest::page(path).method(Method::POST).header("jobs-request", "1").body(&body);
        fixture.send(request).await
    };
    assert_eq!(act("/api/recurring/run").await.status, StatusCode::CREATED);
    assert_eq!(read(&act("/api/recurring/pause").await.body)["changed"], true);
    assert_eq!(read(&act("/api/recurring/resume").await.body)["changed"], true);
}

#[tokio::test]
async fn a_task_with_an_unknown_queue_is_run_only_by_its_own_program() {
    let fixture = Fixture::open();
    declared(&fixture).await;
    let response = fixture.submit("/recurring/run", "key=often").await;
    assert_eq!(response.status, StatusCode::BAD_REQUEST);
    assert!(response.body.contains("by the program that has it"), "{}", response.body);

    let owned = Fixture::over(fixture.store.clone(), fixture.clock.clone(), |it| {
        it.without_authentication().recurring_by(|task| async move {
            assert_eq!(task.job, "poll");
            Ok(Enqueued::Duplicate { of: id(1) })
        })
    });
    let page = owned.done("/recurring/run", "key=often").await;
    assert!(page.contains("The job is unique and already enqueued."), "{page}");
}

#[tokio::test]
async fn a_task_has_a_page_with_its_next_ticks_in_its_zone_and_how_the_last_ones_ended() {
    let fixture = Fixture::open();
    declared(&fixture).await;
    let recurring = fixture.store.recurring().unwrap();
    let task = recurring.tasks().await.unwrap().find("nightly").unwrap().task.clone();
    let mut jobs = Vec::new();
    for day in ["2026-01-03T01:00:00Z", "2026-01-04T01:00:00Z", "2026-01-05T01:00:00Z"] {
        let at = day.parse::<chrono::DateTime<chrono::Utc>>().unwrap().into();
        fixture.clock.set(at);
        let job = (!day.contains("-04T")).then(|| NewJob::new(task.job_id(at), "cleanup", "{}"));
        jobs.extend(job.as_ref().map(|job| job.id));
        let _ticked = recurring.tick(&Tick::new("nightly", at, job)).await.unwrap();
    }
    let claimed = fixture.store.claim(&Claim::all(ME, 9)).await.unwrap();
    let execution = claimed.into_iter().find(|execution| execution.id() == jobs[0]).unwrap();
    let error = ErrorRecord::new("shop::carts::Locked", "the cart is locked");
    let _settled = fixture.store.settle(&[execution.settle(Decision::Fail { meta: None, error })]).await.unwrap();

    let page = fixture.page("/recurring").await;
    assert!(page.contains("/recurring/task?key=nightly\"") && page.contains("Tue 2026-01-06 02:00 CET"), "{page}");
    let page = fixture.page("/recurring/task?key=nightly").await;
    assert!(jobs.iter().all(|job| page.contains(&format!("/jobs/{job}\""))), "{page}");
    let text = text(&page);
    for part in [
        "Next ticks Tue 2026-01-06 02:00 CET in 1d 0h",
        "Last ticks Mon 2026-01-05 02:00 CET claimed",
        "Sun 2026-01-04 02:00 CET No job is stored",
        "Sat 2026-01-03 02:00 CET failed shop::Locked: the cart is locked",
    ] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    assert_eq!(fixture.send(TestRequest::page("/recurring/task?key=never")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(fixture.send(TestRequest::page("/recurring/task")).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_last_tick_is_shown_also_after_its_job_was_deleted() {
    let fixture = Fixture::open();
    declared(&fixture).await;
    let execution = fixture.store.claim(&Claim::all(ME, 1)).await.unwrap().pop().unwrap();
    let _settled = fixture.store.settle(&[execution.settle(Decision::Finish { keep: false })]).await.unwrap();
    let shown = fixture.text("/recurring/task?key=nightly").await;
    assert!(shown.contains("Last ticks Fri 2026-01-02 02:00 CET No job is stored"), "{shown}");
    let mut task = RecurringTask::new("nightly", "cleanup", "30 4 * * *");
    task.zone = Some("Europe/Berlin".into());
    fixture.store.recurring().unwrap().declare(&[task]).await.unwrap();
    let shown = fixture.text("/recurring/task?key=nightly").await;
    assert!(shown.contains("Last ticks Fri 2026-01-02 02:00 CET No job is stored"), "of the schedule before: {shown}");
    assert!(fixture.text("/recurring/task?key=often").await.contains("No tick has been taken yet."));
}

/// A store whose tasks are kept by other software.
struct OfRuby(MemoryStore);

impl PassThrough for OfRuby {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn tasks(&self) -> StoreFuture<'_, RecurringTasks> {
        Box::pin(async move {
            let mut list = self.0.recurring().expect("it keeps tasks").tasks().await?;
            list.tasks.iter_mut().for_each(|record| record.source = Some("sidekiq-cron".to_owned()));
            Ok(list)
        })
    }
}

#[tokio::test]
async fn a_task_of_other_software_is_shown_with_its_source_and_not_changed() {
    let clock = ManualClock::new();
    let store = PassThroughStore(OfRuby(MemoryStore::new(Arc::new(clock.clone()))));
    let fixture = Fixture::over(Arc::new(store), clock, jobs_dashboard::Dashboard::without_authentication);
    declared(&fixture).await;
    for path in ["/recurring", "/recurring/task?key=nightly"] {
        let page = fixture.page(path).await;
        assert!(page.contains("sidekiq-cron") && !page.contains("Run now"), "{path}: {page}");
    }
    for action in ["run", "pause", "resume"] {
        let response = fixture.submit(&format!("/recurring/{action}"), "key=nightly").await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST, "{action}");
        assert!(response.body.contains("sidekiq-cron"), "{}", response.body);
    }
    let shown: Value = serde_json::from_str(&fixture.page("/api/recurring").await).unwrap();
    assert_eq!(shown[0]["source"], json!("sidekiq-cron"));
}
