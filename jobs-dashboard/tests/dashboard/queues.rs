//! The list of queues, also of thousands.

use std::sync::Arc;

use axum::http::StatusCode;
use jobs_core::{NewJob, QueueRecord, Store, StoreExt, StoreFuture};
use jobs_dashboard::Dashboard;
use jobs_memory::MemoryStore;
use jobs_testing::plain::id;
use jobs_testing::{ManualClock, PassThrough, PassThroughStore};
use serde_json::Value;

use crate::fixture::{Fixture, TestRequest, text};

/// A ready job in each of 2,500 queues.
async fn tenants() -> Fixture {
    let fixture = Fixture::open();
    let job = |number: u64| {
        let mut job = NewJob::new(id(number), "note", "{}");
        job.queue = format!("tenant_{number:04}");
        job
    };
    let _stored = fixture.store.enqueue(&(0..2500).map(job).collect::<Vec<_>>()).await.unwrap();
    fixture
}

#[tokio::test]
async fn a_page_of_thousands_of_queues_is_short_and_leads_to_the_others() {
    let fixture = tenants().await;
    let (mut path, mut seen) = ("/queues".to_owned(), 0);
    loop {
        let page = fixture.page(&path).await;
        assert!(page.len() < 200_000, "{} bytes", page.len());
        assert!(page.contains("2,500 queues"), "{page}");
        seen += page.matches("<th scope=\"row\">").count();
        let Some((_, next)) = page.split_once("rel=\"next\" href=\"") else { break };
        path = next.split('"').next().unwrap().replace("&amp;", "&");
    }
    assert_eq!(seen, 2500);
}

#[tokio::test]
async fn queues_are_found_by_the_beginning_of_their_names() {
    let fixture = tenants().await;
    let page = fixture.page("/queues?prefix=tenant_012").await;
    assert_eq!(page.matches("<th scope=\"row\">").count(), 10, "{page}");
    assert!(page.contains("value=\"tenant_012\"") && !page.contains("rel=\"next\""), "{page}");
    assert!(fixture.page("/queues?prefix=zzz").await.contains("matches."));
    assert_eq!(fixture.page("/queues?prefix=").await.matches("<th scope=\"row\">").count(), 100);
}

#[tokio::test]
async fn a_queue_without_ready_jobs_shows_its_others_and_leads_to_them() {
    let fixture = Fixture::open();
    fixture.fail(1, "Bounced", "no").await;
    fixture.schedule(2).await;
    let page = fixture.page("/queues").await;
    let shown = text(&page);
    assert!(shown.contains("Longest wait Scheduled Blocked Running Failed State"), "{shown}");
    assert!(shown.contains("0 0ms 1 0 0 1 active"), "{shown}");
    for list in ["/jobs?queue=mail", "/jobs?state=scheduled&amp;queue=mail", "/jobs?state=failed&amp;queue=mail"] {
        assert!(page.contains(&format!("href=\"{list}\"")), "{list}: {page}");
    }
    assert!(!page.contains("state=ready") && !page.contains("state=blocked"), "no link leads to nothing: {page}");
}

/// A store that counts only the ready jobs of a queue.
struct OnlyReady(MemoryStore);

impl PassThrough for OnlyReady {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        Box::pin(async {
            let mut queues = self.0.require_inspect()?.queues().await?;
            for queue in &mut queues {
                queue.counts = None;
            }
            Ok(queues)
        })
    }
}

#[tokio::test]
async fn a_store_that_counts_no_other_jobs_by_queue_has_no_columns_for_them() {
    let clock = ManualClock::new();
    let store = PassThroughStore(OnlyReady(MemoryStore::new(Arc::new(clock.clone()))));
    let fixture = Fixture::over(Arc::new(store), clock, Dashboard::without_authentication);
    fixture.enqueue(1, |_| {}).await;
    let page = fixture.page("/queues").await;
    assert!(text(&page).contains("Longest wait State") && page.contains("/jobs?state=ready&amp;queue=mail"), "{page}");
}

#[tokio::test]
async fn the_api_has_queues_in_pages_with_a_link_to_the_next() {
    let fixture = tenants().await;
    let (mut path, mut seen) = ("/api/queues?prefix=tenant_".to_owned(), Vec::new());
    loop {
        let response = fixture.send(TestRequest::page(&path)).await;
        assert_eq!(response.status, StatusCode::OK, "{}", response.body);
        let page: Vec<Value> = serde_json::from_str(&response.body).unwrap();
        assert!(page.len() <= 1000);
        seen.extend(page.iter().map(|queue| queue["queue"].as_str().unwrap().to_owned()));
        let Some((next, _)) = response.header("link").split_once(">; rel=\"next\"") else { break };
        path = next.trim_start_matches('<').to_owned();
    }
    assert_eq!(seen, (0..2500).map(|number| format!("tenant_{number:04}")).collect::<Vec<_>>());
}
