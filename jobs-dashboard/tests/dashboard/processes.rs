//! Processes that are asked to be quiet, to stop or to cancel a job.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use jobs_core::{Claim, Decision, HeartbeatReply, JobId, Process, ProcessDetails, ProcessId, ProcessOrder};
use jobs_testing::plain::ME;
use jobs_testing::{PassThrough, PassThroughStore};
use serde_json::{Value, json};

use crate::fixture::{Fixture, TestRequest, text};

fn worker(id: ProcessId, name: &str) -> Process {
    Process::new(id, name, "host-a", 4711)
}

async fn beat(fixture: &Fixture) -> HeartbeatReply {
    fixture.store.heartbeat(&worker(ME, "worker-1")).await.unwrap()
}

#[tokio::test]
async fn a_process_is_made_quiet_and_stopped_from_the_page() {
    let fixture = Fixture::open();
    let _alive = beat(&fixture).await;
    let page = fixture.done("/processes/quiet", &format!("process={ME}")).await;
    assert!(page.contains("The process worker-1 is asked to claim no more jobs"), "{page}");
    assert!(!page.contains("/processes/quiet\"") && page.contains("/processes/stop\""), "{page}");
    assert_eq!(beat(&fixture).await, HeartbeatReply::Asked(ProcessOrder::Quiet));
    let page = fixture.done("/processes/stop", &format!("process={ME}")).await;
    assert!(text(&page).contains("stopping") && !page.contains("/processes/stop\""), "{page}");
    assert_eq!(beat(&fixture).await, HeartbeatReply::Asked(ProcessOrder::Stop));
    let page = fixture.done("/processes/stop", &format!("process={ME}")).await;
    assert!(page.contains("was asked already"), "{page}");
}

#[tokio::test]
async fn the_api_asks_a_process_by_its_name_or_its_id() {
    let fixture = Fixture::open();
    let _alive = beat(&fixture).await;
    let post = async |path: &str, body: Value| {
        let request = TestRequest::page(path).method(Method::POST).header("jobs-request", "1");
        fixture.send(request.header("content-type", "application/json").body(body.to_string())).await
    };
    let response = post("/api/processes/quiet", json!({"process": "worker-1"})).await;
    assert_eq!(response.status, StatusCode::OK, "{}", response.body);
    assert_eq!(response.body, r#"{"process":"worker-1","asked":"quiet","changed":true}"#);
    let response = post("/api/processes/stop", json!({"process": "worker-2"})).await;
    assert_eq!(response.status, StatusCode::NOT_FOUND);
    assert!(response.body.contains("there is `worker-1`"), "{}", response.body);
    let _twin = fixture.store.heartbeat(&worker(ProcessId::new(8), "worker-1")).await.unwrap();
    let response = post("/api/processes/stop", json!({"process": "worker-1"})).await;
    assert!(response.body.contains("2 processes are named `worker-1`"), "{}", response.body);
    assert_eq!(beat(&fixture).await, HeartbeatReply::Asked(ProcessOrder::Quiet), "nothing else was asked");
}

#[tokio::test]
async fn a_process_shows_for_how_long_its_jobs_run() {
    let fixture = Fixture::open();
    let _alive = beat(&fixture).await;
    fixture.enqueue(1, |_| {}).await;
    let _running = fixture.store.claim(&Claim::all(ME, 1)).await.unwrap();
    fixture.clock.advance(Duration::from_secs(99));
    let text = fixture.text("/processes").await;
    assert!(text.contains("send_mail mail for 1m 39s"), "{text}");
}

#[tokio::test]
async fn the_job_that_runs_longest_comes_first_and_its_time_is_that_of_the_process() {
    let fixture = Fixture::open();
    let _alive = beat(&fixture).await;
    fixture.enqueue(2, |job| job.queue = "stuck".into()).await;
    let _running = fixture.store.claim(&Claim::all(ME, 1)).await.unwrap();
    fixture.clock.advance(Duration::from_secs(60));
    fixture.enqueue(1, |_| {}).await;
    let _running = fixture.store.claim(&Claim::all(ME, 1)).await.unwrap();
    fixture.clock.advance(Duration::from_secs(39));
    let shown = fixture.text("/processes").await;
    assert!(shown.contains("Claimed Oldest runs for") && shown.contains(" 2 1m 39s running"), "{shown}");
    assert!(shown.contains("send_mail stuck for 1m 39s figures send_mail mail for 39.0s"), "{shown}");
}

#[tokio::test]
async fn a_process_shows_its_slots_its_queues_and_its_version() {
    let fixture = Fixture::open();
    let mut process = worker(ME, "worker-1");
    let queues = (1..=10).map(|number| format!("queue_{number}"));
    process.details = ProcessDetails::new(10, queues, Some("1.2.3".to_owned()));
    let _alive = fixture.store.heartbeat(&process).await.unwrap();
    fixture.enqueue(1, |_| {}).await;
    let _running = fixture.store.claim(&Claim::all(ME, 1)).await.unwrap();
    let text = fixture.text("/processes").await;
    assert!(text.contains("1 of 10 queue_1, queue_2,") && text.contains("queue_8 and 2 more 1.2.3"), "{text}");
    let answer: Value = serde_json::from_str(&fixture.page("/api/processes").await).unwrap();
    let first = &answer[0];
    assert_eq!((&first["busy"], &first["slots"], &first["version"]), (&json!(1), &json!(10), &json!("1.2.3")));
    assert_eq!((first["queues"][9].as_str(), first["running_since"].is_string()), (Some("queue_10"), true));
}

#[tokio::test]
async fn what_no_process_says_has_no_column() {
    let fixture = Fixture::open();
    let _alive = beat(&fixture).await;
    let text = fixture.text("/processes").await;
    assert!(text.contains("worker-1") && !text.contains("Busy slots") && !text.contains("Version"), "{text}");
}

#[tokio::test]
async fn a_job_that_runs_is_cancelled_from_its_page() {
    let fixture = Fixture::open();
    let _alive = beat(&fixture).await;
    let id = fixture.enqueue(1, |_| {}).await;
    assert!(!fixture.page(&format!("/jobs/{id}")).await.contains("/cancel\""), "a job that waits is discarded");
    let running = fixture.store.claim(&Claim::all(ME, 1)).await.unwrap().pop().unwrap();
    assert!(fixture.page(&format!("/jobs/{id}")).await.contains(&format!("/jobs/{id}/cancel\"")));
    let page = fixture.done(&format!("/jobs/{id}/cancel"), "").await;
    assert!(page.contains("The process worker-1 is asked to cancel the job"), "{page}");
    assert_eq!(fixture.store.process_orders().unwrap().cancelled(ME).await.unwrap(), [id]);
    let _settled = fixture.store.settle(&[running.settle(Decision::Finish { keep: true })]).await.unwrap();
    let page = fixture.done(&format!("/jobs/{id}/cancel"), "").await;
    assert!(page.contains("Nothing was changed: the job is finished."), "{page}");
}

#[tokio::test]
async fn the_api_cancels_a_job_wherever_it_is() {
    let fixture = Fixture::open();
    let id = fixture.enqueue(1, |_| {}).await;
    let _running = fixture.store.claim(&Claim::all(ME, 1)).await.unwrap();
    let waiting = fixture.enqueue(2, |_| {}).await;
    let cancel = async |id: JobId| {
        let request = TestRequest::page(&format!("/api/jobs/{id}/cancel")).method(Method::POST);
        fixture.send(request.header("jobs-request", "1")).await
    };
    let response = cancel(id).await;
    assert_eq!(response.status, StatusCode::CONFLICT);
    assert!(response.body.contains("has ended. The job becomes ready again."), "{}", response.body);
    let _alive = beat(&fixture).await;
    let response = cancel(id).await;
    assert_eq!(response.status, StatusCode::ACCEPTED);
    assert_eq!(response.body, r#"{"changed":false,"asked":"worker-1","why":null}"#);
    let response = cancel(waiting).await;
    assert_eq!((response.status, &*response.body), (StatusCode::OK, r#"{"changed":true,"asked":null,"why":null}"#));
    assert_eq!(cancel(JobId::from_bytes([9; 16])).await.status, StatusCode::NOT_FOUND);
}

/// A store that cannot reach its processes.
struct OutOfReach(jobs_memory::MemoryStore);

impl PassThrough for OutOfReach {
    fn inner(&self) -> &dyn jobs_core::Store {
        &self.0
    }

    fn process_orders(&self) -> Option<&dyn jobs_core::ProcessOrders> {
        None
    }
}

#[tokio::test]
async fn a_store_that_cannot_reach_its_processes_has_no_buttons_for_them() {
    let clock = jobs_testing::ManualClock::new();
    let store = PassThroughStore(OutOfReach(jobs_memory::MemoryStore::new(std::sync::Arc::new(clock.clone()))));
    let fixture = Fixture::over(std::sync::Arc::new(store), clock, jobs_dashboard::Dashboard::without_authentication);
    let _alive = beat(&fixture).await;
    let page = fixture.page("/processes").await;
    assert!(page.contains("worker-1") && !page.contains("<form"), "{page}");
    let id = fixture.enqueue(1, |_| {}).await;
    let _running = fixture.store.claim(&Claim::all(ME, 1)).await.unwrap();
    assert!(!fixture.page(&format!("/jobs/{id}")).await.contains("/cancel\""), "its process cannot be asked");
    let page = fixture.done(&format!("/jobs/{id}/cancel"), "").await;
    assert!(page.contains("cannot be asked through this store"), "{page}");
    let response = fixture.submit("/processes/stop", &format!("process={ME}")).await;
    assert_eq!(response.status, StatusCode::BAD_REQUEST);
    assert!(response.body.contains("SIGTERM"), "{}", response.body);
}
