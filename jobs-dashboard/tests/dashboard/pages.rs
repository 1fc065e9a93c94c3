//! What the pages show.

use jobs_core::{Claim, Process, ProcessId};
use jobs_testing::plain::{self, ME};

use crate::stage::{Stage, words};

#[tokio::test]
async fn the_overview_counts_jobs_by_state() {
    let stage = Stage::open();
    plain::enqueue(&*stage.store, 0..1234).await;
    let _done = plain::work(&*stage.store, 2).await;
    let words = stage.words("/").await;
    assert!(words.contains("ready 1,232") && words.contains("finished 2"), "{words}");
}

#[tokio::test]
async fn processes_are_listed_with_where_they_run() {
    let stage = Stage::open();
    let process = Process::new(ProcessId::new(7), "worker-1", "host-a", 4711);
    let _alive = stage.store.heartbeat(&process).await.unwrap();
    stage.clock.advance(std::time::Duration::from_secs(65));
    let page = stage.page("/processes").await;
    assert!(page.contains("worker-1") && page.contains("host-a:4711") && page.contains("65s ago"), "{page}");
}

#[tokio::test]
async fn what_is_stored_is_escaped() {
    let stage = Stage::open();
    let script = "<script>alert('x')</script>\"&";
    let process = Process::new(ProcessId::new(7), script, script, 1);
    let _alive = stage.store.heartbeat(&process).await.unwrap();
    stage.store.manage().unwrap().pause("<script>alert('x')</script>").await.unwrap();
    for path in ["/queues", "/processes"] {
        let page = stage.page(path).await;
        assert!(page.contains("&lt;script&gt;"), "{path}");
        assert!(!page.contains("<script>"), "{path}");
    }
}

#[tokio::test]
async fn processes_are_listed_with_what_they_run() {
    let stage = Stage::open();
    let process = Process::new(ME, "worker-1", "host-a", 4711);
    let _alive = stage.store.heartbeat(&process).await.unwrap();
    let id = stage.enqueue(1, |_| {}).await;
    let _claimed = stage.store.claim(&Claim::all(ME, 1)).await.unwrap();
    let page = stage.page("/processes").await;
    assert!(page.contains(&format!("/jobs/{id}\"")), "{page}");
    assert!(page.contains(&format!("/jobs?state=claimed&amp;process={ME}\"")), "{page}");
}

#[tokio::test]
async fn the_overview_has_the_queues_that_wait_longest_and_the_jobs_that_failed_last() {
    let stage = Stage::open();
    let failed = stage.fail(1, "shop::Bounced", "no such address").await;
    stage.enqueue(2, |job| job.queue = "slow".into()).await;
    stage.clock.advance(std::time::Duration::from_secs(90));
    stage.enqueue(3, |job| job.queue = "quick".into()).await;
    let page = stage.page("/").await;
    let words = words(&page);
    assert!(page.contains(&format!("/jobs/{failed}\"")) && words.contains("no such address"), "{words}");
    assert!(words.find("slow 1 ready, 1m 30s").unwrap() < words.find("quick 1 ready, 0ms").unwrap(), "{words}");
    assert!(words.contains("longest wait 1m 30s"), "{words}");
}
