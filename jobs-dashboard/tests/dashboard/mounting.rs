//! Wherever it is mounted, its links lead to itself.

use axum::Router;
use axum::http::StatusCode;

use crate::stage::{Asked, Stage};

fn nested(at: &str) -> Stage {
    let stage = Stage::open();
    Stage { router: Router::new().nest(at, stage.router), ..stage }
}

#[tokio::test]
async fn links_lead_to_where_it_is_mounted() {
    for at in ["/jobs", "/admin/jobs"] {
        let stage = nested(at);
        for path in [at.to_owned(), format!("{at}/queues")] {
            let page = stage.page(&path).await;
            assert!(page.contains(&format!("href=\"{at}\"")), "{path}");
            assert!(page.contains(&format!("href=\"{at}/queues\"")), "{path}");
            assert!(page.contains(&format!("href=\"{at}/assets/dashboard.css?")), "{path}");
        }
        let told = stage.submit(&format!("{at}/queues/pause"), "queue=mail").await;
        assert_eq!(told.header("location"), format!("{at}/queues"));
    }
}

#[tokio::test]
async fn as_a_service_its_first_page_has_both_spellings() {
    let stage = Stage::open();
    let stage = Stage { router: Router::new().nest_service("/jobs", stage.router), ..stage };
    for path in ["/jobs", "/jobs/"] {
        let page = stage.page(path).await;
        assert!(page.contains("href=\"/jobs\"") && page.contains("href=\"/jobs/queues\""), "{path}");
    }
}

#[tokio::test]
async fn at_the_root_links_begin_there() {
    let page = Stage::open().page("/queues").await;
    assert!(page.contains("href=\"/\"") && page.contains("href=\"/queues\""), "{page}");
}

#[tokio::test]
async fn behind_a_proxy_that_takes_a_path_away_links_have_it() {
    let stage = Stage::with(|it| it.without_authentication().public_path("/ops/"));
    let page = stage.page("/queues").await;
    assert!(page.contains("href=\"/ops\"") && page.contains("href=\"/ops/queues\""), "{page}");
}

#[tokio::test]
async fn a_slash_at_the_end_leads_to_the_page_without_it() {
    let told = nested("/jobs").send(Asked::page("/jobs/queues/")).await;
    assert_eq!((told.status, told.header("location")), (StatusCode::PERMANENT_REDIRECT, "/jobs/queues"));
    let elsewhere = Stage::open().send(Asked::page("//evil.example.com/")).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "no redirect leads to another host");
}

#[tokio::test]
async fn what_is_not_there_says_so_with_the_way_back() {
    let stage = nested("/jobs");
    let told = stage.send(Asked::page("/jobs/no/such/page")).await;
    assert_eq!(told.status, StatusCode::NOT_FOUND);
    assert!(told.body.contains("href=\"/jobs\""), "{}", told.body);
    let told = stage.submit("/jobs/processes", "").await;
    assert_eq!(told.status, StatusCode::METHOD_NOT_ALLOWED);
    let told = stage.send(Asked::page("/jobs/api/no/such")).await;
    assert_eq!((told.status, told.header("content-type")), (StatusCode::NOT_FOUND, "application/json"));
}
