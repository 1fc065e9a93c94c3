//! The stream of live updates.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use futures_util::StreamExt;
use tower::ServiceExt;

use crate::fixture::{Fixture, TestRequest};

async fn listen(fixture: &Fixture) -> Response {
    fixture.router.clone().oneshot(Request::get("/live").body(Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn each_sample_is_an_event_and_the_stream_ends_after_a_minute() {
    let fixture = Fixture::open();
    let answer = listen(&fixture).await;
    assert_eq!(
        (answer.status(), &answer.headers()["content-type"]),
        (StatusCode::OK, &"text/event-stream".parse().unwrap())
    );
    assert_eq!(answer.headers()["cache-control"], "no-cache");
    let begun = tokio::time::Instant::now();
    let said = answer.into_body().into_data_stream().map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap());
    let said: Vec<String> = said.collect().await;
    let queries = said.iter().filter(|text| text.starts_with("event: sample\n")).count();
    assert!((11..=13).contains(&queries), "one each five seconds: {said:?}");
    assert_eq!(begun.elapsed(), Duration::from_secs(60));
}

#[tokio::test]
async fn at_most_a_hundred_pages_are_live_at_once() {
    let fixture = Fixture::open();
    let mut streams = Vec::new();
    for _ in 0..100 {
        let answer = listen(&fixture).await;
        assert_eq!(answer.status(), StatusCode::OK);
        streams.push(answer);
    }
    assert_eq!(listen(&fixture).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(fixture.send(TestRequest::page("/")).await.status, StatusCode::OK, "pages are still served");
    streams.pop();
    assert_eq!(listen(&fixture).await.status(), StatusCode::OK);
}
