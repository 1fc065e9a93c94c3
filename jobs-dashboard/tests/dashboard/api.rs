//! The JSON API.

use axum::http::StatusCode;
use jobs_core::State;
use jobs_testing::plain::{self, id};
use serde_json::{Value, json};

use crate::fixture::{Fixture, TestRequest, TestResponse};

fn read(response: &TestResponse) -> Value {
    assert_eq!(response.header("content-type"), "application/json", "{}", response.body);
    serde_json::from_str(&response.body).unwrap()
}

async fn get(fixture: &Fixture, path: &str) -> Value {
    let response = fixture.send(TestRequest::page(path)).await;
    assert_eq!(response.status, StatusCode::OK, "{}", response.body);
    read(&response)
}

fn post(path: &str, body: &Value) -> TestRequest {
    TestRequest::page(path).method(axum::http::Method::POST).header("jobs-request", "1").body(body.to_string())
}

#[tokio::test]
async fn the_api_returns_what_the_pages_show() {
    let fixture = Fixture::open();
    fixture.fail(1, "shop::Bounced", "no such address").await;
    fixture.enqueue(2, |_| {}).await;
    let stats = get(&fixture, "/api/stats").await;
    assert_eq!(
        (&stats["failed"], &stats["ready"], &stats["queues"][0]["queue"]),
        (&json!(1), &json!(1), &json!("mail"))
    );
    let jobs = get(&fixture, "/api/jobs?state=failed").await;
    assert_eq!(jobs["jobs"].as_array().unwrap().len(), 1);
    assert_eq!((&jobs["jobs"][0]["job"], &jobs["older"]), (&json!("send_mail"), &Value::Null));
    let job = get(&fixture, &format!("/api/jobs/{}", id(1))).await;
    assert_eq!(job["errors"][0]["causes"][0], "no route to host");
    assert_eq!(job["shown_arguments"], Value::Null, "the job is unknown, so every argument may be secret");
    assert_eq!(get(&fixture, "/api/queues").await[0]["ready"], 1);
    assert_eq!(get(&fixture, "/api/processes").await, json!([]));
}

#[tokio::test]
async fn pages_of_jobs_point_to_their_neighbours() {
    let fixture = Fixture::open();
    plain::enqueue(&*fixture.store, 0..5).await;
    let first = get(&fixture, "/api/jobs?limit=3").await;
    let older = first["older"].as_str().unwrap();
    let second = get(&fixture, &format!("/api/jobs?limit=3&before={older}")).await;
    let ids = |page: &Value| page["jobs"].as_array().unwrap().iter().map(|job| job["id"].clone()).collect::<Vec<_>>();
    let all: Vec<_> = (0..5).rev().map(|number| json!(id(number).to_string())).collect();
    assert_eq!([ids(&first), ids(&second)].concat(), all);
    assert_eq!((&first["newer"], &second["older"]), (&Value::Null, &Value::Null));
    let newer = second["newer"].as_str().unwrap();
    let back = get(&fixture, &format!("/api/jobs?limit=3&after={newer}")).await;
    assert_eq!(ids(&back), ids(&first));
    for limit in ["0", "1001", "many", "-1"] {
        let response = fixture.send(TestRequest::page(&format!("/api/jobs?limit={limit}"))).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST, "{limit}");
    }
}

#[tokio::test]
async fn the_api_changes_what_the_pages_can_change() {
    let fixture = Fixture::open();
    let (failed, later) = (fixture.fail(1, "Bounced", "no").await, fixture.schedule(2).await);
    let response = fixture.send(post(&format!("/api/jobs/{failed}/retry"), &json!({}))).await;
    assert_eq!((response.status, read(&response)["changed"].clone()), (StatusCode::OK, json!(true)));
    assert_eq!(fixture.state(failed).await, State::Ready);
    let response = fixture.send(post(&format!("/api/jobs/{later}/reschedule"), &json!({ "in": 86400 }))).await;
    assert_eq!(response.status, StatusCode::OK, "{}", response.body);
    let response = fixture.send(post(&format!("/api/jobs/{later}/discard"), &json!({}))).await;
    assert_eq!(response.status, StatusCode::OK);
    let response = fixture.send(post(&format!("/api/jobs/{later}/discard"), &json!({}))).await;
    assert_eq!(response.status, StatusCode::CONFLICT);
    assert!(read(&response)["why"].as_str().unwrap().contains("discarded"));
    let response = fixture.send(post("/api/queues/pause", &json!({ "queue": "mail" }))).await;
    assert_eq!(read(&response), json!({ "queue": "mail", "paused": true, "changed": true }));
}

#[tokio::test]
async fn the_api_starts_a_bulk_action_and_returns_its_progress() {
    let fixture = Fixture::open();
    for number in 0..3 {
        fixture.fail(number, "Bounced", "no").await;
    }
    let response = fixture.send(post("/api/bulk/discard?state=failed", &json!({}))).await;
    assert_eq!(response.status, StatusCode::ACCEPTED, "{}", response.body);
    let path = format!("/api/bulk-actions/{}", read(&response)["bulk_action"]);
    // The bulk action runs in its own task, which needs a turn.
    let mut progress = get(&fixture, &path).await;
    while progress["ended"] == json!(false) {
        tokio::task::yield_now().await;
        progress = get(&fixture, &path).await;
    }
    assert_eq!((&progress["changed"], &progress["error"]), (&json!(3), &Value::Null));
    assert_eq!(plain::count(&*fixture.store, State::Discarded).await, 3);
}

#[tokio::test]
async fn a_request_without_the_header_changes_nothing_even_with_a_token() {
    let fixture = Fixture::open();
    let failed = fixture.fail(1, "Bounced", "no").await;
    let path = format!("/api/jobs/{failed}/retry");
    for request in [TestRequest::form(&path, ""), post(&path, &json!({})).header("sec-fetch-site", "cross-site")] {
        let response = fixture.send(request).await;
        assert_eq!(response.status, StatusCode::FORBIDDEN);
        assert!(read(&response)["error"].is_string());
    }
    assert_eq!(fixture.state(failed).await, State::Failed);
}

#[tokio::test]
async fn mistakes_of_api_clients_are_explained() {
    let fixture = Fixture::open();
    for (path, body, status) in [
        ("/api/queues/pause", json!({}), StatusCode::BAD_REQUEST),
        ("/api/queues/pause", json!([1]), StatusCode::BAD_REQUEST),
        ("/api/queues/pause", json!({ "queue": ["mail"] }), StatusCode::BAD_REQUEST),
        ("/api/bulk/retry?state=lost", json!({}), StatusCode::BAD_REQUEST),
        ("/api/bulk/forget?state=failed", json!({}), StatusCode::NOT_FOUND),
        ("/api/jobs/7/retry", json!({}), StatusCode::NOT_FOUND),
    ] {
        let response = fixture.send(post(path, &body)).await;
        assert_eq!(response.status, status, "{path} {body}: {}", response.body);
        assert!(!read(&response)["error"].as_str().unwrap().is_empty(), "{path}");
    }
}
