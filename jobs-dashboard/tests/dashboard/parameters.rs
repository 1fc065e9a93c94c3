//! Parameters: what an address does not take is refused, and nothing is changed.

use axum::http::{Method, StatusCode};
use jobs_core::State;
use jobs_testing::plain::{self, id};
use serde_json::{Value, json};

use crate::fixture::{Fixture, TestRequest, TestResponse};

fn post(path: &str, body: &str) -> TestRequest {
    TestRequest::page(path).method(Method::POST).header("jobs-request", "1").body(body)
}

/// Two failed jobs of different names and queues.
async fn failed() -> Fixture {
    let fixture = Fixture::open();
    fixture.fail(1, "Bounced", "no").await;
    let other = fixture.enqueue(2, |job| (job.name, job.queue) = ("secret".into(), "other".into())).await;
    fixture.fail_as(other, "no").await;
    fixture
}

#[track_caller]
fn assert_refused(response: &TestResponse, what: &str, words: &[&str]) {
    assert_eq!(response.status, StatusCode::BAD_REQUEST, "{what}: {}", response.body);
    for word in words {
        assert!(response.body.contains(word), "{what}: `{word}` is not in: {}", response.body);
    }
}

#[tokio::test]
async fn a_bulk_action_with_a_mistake_in_a_condition_changes_nothing() {
    let fixture = failed().await;
    for (query, words) in [
        ("state=failed&nmae=secret", ["`nmae` is not a parameter", "did you mean `name`?"]),
        ("state=failed&Queue=mail", ["`Queue` is not a parameter", "did you mean `queue`?"]),
        ("state=failed&foo", ["`foo` is not a parameter", "`queue`"]),
        ("state=failed&limit=1", ["`limit` is not a parameter", "`state`"]),
        ("state=failed&in=5", ["`in` is not a parameter", "`state`"]),
        ("state=failed&csrf_token=x", ["`csrf_token` is not a parameter", "`state`"]),
        ("state=failed&queue=", ["`queue` has no value", ""]),
        ("state=failed&queue", ["`queue` has no value", ""]),
        ("state=failed&name=%20", ["`name` has no value", ""]),
        ("state=failed&job=", ["`job` has no value", ""]),
        ("state=failed&queue=mail&queue=other", ["`queue` is given more than once", ""]),
        ("state=failed&&", ["empty parameter", "Give it a name"]),
        ("state=failed&", ["empty parameter", "Give it a name"]),
        ("&state=failed", ["empty parameter", "Give it a name"]),
        ("state=failed&&queue=mail", ["empty parameter", "Give it a name"]),
        ("state=failed&job=secret&name=secret", ["`name` (or `job`", "more than once"]),
    ] {
        let api = fixture.send(post(&format!("/api/bulk/discard?{query}"), "")).await;
        assert_refused(&api, query, &words);
        let page = fixture.send(TestRequest::page(&format!("/bulk/discard?{query}"))).await;
        assert_refused(&page, query, &words);
        if query != "state=failed&csrf_token=x" {
            assert_refused(&fixture.submit("/bulk/discard", query).await, query, &words);
        }
    }
    assert_eq!(plain::count(&*fixture.store, State::Failed).await, 2);
}

#[tokio::test]
async fn a_condition_acts_only_on_what_is_written_with_its_white_space() {
    let fixture = failed().await;
    for condition in
        ["text=%20o%20", "error=no%20", "queue=%20other", "queue=other%0A", "name=secret%09", "job=%20secret"]
    {
        let form = fixture.done("/bulk/discard", &format!("state=failed&{condition}")).await;
        assert!(form.contains("0 jobs discarded"), "{condition}: {form}");
        let list = fixture.page(&format!("/api/jobs?state=failed&{condition}")).await;
        assert_eq!(serde_json::from_str::<Value>(&list).unwrap()["jobs"], json!([]), "{condition}");
    }
    for body in [r#"{"queue": "other\n"}"#, r#"{"queue": " other"}"#] {
        assert_refused(&fixture.send(post("/api/queues/pause", body)).await, body, &["white space"]);
    }
    assert_refused(&fixture.submit("/queues/pause", "queue=other%0A").await, "form", &["white space"]);
    assert!(fixture.store.inspect().unwrap().queues().await.unwrap().iter().all(|queue| !queue.paused));
    assert_eq!(plain::count(&*fixture.store, State::Failed).await, 2);
    let list = fixture.page("/api/jobs?limit=%201%20&since=%202000-01-01T00:00%20").await;
    assert_eq!(serde_json::from_str::<Value>(&list).unwrap()["jobs"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_json_body_with_a_mistake_changes_nothing() {
    let fixture = failed().await;
    let failed = id(1);
    for (path, body) in [
        ("/api/bulk/discard?state=failed".to_owned(), r#"{"job": "secret"}"#),
        ("/api/bulk/discard".to_owned(), r#"{"state": "failed", "nmae": "secret"}"#),
        ("/api/bulk/discard".to_owned(), r#"{"state": "failed", "queue": null}"#),
        ("/api/bulk/discard".to_owned(), r#"{"state": "failed", "queue": ""}"#),
        ("/api/bulk/discard".to_owned(), r#"{"state": "failed", "queue": "mail", "queue": "other"}"#),
        ("/api/bulk/discard".to_owned(), r#"{"state": "failed", "job": "secret", "name": "secret"}"#),
        ("/api/bulk/discard".to_owned(), r#"{"state": "failed", "queue": ["mail"]}"#),
        (format!("/api/jobs/{failed}/discard"), r#"{"force": true}"#),
        (format!("/api/jobs/{failed}/discard?reason=x"), "{}"),
        (format!("/api/jobs/{failed}/reschedule?in=5"), r#"{"in": 5}"#),
        ("/api/queues/pause".to_owned(), r#"{"queue": "mail", "for": "1h"}"#),
        ("/api/queues/pause?queue=mail".to_owned(), r#"{"queue": "mail"}"#),
        ("/api/bulk-actions/1/stop?now=1".to_owned(), ""),
    ] {
        assert_refused(&fixture.send(post(&path, body)).await, &format!("{path} {body}"), &[]);
    }
    assert_eq!(plain::count(&*fixture.store, State::Failed).await, 2);
    assert!(fixture.store.inspect().unwrap().queues().await.unwrap().iter().all(|queue| !queue.paused));
}

#[tokio::test]
async fn job_is_another_word_for_the_name_of_a_job() {
    let fixture = failed().await;
    for query in ["job=secret", "name=secret"] {
        let page = fixture.page(&format!("/jobs?state=failed&{query}")).await;
        assert!(page.contains(&id(2).to_string()) && !page.contains(&id(1).to_string()), "{query}");
        let body = fixture.page(&format!("/api/jobs?{query}")).await;
        let jobs: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(jobs["jobs"].as_array().unwrap().len(), 1, "{query}");
    }
    for request in [
        post("/api/bulk/retry?state=failed&job=secret", ""),
        post("/api/bulk/discard", &json!({ "state": "ready", "job": "secret" }).to_string()),
    ] {
        let response = fixture.send(request).await;
        assert_eq!(response.status, StatusCode::ACCEPTED, "{}", response.body);
        let started: Value = serde_json::from_str(&response.body).unwrap();
        let path = format!("/api/bulk-actions/{}", started["bulk_action"]);
        while serde_json::from_str::<Value>(&fixture.page(&path).await).unwrap()["ended"] == json!(false) {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!((fixture.state(id(1)).await, fixture.state(id(2)).await), (State::Failed, State::Discarded));
}

#[tokio::test]
async fn every_address_refuses_parameters_that_it_does_not_take() {
    let fixture = failed().await;
    let (job, bulk) = (format!("/jobs/{}", id(1)), "/bulk/retry?state=failed&".to_owned());
    for path in ["/", "/processes", "/recurring", "/live", &job, "/jobs", "/queues", &bulk] {
        let path = if path.ends_with('&') { format!("{path}statee=x") } else { format!("{path}?statee=x") };
        assert_refused(&fixture.send(TestRequest::page(&path)).await, &path, &["statee"]);
    }
    for path in ["stats", "queues", "processes", "recurring", "jobs", &job[1..]] {
        let path = format!("/api/{path}?statee=x");
        assert_refused(&fixture.send(TestRequest::page(&path)).await, &path, &["statee"]);
    }
    for (path, fields) in
        [("/queues/pause", "queue=mail&x=1"), ("/recurring/run", "key=a&key=b"), ("/selected", "all=1")]
    {
        assert_refused(&fixture.submit(path, fields).await, path, &[]);
        assert_refused(&fixture.submit(&format!("{path}?x=1"), "").await, path, &[]);
    }
    for query in ["before=a&after=b", "state=failed&state=ready", "limit=1&limit=2", "state=", "queue=&name=x"] {
        let path = format!("/api/jobs?{query}");
        assert_refused(&fixture.send(TestRequest::page(&path)).await, &path, &[]);
    }
}

#[tokio::test]
async fn the_search_form_may_leave_its_fields_empty_and_a_bulk_action_may_not() {
    let fixture = failed().await;
    let query = "state=failed&name=&queue=&error=&text=&since=&until=";
    let page = fixture.page(&format!("/jobs?{query}")).await;
    assert!(page.contains(&id(1).to_string()) && page.contains(&id(2).to_string()), "{page}");
    let confirm = fixture.send(TestRequest::page(&format!("/bulk/discard?{query}"))).await;
    assert_refused(&confirm, "bulk", &["`name` has no value"]);
    let form = fixture.submit("/bulk/discard", query).await;
    assert_refused(&form, "form", &["`name` has no value"]);
    assert_eq!(plain::count(&*fixture.store, State::Failed).await, 2);
}

#[tokio::test]
async fn a_body_of_another_type_is_refused() {
    let fixture = failed().await;
    let json = r#"{"queue": "mail"}"#;
    for (content_type, status) in [
        ("application/json", StatusCode::OK),
        ("application/JSON; charset=utf-8", StatusCode::OK),
        ("application/x-www-form-urlencoded", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("text/plain", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let response = fixture.send(post("/api/queues/pause", json).header("content-type", content_type)).await;
        assert_eq!(response.status, status, "{content_type}: {}", response.body);
    }
    let form = TestRequest::form("/queues/pause", "queue=mail").header("content-type", "multipart/form-data");
    assert_eq!(fixture.send(form).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let list = TestRequest::page("/api/jobs").body(r#"{"state": "ready"}"#);
    assert_refused(&fixture.send(list).await, "a GET with a body", &["takes no body"]);
}
