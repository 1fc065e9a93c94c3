//! Health checks and metrics.

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

use crate::outage::UnreliableStore;

async fn get(router: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// A store with a live process and a ready job, and its health check at `/health`.
async fn mounted(limits: HealthLimits) -> (Arc<UnreliableStore>, Router) {
    let unreliable = Arc::new(UnreliableStore::default());
    let _pulse = unreliable.store.heartbeat(&Process::new(ProcessId::new(1), "worker", "host", 7)).await.unwrap();
    unreliable.store.enqueue(&[NewJob::new(id(1), "note", r#"{"card":"4111"}"#)]).await.unwrap();
    let check = HealthCheck::new(Arc::clone(&unreliable) as Arc<dyn Store>).limits(limits);
    let router = Router::new().nest("/health", check.timeout(Duration::from_secs(2)).router());
    (unreliable, router)
}

fn checks(body: &str) -> Vec<(String, bool)> {
    let said: serde_json::Value = serde_json::from_str(body).unwrap();
    let checks = said["checks"].as_array().unwrap().iter();
    checks.map(|one| (one["check"].as_str().unwrap().to_owned(), one["healthy"].as_bool().unwrap())).collect()
}

#[tokio::test]
async fn a_store_within_its_limits_is_healthy() {
    let (_far, router) = mounted(HealthLimits::default()).await;
    let (status, body) = get(&router, "/health").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(checks(&body), [("store".into(), true), ("latency".into(), true), ("processes".into(), true)]);
    assert_eq!(get(&router, "/health/live").await.0, StatusCode::OK);
    assert_eq!(get(&router, "/health/ready").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_health_check_refuses_parameters() {
    let (_far, router) = mounted(HealthLimits::default()).await;
    for path in ["/health?max_latency=1s", "/health/ready?x", "/health/live?x=1"] {
        let (status, body) = get(&router, path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
        assert!(body.contains("takes none"), "{path}: {body}");
    }
}

#[tokio::test]
async fn a_limit_that_does_not_hold_returns_503_with_its_name() {
    let (_far, router) = mounted(HealthLimits { min_processes: 2, ..HealthLimits::default() }).await;
    let (status, body) = get(&router, "/health").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(checks(&body).contains(&("processes".into(), false)), "{body}");
    assert_eq!(get(&router, "/health/ready").await.0, StatusCode::OK, "the store answers all the same");
}

#[tokio::test]
async fn a_loop_of_the_process_that_stands_still_makes_it_unhealthy() {
    for (stalled, expected) in [(vec![], StatusCode::OK), (vec!["dispatcher"], StatusCode::SERVICE_UNAVAILABLE)] {
        let (unreliable, _router) = mounted(HealthLimits::default()).await;
        let is_healthy = stalled.is_empty();
        let check = HealthCheck::new(Arc::clone(&unreliable) as Arc<dyn Store>).loops(move || stalled.clone());
        let router = Router::new().nest("/health", check.router());
        let (status, body) = get(&router, "/health").await;
        assert_eq!(status, expected, "{body}");
        assert_eq!(checks(&body).last(), Some(&("loops".into(), is_healthy)));
        assert_eq!(get(&router, "/health/live").await.0, expected);
        assert_eq!(get(&router, "/health/ready").await.0, StatusCode::OK, "the store answers");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unavailable_store_returns_503_without_its_location() {
    let (unreliable, router) = mounted(HealthLimits::default()).await;
    for fault in [&unreliable.is_unavailable, &unreliable.hangs] {
        fault.store(true, Ordering::SeqCst);
        let (status, body) = get(&router, "/health").await;
        assert_eq!((status, checks(&body)), (StatusCode::SERVICE_UNAVAILABLE, vec![("store".into(), false)]));
        assert!(!body.contains("refused"), "{body}");
        assert_eq!(get(&router, "/health/ready").await.0, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(get(&router, "/health/live").await.0, StatusCode::OK, "the program lives");
        fault.store(false, Ordering::SeqCst);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(get(&router, "/health").await.0, StatusCode::OK, "it is healthy again with the store");
        tokio::time::advance(Duration::from_secs(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn frequent_health_checks_query_the_store_once_a_second() {
    let (unreliable, router) = mounted(HealthLimits::default()).await;
    assert_eq!(get(&router, "/health").await.0, StatusCode::OK);
    unreliable.is_unavailable.store(true, Ordering::SeqCst);
    tokio::time::advance(Duration::from_millis(999)).await;
    assert_eq!(get(&router, "/health").await.0, StatusCode::OK, "the last answer still stands");
    tokio::time::advance(Duration::from_millis(1)).await;
    assert_eq!(get(&router, "/health").await.0, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(start_paused = true)]
async fn clients_that_disconnect_do_not_start_a_query_each() {
    let (unreliable, router) = mounted(HealthLimits::default()).await;
    unreliable.hangs.store(true, Ordering::SeqCst);
    for _ in 0..20 {
        let impatient = tokio::time::timeout(Duration::from_millis(10), get(&router, "/health")).await;
        assert!(impatient.is_err(), "the store hangs");
    }
    assert_eq!(unreliable.queries.load(Ordering::SeqCst), 1, "one query runs for all of them");
}

#[cfg(feature = "metrics")]
mod metrics {
    use jobs_core::JobRef;
    use jobs_core::events::Enqueued;
    use jobs_dashboard::Metrics;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_scrape_returns_the_figures_of_the_store_and_the_counts() {
        let (unreliable, _router) = mounted(HealthLimits::default()).await;
        let metrics = Metrics::new();
        let watch = jobs_metrics::Watch::to(metrics.recorder(), Arc::new(jobs_core::SystemClock));
        watch.record(&Enqueued::new(JobRef::new(id(1), "note", "default")).into());
        let router = Router::new().nest("/metrics", metrics.router(Arc::clone(&unreliable) as Arc<dyn Store>));
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
        assert!(!body.contains("4111"), "arguments are not in the metrics");
        unreliable.is_unavailable.store(true, Ordering::SeqCst);
        tokio::time::advance(Duration::from_secs(1)).await;
        let (status, body) = get(&router, "/metrics").await;
        assert_eq!(status, StatusCode::OK, "the counts of this program are still served");
        assert!(body.lines().any(|found| found == "jobs_store_up 0"), "{body}");
    }
}
