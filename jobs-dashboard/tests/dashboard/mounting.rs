//! Links lead to the dashboard at every path where it is mounted.

use axum::Router;
use axum::http::StatusCode;

use crate::fixture::{Fixture, TestRequest};

fn nested(at: &str) -> Fixture {
    let fixture = Fixture::open();
    Fixture { router: Router::new().nest(at, fixture.router), ..fixture }
}

#[tokio::test]
async fn links_lead_to_where_it_is_mounted() {
    for at in ["/jobs", "/admin/jobs"] {
        let fixture = nested(at);
        for path in [at.to_owned(), format!("{at}/queues")] {
            let page = fixture.page(&path).await;
            assert!(page.contains(&format!("href=\"{at}\"")), "{path}");
            assert!(page.contains(&format!("href=\"{at}/queues\"")), "{path}");
            assert!(page.contains(&format!("href=\"{at}/assets/dashboard.css?")), "{path}");
        }
        let response = fixture.submit(&format!("{at}/queues/pause"), "queue=mail").await;
        assert_eq!(response.header("location"), format!("{at}/queues"));
    }
}

#[tokio::test]
async fn as_a_service_the_overview_has_both_paths() {
    let fixture = Fixture::open();
    let fixture = Fixture { router: Router::new().nest_service("/jobs", fixture.router), ..fixture };
    for path in ["/jobs", "/jobs/"] {
        let page = fixture.page(path).await;
        assert!(page.contains("href=\"/jobs\"") && page.contains("href=\"/jobs/queues\""), "{path}");
    }
}

#[tokio::test]
async fn at_the_root_links_begin_at_the_root() {
    let page = Fixture::open().page("/queues").await;
    assert!(page.contains("href=\"/\"") && page.contains("href=\"/queues\""), "{page}");
}

#[tokio::test]
async fn behind_a_proxy_that_removes_a_prefix_links_have_the_prefix() {
    let fixture = Fixture::with(|it| it.without_authentication().public_path("/ops/"));
    let page = fixture.page("/queues").await;
    assert!(page.contains("href=\"/ops\"") && page.contains("href=\"/ops/queues\""), "{page}");
}

#[tokio::test]
async fn a_trailing_slash_redirects_to_the_page_without_it() {
    let response = nested("/jobs").send(TestRequest::page("/jobs/queues/")).await;
    assert_eq!((response.status, response.header("location")), (StatusCode::PERMANENT_REDIRECT, "/jobs/queues"));
    let elsewhere = Fixture::open().send(TestRequest::page("//evil.example.com/")).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "no redirect leads to another host");
}

#[tokio::test]
async fn an_unknown_page_is_not_found_and_links_back() {
    let fixture = nested("/jobs");
    let response = fixture.send(TestRequest::page("/jobs/no/such/page")).await;
    assert_eq!(response.status, StatusCode::NOT_FOUND);
    assert!(response.body.contains("href=\"/jobs\""), "{}", response.body);
    let response = fixture.submit("/jobs/processes", "").await;
    assert_eq!(response.status, StatusCode::METHOD_NOT_ALLOWED);
    let response = fixture.send(TestRequest::page("/jobs/api/no/such")).await;
    assert_eq!((response.status, response.header("content-type")), (StatusCode::NOT_FOUND, "application/json"));
}

#[tokio::test]
async fn a_redirect_keeps_the_query_and_the_prefix_of_a_proxy() {
    let proxied = Fixture::with(|it| it.without_authentication().public_path("/ops"));
    let mounted = nested("/jobs");
    for (fixture, path, location) in [
        (&proxied, "/jobs/?state=failed&queue=a%20b", "/ops/jobs?state=failed&queue=a%20b"),
        (&mounted, "/jobs/queues/?prefix=a", "/jobs/queues?prefix=a"),
        (&mounted, "/jobs/jobs//", "/jobs/jobs"),
        (&mounted, "/jobs/api/stats/", "/jobs/api/stats"),
    ] {
        let response = fixture.send(TestRequest::page(path)).await;
        assert_eq!(
            (response.status, response.header("location")),
            (StatusCode::PERMANENT_REDIRECT, location),
            "{path}"
        );
    }
    let misspelt = proxied.send(TestRequest::page("/jobs/?statee=failed")).await;
    assert_eq!(misspelt.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn no_redirect_leads_to_another_host() {
    let tenants = Fixture::open();
    let tenants = Fixture { router: Router::new().nest_service("/{tenant}", tenants.router), ..tenants };
    let open = Fixture::open();
    for (fixture, path) in [
        (&open, r"/\evil.example.com/"),
        (&open, "//evil.example.com/"),
        (&open, "//evil.example.com//queues/"),
        (&open, "/%5Cevil.example.com/"),
        (&tenants, r"/\evil.example.com/queues/"),
    ] {
        let response = fixture.send(TestRequest::page(path)).await;
        let location = response.header("location");
        assert_eq!((response.status, location), (StatusCode::NOT_FOUND, ""), "{path}");
    }
}

#[tokio::test]
#[should_panic = "`Router::route_service` cannot be used with `Router`s"]
async fn a_route_of_its_own_is_refused_when_the_program_starts() {
    let _ = Router::<()>::new().route_service("/jobs", Fixture::open().router);
}
