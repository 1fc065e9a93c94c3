//! Recurring tasks.

use axum::http::{Method, StatusCode};
use jobs_core::{Enqueued, JobId, NewJob, RecurringTask, Tick};
use jobs_testing::plain::id;
use serde_json::{Value, json};

use crate::stage::{Asked, Stage, words};
use crate::store::SCRIPT;

/// Two tasks: one whose last tick was at midnight, and one that is paused.
async fn declared(stage: &Stage) -> JobId {
    let mut nightly = RecurringTask::new("nightly", "cleanup", "0 2 * * *");
    (nightly.zone, nightly.description) = (Some("Europe/Berlin".into()), Some("Forgets old carts".into()));
    nightly.arguments = r#"{"days":30}"#.into();
    let often = RecurringTask::new("often", "poll", "*/5 * * * *");
    let recurring = stage.store.recurring().unwrap();
    recurring.declare(&[nightly, often]).await.unwrap();
    let at = "2026-01-02T01:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().into();
    stage.clock.set(at);
    let mut job = NewJob::new(id(1), "cleanup", r#"{"days":30}"#);
    (job.queue, job.priority) = ("shop_nights".into(), 7);
    let tick = Tick::new("nightly", at, Some(job));
    let _ticked = recurring.tick(&tick).await.unwrap();
    recurring.pause_task("often").await.unwrap();
    id(1)
}

#[tokio::test]
async fn tasks_are_shown_with_their_next_and_their_last_tick() {
    let stage = Stage::open();
    assert!(stage.page("/recurring").await.contains("No program has declared"));
    let last = declared(&stage).await;
    let page = stage.page("/recurring").await;
    let words = words(&page);
    for text in ["Forgets old carts", "(Europe/Berlin)", "0 2 * * *", "in 24h", "0s ago", "paused", "Resume"] {
        assert!(words.contains(text), "{text} is not in: {words}");
    }
    assert!(page.contains(&format!("/jobs/{last}\"")), "{page}");
}

#[tokio::test]
async fn a_task_is_paused_and_resumed() {
    let stage = Stage::open();
    declared(&stage).await;
    let page = stage.done("/recurring/pause", "key=nightly").await;
    assert!(page.contains("The task nightly is paused"), "{page}");
    let page = stage.done("/recurring/resume", "key=often").await;
    assert!(page.contains("The task often recurs again."), "{page}");
    let agenda = stage.store.recurring().unwrap().tasks().await.unwrap();
    assert_eq!(agenda.tasks.iter().map(|record| record.paused).collect::<Vec<_>>(), [true, false]);
    for fields in ["key=never", "key="] {
        let status = stage.submit("/recurring/pause", fields).await.status;
        assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST), "{fields}: {status}");
    }
}

#[tokio::test]
async fn a_task_that_is_run_now_enqueues_its_job_where_its_last_one_was() {
    let stage = Stage::open();
    declared(&stage).await;
    let told = stage.submit("/recurring/run", "key=nightly").await;
    let id = told.header("location").strip_prefix("/jobs/").unwrap().parse().unwrap();
    let job = stage.store.inspect().unwrap().find(id).await.unwrap().unwrap();
    assert_eq!((job.name.as_str(), job.arguments.as_str()), ("cleanup", r#"{"days":30}"#));
    assert_eq!((job.queue.as_str(), job.priority), ("shop_nights", 7));
    let agenda = stage.store.recurring().unwrap().tasks().await.unwrap();
    assert_eq!(agenda.find("nightly").unwrap().last_job, Some(jobs_testing::plain::id(1)), "it is no tick");
}

#[tokio::test]
async fn a_dashboard_that_is_read_only_runs_no_task() {
    let stage = Stage::with(|it| it.without_authentication().read_only());
    declared(&stage).await;
    assert!(!stage.page("/recurring").await.contains("method=\"post\""));
    assert_eq!(stage.submit("/recurring/run", "key=nightly").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_a_task_says_is_escaped() {
    let stage = Stage::open();
    let mut task = RecurringTask::new(SCRIPT, SCRIPT, "@daily");
    task.description = Some(SCRIPT.into());
    stage.store.recurring().unwrap().declare(&[task]).await.unwrap();
    let page = stage.page("/recurring").await;
    assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"), "{page}");
}

#[tokio::test]
async fn a_program_sees_and_runs_tasks_too() {
    let stage = Stage::open();
    declared(&stage).await;
    let read = |body: &str| serde_json::from_str::<Value>(body).unwrap();
    let tasks = read(&stage.page("/api/recurring").await);
    assert_eq!((&tasks[0]["key"], &tasks[0]["next_tick"]), (&json!("nightly"), &json!("2026-01-03T01:00:00.000000Z")));
    assert_eq!(tasks[1]["paused"], true);
    let act = async |path: &str| {
        let body = json!({ "key": "nightly" }).to_string();
        let asked = Asked::page(path).method(Method::POST).header("jobs-request", "1").body(&body);
        stage.send(asked).await
    };
    assert_eq!(act("/api/recurring/run").await.status, StatusCode::CREATED);
    assert_eq!(read(&act("/api/recurring/pause").await.body)["changed"], true);
    assert_eq!(read(&act("/api/recurring/resume").await.body)["changed"], true);
}

#[tokio::test]
async fn a_task_whose_jobs_go_nobody_knows_where_is_run_by_its_program_alone() {
    let stage = Stage::open();
    declared(&stage).await;
    let told = stage.submit("/recurring/run", "key=often").await;
    assert_eq!(told.status, StatusCode::BAD_REQUEST);
    assert!(told.body.contains("by the program that has it"), "{}", told.body);

    let owned = Stage::over(stage.store.clone(), stage.clock.clone(), |it| {
        it.without_authentication().recurring_by(|task| async move {
            assert_eq!(task.job, "poll");
            Ok(Enqueued::Duplicate { of: id(1) })
        })
    });
    let page = owned.done("/recurring/run", "key=often").await;
    assert!(page.contains("It is there already: it is unique."), "{page}");
}
