//! The stream that says when there is something new to see.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use futures_util::StreamExt;
use tower::ServiceExt;

use crate::stage::{Asked, Stage};

async fn listen(stage: &Stage) -> Response {
    stage.router.clone().oneshot(Request::get("/live").body(Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn each_look_is_told_and_the_stream_ends_after_a_minute_for_the_browser_to_ask_again() {
    let stage = Stage::open();
    let answer = listen(&stage).await;
    assert_eq!(
        (answer.status(), &answer.headers()["content-type"]),
        (StatusCode::OK, &"text/event-stream".parse().unwrap())
    );
    assert_eq!(answer.headers()["cache-control"], "no-cache");
    let begun = tokio::time::Instant::now();
    let said = answer.into_body().into_data_stream().map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap());
    let said: Vec<String> = said.collect().await;
    let looks = said.iter().filter(|text| text.starts_with("event: look\n")).count();
    assert!((11..=13).contains(&looks), "one each five seconds: {said:?}");
    assert_eq!(begun.elapsed(), Duration::from_secs(60));
}

#[tokio::test]
async fn no_more_than_a_hundred_pages_are_live_at_once() {
    let stage = Stage::open();
    let mut streams = Vec::new();
    for _ in 0..100 {
        let answer = listen(&stage).await;
        assert_eq!(answer.status(), StatusCode::OK);
        streams.push(answer);
    }
    assert_eq!(listen(&stage).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(stage.send(Asked::page("/")).await.status, StatusCode::OK, "pages are there all the same");
    streams.pop();
    assert_eq!(listen(&stage).await.status(), StatusCode::OK);
}
