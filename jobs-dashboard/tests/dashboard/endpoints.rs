//! What machines ask: health, and metrics.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use jobs_core::{HealthLimits, NewJob, Process, ProcessId, Store};
use jobs_dashboard::HealthCheck;
use jobs_testing::plain::id;
use tower::ServiceExt;

use crate::outage::Far;

async fn get(router: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// A store with a living process and a ready job, and the health of it mounted at `/health`.
async fn mounted(limits: HealthLimits) -> (Arc<Far>, Router) {
    let far = Arc::new(Far::default());
    let _pulse = far.store.heartbeat(&Process::new(ProcessId::new(1), "worker", "host", 7)).await.unwrap();
    far.store.enqueue(&[NewJob::new(id(1), "note", r#"{"card":"4111"}"#)]).await.unwrap();
    let check = HealthCheck::new(Arc::clone(&far) as Arc<dyn Store>).limits(limits);
    let router = Router::new().nest("/health", check.patience(Duration::from_secs(2)).router());
    (far, router)
}

fn checks(body: &str) -> Vec<(String, bool)> {
    let said: serde_json::Value = serde_json::from_str(body).unwrap();
    let checks = said["checks"].as_array().unwrap().iter();
    checks.map(|one| (one["check"].as_str().unwrap().to_owned(), one["healthy"].as_bool().unwrap())).collect()
}

#[tokio::test]
async fn a_store_within_its_limits_is_healthy_to_whoever_asks() {
    let (_far, router) = mounted(HealthLimits::default()).await;
    let (status, body) = get(&router, "/health").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(checks(&body), [("store".into(), true), ("latency".into(), true), ("processes".into(), true)]);
    assert_eq!(get(&router, "/health/live").await.0, StatusCode::OK);
    assert_eq!(get(&router, "/health/ready").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_limit_that_does_not_hold_is_503_and_says_which() {
    let (_far, router) = mounted(HealthLimits { min_processes: 2, ..HealthLimits::default() }).await;
    let (status, body) = get(&router, "/health").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(checks(&body).contains(&("processes".into(), false)), "{body}");
    assert_eq!(get(&router, "/health/ready").await.0, StatusCode::OK, "the store answers all the same");
}

#[tokio::test(start_paused = true)]
async fn a_store_out_of_reach_is_503_without_a_word_of_where_it_is() {
    let (far, router) = mounted(HealthLimits::default()).await;
    for trouble in [&far.is_gone, &far.hangs] {
        trouble.store(true, Ordering::SeqCst);
        let (status, body) = get(&router, "/health").await;
        assert_eq!((status, checks(&body)), (StatusCode::SERVICE_UNAVAILABLE, vec![("store".into(), false)]));
        assert!(!body.contains("refused"), "{body}");
        assert_eq!(get(&router, "/health/ready").await.0, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(get(&router, "/health/live").await.0, StatusCode::OK, "the program lives");
        trouble.store(false, Ordering::SeqCst);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(get(&router, "/health").await.0, StatusCode::OK, "it is back when the store is");
        tokio::time::advance(Duration::from_secs(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn however_often_it_is_asked_the_store_is_looked_at_once_a_second() {
    let (far, router) = mounted(HealthLimits::default()).await;
    assert_eq!(get(&router, "/health").await.0, StatusCode::OK);
    far.is_gone.store(true, Ordering::SeqCst);
    tokio::time::advance(Duration::from_millis(999)).await;
    assert_eq!(get(&router, "/health").await.0, StatusCode::OK, "the last answer still stands");
    tokio::time::advance(Duration::from_millis(1)).await;
    assert_eq!(get(&router, "/health").await.0, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(start_paused = true)]
async fn who_asks_and_goes_away_does_not_have_the_store_looked_at_each_time() {
    let (far, router) = mounted(HealthLimits::default()).await;
    far.hangs.store(true, Ordering::SeqCst);
    for _ in 0..20 {
        let impatient = tokio::time::timeout(Duration::from_millis(10), get(&router, "/health")).await;
        assert!(impatient.is_err(), "the store hangs");
    }
    assert_eq!(far.looks.load(Ordering::SeqCst), 1, "one look is under way for all of them");
}

#[cfg(feature = "metrics")]
mod metrics {
    use jobs_core::{Event, JobRef};
    use jobs_dashboard::Metrics;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_scrape_gives_the_store_as_it_stands_and_what_was_counted() {
        let (far, _router) = mounted(HealthLimits::default()).await;
        let metrics = Metrics::new();
        let watch = jobs_metrics::Watch::to(metrics.recorder(), Arc::new(jobs_core::SystemClock));
        watch.record(&Event::Enqueued(JobRef::new(id(1), "note", "default")));
        let router = Router::new().nest("/metrics", metrics.router(Arc::clone(&far) as Arc<dyn Store>));
        let (status, body) = get(&router, "/metrics").await;
        assert_eq!(status, StatusCode::OK);
        for line in [
            r#"jobs_stored{state="ready"} 1"#,
            "jobs_processes 1",
            "jobs_store_up 1",
            r#"jobs_enqueued_total{job_name="note"} 1"#,
            "# TYPE jobs_enqueued_total counter",
        ] {
            assert!(body.lines().any(|found| found == line), "{line} is not in\n{body}");
        }
        assert!(!body.contains("4111"), "arguments are not given out");
        far.is_gone.store(true, Ordering::SeqCst);
        tokio::time::advance(Duration::from_secs(1)).await;
        let (status, body) = get(&router, "/metrics").await;
        assert_eq!(status, StatusCode::OK, "what this program counted is still there to be scraped");
        assert!(body.lines().any(|found| found == "jobs_store_up 0"), "{body}");
    }
}
