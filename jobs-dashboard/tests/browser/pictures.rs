//! The pictures of the README and the guide: `JOBS_TEST_PICTURES=docs/images cargo test -p jobs-dashboard --test browser pictures`.

use std::path::PathBuf;
use std::sync::Arc;

use jobs_core::{Claim, Decision, ErrorRecord, NewJob, Process, RecurringTask, Store};
use jobs_memory::MemoryStore;
use jobs_testing::plain::{ME, id};
use tokio::runtime::Runtime;

use crate::driver::Browser;
use crate::server::{Server, path};

const NAMES: [(&str, &str); 4] =
    [("charge_order", "payments"), ("send_receipt", "mail"), ("resize_image", "images"), ("sync_stock", "default")];

fn job(number: u64) -> NewJob {
    let (name, queue) = NAMES[usize::try_from(number).unwrap() % NAMES.len()];
    let mut job = NewJob::new(id(number), name, format!(r#"{{"order_id":{},"currency":"EUR"}}"#, 4000 + number));
    job.queue = queue.into();
    job
}

async fn fill(store: &dyn Store) {
    let _stored = store.enqueue(&(0..400).map(job).collect::<Vec<_>>()).await.unwrap();
    let _alive = store.heartbeat(&Process::new(ME, "worker-eu-1", "eu-1", 4711)).await.unwrap();
    let claimed = store.claim(&Claim::all(ME, 340)).await.unwrap();
    let settlements = claimed.into_iter().enumerate().map(|(index, execution)| {
        let mut error = ErrorRecord::new("shop::gateway::Declined", format!("the card of order {index} was declined"));
        (error.attempt, error.duration_ms, error.process) = (1, 340, Some(ME));
        error.at = jobs_core::Clock::now(&jobs_core::SystemClock);
        error.causes = vec!["HTTP 402 from gateway.example".to_owned()];
        let failed = Decision::Fail { meta: None, error };
        execution.settle(if index % 17 == 0 { failed } else { Decision::Finish { keep: true } })
    });
    let _settled = store.settle(&settlements.collect::<Vec<_>>()).await.unwrap();
    let _running = store.claim(&Claim::all(ME, 8)).await.unwrap();
    store.recurring().unwrap().declare(&[RecurringTask::new("nightly", "cleanup", "0 2 * * *")]).await.unwrap();
}

#[test]
fn the_pictures_of_the_pages_show_them_whole() {
    let Some(browser) = Browser::start() else { return };
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let runtime = Runtime::new().unwrap();
    runtime.block_on(fill(&*store));
    let server = Server::over(runtime, store);
    for (name, page, width, scheme) in [
        ("overview", "/".to_owned(), 1280, "light"),
        ("overview-dark", "/".to_owned(), 1280, "dark"),
        ("jobs", "/jobs?state=failed".to_owned(), 1280, "light"),
        ("jobs-narrow", "/jobs?state=failed".to_owned(), 400, "light"),
        ("job", path(0), 1280, "light"),
        ("processes", "/processes".to_owned(), 1280, "light"),
        ("bulk-question", "/bulk/retry?state=failed".to_owned(), 1280, "light"),
        ("recurring-task", "/recurring/task?key=nightly".to_owned(), 1280, "light"),
        ("processes-narrow", "/processes".to_owned(), 400, "dark"),
    ] {
        browser.size(width, 760);
        browser.color_scheme(scheme);
        browser.go(&server.at(&page));
        assert_eq!(browser.ask("return document.documentElement.scrollWidth"), width, "{page}");
        let picture = browser.picture();
        assert!(picture.starts_with(b"\x89PNG"), "{page}");
        if let Some(folder) = std::env::var_os("JOBS_TEST_PICTURES") {
            std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), picture).unwrap();
        }
    }
}
