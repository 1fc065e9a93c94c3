//! Texts of requests: what is no text in UTF-8 is refused, and never read as something else.

use axum::http::{Method, StatusCode};
use jobs_core::State;
use jobs_testing::plain::{self, id};

use crate::fixture::{Fixture, TOKEN, TestRequest, TestResponse};

fn post(path: &str, body: impl AsRef<[u8]>) -> TestRequest {
    TestRequest::page(path).method(Method::POST).header("jobs-request", "1").body(body)
}

/// A failed job in a queue whose name is what a decoder makes of bytes that it does not understand.
async fn failed() -> Fixture {
    let fixture = Fixture::open();
    let failed = fixture.enqueue(1, |job| job.queue = "\u{fffd}".into()).await;
    fixture.fail_as(failed, "no").await;
    fixture
}

#[track_caller]
fn assert_refused(response: &TestResponse, what: &str, word: &str) {
    assert_eq!(response.status, StatusCode::BAD_REQUEST, "{what}: {}", response.body);
    assert!(response.body.contains(word), "{what}: `{word}` is not in: {}", response.body);
}

/// Encoded values that are no text, with a word of the answer.
const NO_TEXT: [(&str, &str); 8] = [
    ("%ff", "UTF-8"),
    ("%C0%80", "UTF-8"),
    ("%ED%A0%80", "UTF-8"),
    ("%F4%90%80%80", "UTF-8"),
    ("caf%e9", "UTF-8"),
    ("%", "%25"),
    ("%4", "%25"),
    ("100%+%zz", "%25"),
];

#[tokio::test]
async fn an_address_that_is_no_text_is_refused_and_changes_nothing() {
    let fixture = failed().await;
    for (value, word) in NO_TEXT {
        for name in ["queue", "name", "job", "error", "text", "failure", "state", "since", "process"] {
            let query = format!("state=failed&{name}={value}").replace("state=failed&state", "state");
            for path in [format!("/jobs?{query}"), format!("/api/jobs?{query}"), format!("/bulk/discard?{query}")] {
                assert_refused(&fixture.send(TestRequest::page(&path)).await, &path, word);
            }
            let bulk = format!("/api/bulk/discard?{query}");
            assert_refused(&fixture.send(post(&bulk, "")).await, &bulk, word);
        }
        for path in ["/queues?prefix=", "/recurring/task?key=", "/jobs/", "/bulk/", "/assets/", "/api/jobs/", "/jobs?"]
        {
            let path = format!("{path}{value}");
            assert_refused(&fixture.send(TestRequest::page(&path)).await, &path, word);
        }
        let path = format!("/api/jobs/{value}/discard");
        let response = fixture.send(post(&path, "")).await;
        assert_refused(&response, &path, word);
        assert_eq!(response.header("content-type"), "application/json", "{path}");
    }
    assert_eq!(plain::count(&*fixture.store, State::Failed).await, 1);
}

#[tokio::test]
async fn a_body_that_is_no_text_is_refused_and_changes_nothing() {
    let fixture = failed().await;
    for (value, word) in NO_TEXT {
        for path in ["/bulk/discard", "/queues/pause"] {
            assert_refused(&fixture.submit(path, &format!("queue={value}")).await, value, word);
        }
    }
    let raw = [format!("csrf_token={TOKEN}&queue=").as_bytes(), b"\xff"].concat();
    assert_refused(&fixture.send(TestRequest::form("/bulk/discard", "").body(raw)).await, "raw", "UTF-8");
    let utf16: Vec<u8> = r#"{"queue": "mail"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for json in
        [b"{\"queue\": \"\xff\"}".as_slice(), br#"{"queue": "\udc00"}"#, b"\xef\xbb\xbf{\"queue\": \"mail\"}", &utf16]
    {
        assert_refused(&fixture.send(post("/api/queues/pause", json)).await, "json", "JSON object");
    }
    assert_eq!(plain::count(&*fixture.store, State::Failed).await, 1);
    assert!(fixture.store.inspect().unwrap().queues().await.unwrap().iter().all(|queue| !queue.paused));
}

#[tokio::test]
async fn a_body_that_is_compressed_or_in_another_character_set_is_refused() {
    let fixture = failed().await;
    let json = r#"{"queue": "mail"}"#;
    for (name, value, status) in [
        ("content-encoding", "gzip", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("content-encoding", "identity, br", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("content-encoding", "identity", StatusCode::OK),
        ("content-type", "application/json; charset=utf-16", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("content-type", "application/json; a=b; Charset = \"ISO-8859-1\"", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("content-type", "application/json; charset=\"UTF-8\"", StatusCode::OK),
    ] {
        let response = fixture.send(post("/api/queues/pause", json).header(name, value)).await;
        assert_eq!(response.status, status, "{name}: {value}: {}", response.body);
    }
    let form = TestRequest::form("/queues/resume", "queue=mail");
    let form = form.header("content-type", "application/x-www-form-urlencoded; charset=windows-1252");
    assert_eq!(fixture.send(form).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn a_text_is_read_as_it_was_written_whatever_its_characters() {
    let fixture = Fixture::open();
    let queue = "a+b%&=\u{fffd}é\u{1F980}";
    let failed = fixture.enqueue(1, |job| job.queue = queue.into()).await;
    fixture.fail_as(failed, "a b").await;
    let encoded = "a%2Bb%25%26%3D%EF%BF%BD%c3%A9%F0%9F%A6%80";
    let page = fixture.page(&format!("/jobs?q%75eue={encoded}")).await;
    assert!(page.contains(&id(1).to_string()), "{page}");
    let done = fixture.done("/bulk/discard", &format!("state=failed&error=a+b&queue={encoded}")).await;
    assert!(done.contains("1 job discarded"), "{done}");
}

#[tokio::test]
async fn a_number_of_json_is_read_with_the_digits_that_it_was_written_with() {
    let fixture = failed().await;
    for number in ["18446744073709551617", "1.50", "-0.0", "1e2"] {
        let body = format!(r#"{{"queue": {number}}}"#);
        let response = fixture.send(post("/api/queues/pause", body)).await;
        assert_eq!(response.status, StatusCode::OK, "{number}: {}", response.body);
        assert!(response.body.contains(&format!(r#""queue":"{number}""#)), "{number}: {}", response.body);
    }
}
