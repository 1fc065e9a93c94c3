//! Authentication, allowed hosts and security headers.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn};
use jobs_core::Store;
use jobs_dashboard::{Actor, Dashboard};
use jobs_memory::MemoryStore;
use tower::ServiceExt;

use crate::fixture::{Fixture, TestRequest};

const PAGES: [&str; 5] = ["/", "/jobs", "/queues", "/recurring", "/processes"];

fn dashboard() -> Dashboard {
    Dashboard::new(Arc::new(MemoryStore::default()) as Arc<dyn Store>)
}

#[test]
fn a_dashboard_without_a_choice_of_access_is_an_error() {
    let error = dashboard().router().unwrap_err();
    assert!(error.is_invalid());
    assert!(error.to_string().contains(".without_authentication()"), "{error}");
}

#[test]
fn an_empty_name_or_password_is_refused() {
    for (user, password) in [("", "secret"), ("ops", ""), ("a:b", "secret")] {
        let error = dashboard().password(user, password).router().unwrap_err();
        assert!(error.is_invalid(), "{user}:{password}");
    }
}

#[tokio::test]
async fn no_page_and_no_file_is_served_without_a_password() {
    let fixture = Fixture::with(|it| it.password("ops", "secret"));
    for path in PAGES.into_iter().chain(["/api/stats", "/live", "/assets/dashboard.css", "/no/such/page"]) {
        let response = fixture.send(TestRequest::page(path)).await;
        assert_eq!(response.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(response.header("www-authenticate").starts_with("Basic "), "{path}");
    }
}

#[tokio::test]
async fn a_password_gives_access_to_its_own_user_only() {
    let fixture = Fixture::with(|it| it.password("ops", "secret").password("ada", "other:pass"));
    for (login, status) in [
        ("b3BzOnNlY3JldA==", StatusCode::OK),               // ops:secret
        ("YWRhOm90aGVyOnBhc3M=", StatusCode::OK),           // ada:other:pass
        ("b3BzOm90aGVyOnBhc3M=", StatusCode::UNAUTHORIZED), // ops:other:pass
        ("b3BzOnNlY3Jl", StatusCode::UNAUTHORIZED),         // ops:secre
        ("b3BzOg==", StatusCode::UNAUTHORIZED),             // ops:
        ("!!!", StatusCode::UNAUTHORIZED),
        ("", StatusCode::UNAUTHORIZED),
    ] {
        let response = fixture.send(TestRequest::page("/").header("authorization", &format!("Basic {login}"))).await;
        assert_eq!(response.status, status, "{login}");
    }
    let response = fixture.send(TestRequest::page("/").header("authorization", "Bearer b3BzOnNlY3JldA==")).await;
    assert_eq!(response.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_own_layer_names_the_user_and_a_forgotten_layer_opens_nothing() {
    let fixture = Fixture::with(Dashboard::authenticated_by_layer);
    assert_eq!(fixture.send(TestRequest::page("/")).await.status, StatusCode::FORBIDDEN);

    let layer = from_fn(async |mut request: Request, next: Next| {
        request.extensions_mut().insert(Actor::new("ada"));
        next.run(request).await
    });
    let router: Router = fixture.router.layer(layer);
    let answer = router.oneshot(Request::builder().uri("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_local_dashboard_answers_only_the_names_of_the_loopback_address() {
    let fixture = Fixture::with(Dashboard::only_local);
    for (host, status) in [
        ("localhost:4000", StatusCode::OK),
        ("127.0.0.1:4000", StatusCode::OK),
        ("[::1]:4000", StatusCode::OK),
        ("LOCALHOST", StatusCode::OK),
        ("rebound.example.com:4000", StatusCode::MISDIRECTED_REQUEST),
        ("localhost.example.com", StatusCode::MISDIRECTED_REQUEST),
        ("127.0.0.1.example.com", StatusCode::MISDIRECTED_REQUEST),
        ("127.0.0.1:4000@rebound.example.com", StatusCode::MISDIRECTED_REQUEST),
        ("localhost:rebound.example.com", StatusCode::MISDIRECTED_REQUEST),
        ("[::1]rebound.example.com", StatusCode::MISDIRECTED_REQUEST),
        ("", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let response = fixture.send(TestRequest::page("/").header("host", host)).await;
        assert_eq!(response.status, status, "{host}");
    }
    assert_eq!(fixture.send(TestRequest::page("/").without("host")).await.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn a_request_that_names_two_hosts_is_judged_by_none_of_them() {
    let fixture = Fixture::with(Dashboard::only_local);
    let twice = TestRequest::page("/").header("Host", "rebound.example.com");
    assert_eq!(fixture.send(twice).await.status, StatusCode::BAD_REQUEST);
    let absolute = fixture.send(TestRequest::page("http://rebound.example.com/")).await;
    assert_eq!(absolute.status, StatusCode::MISDIRECTED_REQUEST, "the address counts, not the header beside it");
}

#[tokio::test]
async fn a_dashboard_with_host_names_answers_only_these() {
    let fixture = Fixture::with(|it| it.without_authentication().hosts(["jobs.example.com"]));
    let with = |host| TestRequest::page("/").header("host", host);
    assert_eq!(fixture.send(with("Jobs.Example.com:443")).await.status, StatusCode::OK);
    assert_eq!(fixture.send(with("localhost")).await.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn every_response_forbids_frames_other_sources_and_caching() {
    let fixture = Fixture::open();
    for path in PAGES.into_iter().chain(["/no/such/page", "/assets/dashboard.js"]) {
        let response = fixture.send(TestRequest::page(path)).await;
        let policy = response.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(response.header("x-content-type-options"), "nosniff");
        assert_eq!(response.header("x-frame-options"), "DENY");
        assert_eq!(response.header("referrer-policy"), "same-origin");
        let is_file = path.starts_with("/assets/");
        assert_eq!(response.header("cache-control") == "no-store", !is_file, "{path}");
    }
}

#[tokio::test]
async fn no_page_has_an_inline_script_or_style() {
    let fixture = Fixture::open();
    for path in PAGES {
        let page = fixture.page(path).await;
        assert!(!page.contains("style=") && !page.contains("<style") && !page.contains("onclick"), "{path}");
        assert_eq!(page.matches("<script").count(), page.matches("<script src=").count(), "{path}");
    }
}

#[tokio::test]
async fn a_read_only_dashboard_has_no_forms_and_changes_nothing() {
    let fixture = Fixture::with(|it| it.without_authentication().read_only());
    fixture.store.manage().unwrap().pause("mail").await.unwrap();
    for path in PAGES {
        assert!(!fixture.page(path).await.contains("method=\"post\""), "{path}");
    }
    for path in ["/queues/resume", "/api/queues/resume", "/no/such/page"] {
        let response = fixture.send(TestRequest::form(path, "queue=mail").header("jobs-request", "1")).await;
        assert_eq!(response.status, StatusCode::FORBIDDEN, "{path}");
    }
    let put = TestRequest::form("/queues/resume", "queue=mail").method(Method::PUT);
    assert_eq!(fixture.send(put).await.status, StatusCode::FORBIDDEN);
    let queues = fixture.store.inspect().unwrap().queues().await.unwrap();
    assert!(queues.iter().all(|queue| queue.paused));
}

/// A request with a password, from a client with this address.
fn sign_in(address: &str, login: &str) -> Request {
    let mut request = Request::builder().uri("/").header("authorization", format!("Basic {login}"));
    let address: IpAddr = address.parse().unwrap();
    request = request.extension(ConnectInfo(SocketAddr::from((address, 4000))));
    request.body(Body::empty()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn wrong_passwords_of_one_address_are_limited() {
    let router = Fixture::with(|it| it.password("ops", "secret")).router;
    let status =
        async |address: &str, login: &str| router.clone().oneshot(sign_in(address, login)).await.unwrap().status();
    let (right, wrong) = ("b3BzOnNlY3JldA==", "b3BzOndyb25n"); // ops:secret, ops:wrong
    for _ in 0..10 {
        assert_eq!(status("192.0.2.1", right).await, StatusCode::OK);
        assert_eq!(status("192.0.2.1", wrong).await, StatusCode::UNAUTHORIZED);
        assert_eq!(status("2001:db8::1", wrong).await, StatusCode::UNAUTHORIZED);
    }
    for login in [wrong, right] {
        assert_eq!(status("192.0.2.1", login).await, StatusCode::TOO_MANY_REQUESTS, "even the right one is not tried");
        assert_eq!(status("2001:db8::2", login).await, StatusCode::TOO_MANY_REQUESTS, "it is the same network");
    }
    assert_eq!(status("192.0.2.2", right).await, StatusCode::OK, "others are not locked out");
    tokio::time::advance(Duration::from_secs(10)).await;
    assert_eq!(status("192.0.2.1", right).await, StatusCode::OK);
}
