//! The dashboard over a SQLite file, which answers from another thread and page by page.

use std::sync::Arc;

use axum::http::StatusCode;
use jobs_core::{Claim, Decision, ErrorRecord, NewJob, State, Store, connect};
use jobs_dashboard::Dashboard;
use jobs_sqlite as _;
use jobs_testing::ManualClock;
use jobs_testing::plain::{self, ME, id};

use crate::fixture::{Fixture, text};

const FAILED: u64 = 1300;

/// A file with failed jobs; every tenth failed because the card was refused.
async fn filled() -> (tempfile::TempDir, Fixture) {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = connect(&format!("sqlite:{}/jobs.db", folder.path().display())).await.unwrap();
    let jobs: Vec<_> =
        (0..FAILED).map(|number| NewJob::new(id(number), "charge", format!("{{\"order\":{number}}}"))).collect();
    let _stored = store.enqueue(&jobs).await.unwrap();
    let claimed = store.claim(&Claim::all(ME, jobs.len())).await.unwrap();
    let settlements = claimed.into_iter().enumerate().map(|(number, it)| {
        let text = if number % 10 == 0 { "the card was refused" } else { "the gateway is busy" };
        it.settle(Decision::Fail { meta: None, error: ErrorRecord::new("shop::Unpaid", text) })
    });
    let settlements = settlements.collect::<Vec<_>>();
    let _settled = store.settle(&settlements).await.unwrap();
    let fixture =
        Fixture::over(store, ManualClock::new(), |it: Dashboard| it.without_authentication().show_unknown_arguments());
    (folder, fixture)
}

#[tokio::test]
async fn over_sqlite_lists_are_paged_both_ways() {
    let (_folder, fixture) = filled().await;
    let link = |page: &str, rel: &str| {
        let (_, rest) = page.split_once(&format!("rel=\"{rel}\" href=\""))?;
        Some(rest.split('"').next()?.replace("&amp;", "&"))
    };
    let ids = |page: &str| (0..FAILED).filter(|number| page.contains(&format!("/jobs/{}\"", id(*number)))).collect();
    let first = fixture.page("/jobs?state=failed").await;
    let second = fixture.page(&link(&first, "next").unwrap()).await;
    let back = fixture.page(&link(&second, "prev").unwrap()).await;
    let all: [Vec<u64>; 3] = [ids(&first), ids(&second), ids(&back)];
    assert_eq!(all, [(1250..1300).collect(), (1200..1250).collect(), (1250..1300).collect::<Vec<_>>()]);
    assert_eq!(link(&first, "prev"), None);
}

#[tokio::test]
async fn over_sqlite_jobs_are_found_by_their_error_and_their_arguments() {
    let (_folder, fixture) = filled().await;
    let page = fixture.page("/jobs?state=failed&text=%22order%22%3A777").await;
    assert!(page.contains(&format!("/jobs/{}\"", id(777))) && !page.contains(&format!("/jobs/{}\"", id(778))));
    let text = text(&fixture.page("/bulk/retry?state=failed&error=refused").await);
    assert!(text.contains("Retry 130 jobs?") && text.contains("failed jobs with the error refused"), "{text}");
}

#[tokio::test]
async fn over_sqlite_matching_jobs_are_changed_and_no_others() {
    let (_folder, fixture) = filled().await;
    let response = fixture.submit("/bulk/retry", "state=failed&error=busy").await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    while plain::count(&*fixture.store, State::Ready).await < 1170 {
        tokio::task::yield_now().await;
    }
    assert_eq!(plain::count(&*fixture.store, State::Failed).await, 130);
    let text = text(&fixture.page("/").await);
    assert!(text.contains("ready 1,170") && text.contains("failed 130"), "{text}");
}

#[tokio::test]
async fn over_sqlite_every_page_is_served() {
    let (_folder, fixture) = filled().await;
    let job = format!("/jobs/{}", id(7));
    for path in ["/", "/jobs", "/queues", "/recurring", "/processes", &job, "/api/stats", "/api/jobs", "/api/recurring"]
    {
        assert!(!fixture.page(path).await.is_empty(), "{path}");
    }
}
