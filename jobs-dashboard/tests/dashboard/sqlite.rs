//! The same over a file of SQLite, which answers from another thread and page by page.

use std::sync::Arc;

use axum::http::StatusCode;
use jobs_core::{Claim, Decision, ErrorRecord, NewJob, State, Store, connect};
use jobs_dashboard::Dashboard;
use jobs_sqlite as _;
use jobs_testing::ManualClock;
use jobs_testing::plain::{self, ME, id};

use crate::stage::{Stage, words};

const FAILED: u64 = 1300;

/// A file with so many failed jobs, every tenth of which was refused.
async fn filled() -> (tempfile::TempDir, Stage) {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = connect(&format!("sqlite:{}/jobs.db", folder.path().display())).await.unwrap();
    let jobs: Vec<_> =
        (0..FAILED).map(|number| NewJob::new(id(number), "charge", format!("{{\"order\":{number}}}"))).collect();
    let _stored = store.enqueue(&jobs).await.unwrap();
    let claimed = store.claim(&Claim::all(ME, jobs.len())).await.unwrap();
    let settlements = claimed.into_iter().enumerate().map(|(number, it)| {
        let words = if number % 10 == 0 { "the card was refused" } else { "the gateway is busy" };
        it.settle(Decision::Fail { meta: None, error: ErrorRecord::new("shop::Unpaid", words) })
    });
    let settlements = settlements.collect::<Vec<_>>();
    let _settled = store.settle(&settlements).await.unwrap();
    let stage =
        Stage::over(store, ManualClock::new(), |it: Dashboard| it.without_authentication().show_unknown_arguments());
    (folder, stage)
}

#[tokio::test]
async fn over_sqlite_lists_are_paged_both_ways() {
    let (_folder, stage) = filled().await;
    let link = |page: &str, rel: &str| {
        let (_, rest) = page.split_once(&format!("rel=\"{rel}\" href=\""))?;
        Some(rest.split('"').next()?.replace("&amp;", "&"))
    };
    let ids = |page: &str| (0..FAILED).filter(|number| page.contains(&format!("/jobs/{}\"", id(*number)))).collect();
    let first = stage.page("/jobs?state=failed").await;
    let second = stage.page(&link(&first, "next").unwrap()).await;
    let back = stage.page(&link(&second, "prev").unwrap()).await;
    let all: [Vec<u64>; 3] = [ids(&first), ids(&second), ids(&back)];
    assert_eq!(all, [(1250..1300).collect(), (1200..1250).collect(), (1250..1300).collect::<Vec<_>>()]);
    assert_eq!(link(&first, "prev"), None);
}

#[tokio::test]
async fn over_sqlite_jobs_are_found_by_their_error_and_their_arguments() {
    let (_folder, stage) = filled().await;
    let page = stage.page("/jobs?state=failed&text=%22order%22%3A777").await;
    assert!(page.contains(&format!("/jobs/{}\"", id(777))) && !page.contains(&format!("/jobs/{}\"", id(778))));
    let words = words(&stage.page("/bulk/retry?state=failed&error=refused").await);
    assert!(words.contains("Retry 130 jobs?") && words.contains("failed jobs with the error refused"), "{words}");
}

#[tokio::test]
async fn over_sqlite_all_that_match_are_changed_and_the_rest_is_not() {
    let (_folder, stage) = filled().await;
    let told = stage.submit("/bulk/retry", "state=failed&error=busy").await;
    assert_eq!(told.status, StatusCode::SEE_OTHER);
    while plain::count(&*stage.store, State::Ready).await < 1170 {
        tokio::task::yield_now().await;
    }
    assert_eq!(plain::count(&*stage.store, State::Failed).await, 130);
    let words = words(&stage.page("/").await);
    assert!(words.contains("ready 1,170") && words.contains("failed 130"), "{words}");
}

#[tokio::test]
async fn over_sqlite_every_page_is_there() {
    let (_folder, stage) = filled().await;
    let job = format!("/jobs/{}", id(7));
    for path in ["/", "/jobs", "/queues", "/recurring", "/processes", &job, "/api/stats", "/api/jobs", "/api/recurring"]
    {
        assert!(!stage.page(path).await.is_empty(), "{path}");
    }
}
