//! The list of queues, also of thousands.

use axum::http::StatusCode;
use jobs_core::NewJob;
use jobs_testing::plain::id;
use serde_json::Value;

use crate::fixture::{Fixture, TestRequest};

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
