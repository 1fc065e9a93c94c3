//! The content of the pages.

use jobs_core::{Claim, Process, ProcessId};
use jobs_testing::plain::{self, ME};

use crate::fixture::{Fixture, text};

#[tokio::test]
async fn the_overview_counts_jobs_by_state() {
    let fixture = Fixture::open();
    plain::enqueue(&*fixture.store, 0..1234).await;
    let _done = plain::work(&*fixture.store, 2).await;
    let text = fixture.text("/").await;
    assert!(text.contains("ready 1,232") && text.contains("finished 2"), "{text}");
}

#[tokio::test]
async fn processes_are_listed_with_where_they_run() {
    let fixture = Fixture::open();
    let process = Process::new(ProcessId::new(7), "worker-1", "host-a", 4711);
    let _alive = fixture.store.heartbeat(&process).await.unwrap();
    fixture.clock.advance(std::time::Duration::from_secs(65));
    let page = fixture.page("/processes").await;
    assert!(page.contains("worker-1") && page.contains("host-a:4711") && page.contains("1m 5s ago"), "{page}");
}

#[tokio::test]
async fn what_is_stored_is_escaped() {
    let fixture = Fixture::open();
    let script = "<script>alert('x')</script>\"&";
    let process = Process::new(ProcessId::new(7), script, script, 1);
    let _alive = fixture.store.heartbeat(&process).await.unwrap();
    fixture.store.manage().unwrap().pause("<script>alert('x')</script>").await.unwrap();
    for path in ["/queues", "/processes"] {
        let page = fixture.page(path).await;
        assert!(page.contains("&lt;script&gt;"), "{path}");
        assert!(!page.contains("<script>"), "{path}");
    }
}

#[tokio::test]
async fn processes_are_listed_with_what_they_run() {
    let fixture = Fixture::open();
    let process = Process::new(ME, "worker-1", "host-a", 4711);
    let _alive = fixture.store.heartbeat(&process).await.unwrap();
    let id = fixture.enqueue(1, |_| {}).await;
    let _claimed = fixture.store.claim(&Claim::all(ME, 1)).await.unwrap();
    let page = fixture.page("/processes").await;
    assert!(page.contains(&format!("/jobs/{id}\"")), "{page}");
    assert!(page.contains(&format!("/jobs?state=claimed&amp;process={ME}\"")), "{page}");
}

#[tokio::test]
async fn the_overview_has_the_longest_waits_and_the_latest_failures() {
    let fixture = Fixture::open();
    let failed = fixture.fail(1, "shop::Bounced", "no such address").await;
    fixture.enqueue(2, |job| job.queue = "slow".into()).await;
    fixture.clock.advance(std::time::Duration::from_secs(90));
    fixture.enqueue(3, |job| job.queue = "quick".into()).await;
    let page = fixture.page("/").await;
    let text = text(&page);
    assert!(page.contains(&format!("/jobs/{failed}\"")) && text.contains("no such address"), "{text}");
    assert!(text.find("slow 1 ready, 1m 30s").unwrap() < text.find("quick 1 ready, 0ms").unwrap(), "{text}");
    assert!(text.contains("longest wait 1m 30s"), "{text}");
}
