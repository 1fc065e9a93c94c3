//! The same for programs.

use axum::http::StatusCode;
use jobs_core::State;
use jobs_testing::plain::{self, id};
use serde_json::{Value, json};

use crate::stage::{Asked, Stage, Told};

fn read(told: &Told) -> Value {
    assert_eq!(told.header("content-type"), "application/json", "{}", told.body);
    serde_json::from_str(&told.body).unwrap()
}

async fn look(stage: &Stage, path: &str) -> Value {
    let told = stage.send(Asked::page(path)).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.body);
    read(&told)
}

fn act(path: &str, body: &Value) -> Asked {
    Asked::page(path).method(axum::http::Method::POST).header("jobs-request", "1").body(&body.to_string())
}

#[tokio::test]
async fn a_program_sees_what_a_person_sees() {
    let stage = Stage::open();
    stage.fail(1, "shop::Bounced", "no such address").await;
    stage.enqueue(2, |_| {}).await;
    let stats = look(&stage, "/api/stats").await;
    assert_eq!(
        (&stats["failed"], &stats["ready"], &stats["queues"][0]["queue"]),
        (&json!(1), &json!(1), &json!("mail"))
    );
    let jobs = look(&stage, "/api/jobs?state=failed").await;
    assert_eq!(jobs["jobs"].as_array().unwrap().len(), 1);
    assert_eq!((&jobs["jobs"][0]["job"], &jobs["older"]), (&json!("send_mail"), &Value::Null));
    let job = look(&stage, &format!("/api/jobs/{}", id(1))).await;
    assert_eq!(job["errors"][0]["causes"][0], "no route to host");
    assert_eq!(job["shown_arguments"], Value::Null, "nobody knows what is secret in them");
    assert_eq!(look(&stage, "/api/queues").await[0]["ready"], 1);
    assert_eq!(look(&stage, "/api/processes").await, json!([]));
}

#[tokio::test]
async fn pages_of_jobs_lead_to_the_next() {
    let stage = Stage::open();
    plain::enqueue(&*stage.store, 0..5).await;
    let first = look(&stage, "/api/jobs?limit=3").await;
    let older = first["older"].as_str().unwrap();
    let second = look(&stage, &format!("/api/jobs?limit=3&before={older}")).await;
    let ids = |page: &Value| page["jobs"].as_array().unwrap().iter().map(|job| job["id"].clone()).collect::<Vec<_>>();
    let all: Vec<_> = (0..5).rev().map(|number| json!(id(number).to_string())).collect();
    assert_eq!([ids(&first), ids(&second)].concat(), all);
    assert_eq!((&first["newer"], &second["older"]), (&Value::Null, &Value::Null));
    let newer = second["newer"].as_str().unwrap();
    let back = look(&stage, &format!("/api/jobs?limit=3&after={newer}")).await;
    assert_eq!(ids(&back), ids(&first));
    for limit in ["0", "1001", "many", "-1"] {
        let told = stage.send(Asked::page(&format!("/api/jobs?limit={limit}"))).await;
        assert_eq!(told.status, StatusCode::BAD_REQUEST, "{limit}");
    }
}

#[tokio::test]
async fn a_program_changes_what_a_person_can_change() {
    let stage = Stage::open();
    let (failed, later) = (stage.fail(1, "Bounced", "no").await, stage.later(2).await);
    let told = stage.send(act(&format!("/api/jobs/{failed}/retry"), &json!({}))).await;
    assert_eq!((told.status, read(&told)["changed"].clone()), (StatusCode::OK, json!(true)));
    assert_eq!(stage.state(failed).await, State::Ready);
    let told = stage.send(act(&format!("/api/jobs/{later}/reschedule"), &json!({ "in": 86400 }))).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.body);
    let told = stage.send(act(&format!("/api/jobs/{later}/discard"), &json!({}))).await;
    assert_eq!(told.status, StatusCode::OK);
    let told = stage.send(act(&format!("/api/jobs/{later}/discard"), &json!({}))).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(read(&told)["why"].as_str().unwrap().contains("discarded"));
    let told = stage.send(act("/api/queues/pause", &json!({ "queue": "mail" }))).await;
    assert_eq!(read(&told), json!({ "queue": "mail", "paused": true, "changed": true }));
}

#[tokio::test]
async fn a_program_changes_all_that_match_and_asks_how_far_that_is() {
    let stage = Stage::open();
    for number in 0..3 {
        stage.fail(number, "Bounced", "no").await;
    }
    let told = stage.send(act("/api/bulk/discard?state=failed", &json!({}))).await;
    assert_eq!(told.status, StatusCode::ACCEPTED, "{}", told.body);
    let path = format!("/api/sweeps/{}", read(&told)["sweep"]);
    // It is another task, which goes on while this one waits.
    let mut progress = look(&stage, &path).await;
    while progress["ended"] == json!(false) {
        tokio::task::yield_now().await;
        progress = look(&stage, &path).await;
    }
    assert_eq!((&progress["changed"], &progress["error"]), (&json!(3), &Value::Null));
    assert_eq!(plain::count(&*stage.store, State::Discarded).await, 3);
}

#[tokio::test]
async fn a_request_without_the_header_changes_nothing_whatever_token_it_has() {
    let stage = Stage::open();
    let failed = stage.fail(1, "Bounced", "no").await;
    let path = format!("/api/jobs/{failed}/retry");
    for asked in [Asked::form(&path, ""), act(&path, &json!({})).header("sec-fetch-site", "cross-site")] {
        let told = stage.send(asked).await;
        assert_eq!(told.status, StatusCode::FORBIDDEN);
        assert!(read(&told)["error"].is_string());
    }
    assert_eq!(stage.state(failed).await, State::Failed);
}

#[tokio::test]
async fn what_a_program_says_wrongly_is_answered_in_words() {
    let stage = Stage::open();
    for (path, body, status) in [
        ("/api/queues/pause", json!({}), StatusCode::BAD_REQUEST),
        ("/api/queues/pause", json!([1]), StatusCode::BAD_REQUEST),
        ("/api/queues/pause", json!({ "queue": ["mail"] }), StatusCode::BAD_REQUEST),
        ("/api/bulk/retry?state=lost", json!({}), StatusCode::BAD_REQUEST),
        ("/api/bulk/forget?state=failed", json!({}), StatusCode::NOT_FOUND),
        ("/api/jobs/7/retry", json!({}), StatusCode::NOT_FOUND),
    ] {
        let told = stage.send(act(path, &body)).await;
        assert_eq!(told.status, status, "{path} {body}: {}", told.body);
        assert!(!read(&told)["error"].as_str().unwrap().is_empty(), "{path}");
    }
}
