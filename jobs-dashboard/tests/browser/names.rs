//! Pages with names of 200 characters, with texts that are written from right to left, and without any jobs.

use std::path::PathBuf;
use std::sync::Arc;

use jobs_core::{
    AttemptFigures, Claim, Decision, ErrorRecord, JobFigures, NewFigures, NewJob, Process, ProcessDetails, Store,
};
use jobs_memory::MemoryStore;
use jobs_testing::plain::{ME, id};
use tokio::runtime::Runtime;

use crate::driver::Browser;
use crate::server::{Server, path};

const HEBREW: &str = "שליחת_חשבונית";
const ARABIC: &str = "إرسال_الفاتورة";

fn names() -> [String; 4] {
    [HEBREW.to_owned(), ARABIC.to_owned(), "n".repeat(200), "send_mail".to_owned()]
}

async fn fill(store: &dyn Store) {
    let job = |number: u64| {
        let name = names()[usize::try_from(number).unwrap() % 4].clone();
        let arguments = format!(r#"{{"to":"{HEBREW} (1), 2","{ARABIC}":"{}"}}"#, "w".repeat(300));
        let mut job = NewJob::new(id(number), name.clone(), arguments);
        job.queue = name;
        job
    };
    let _stored = store.enqueue(&(0..50).map(job).collect::<Vec<_>>()).await.unwrap();
    let mut process = Process::new(ME, HEBREW, "h".repeat(200), 4711);
    process.details = ProcessDetails::new(12, names(), Some("1.2.3".to_owned()));
    let _alive = store.heartbeat(&process).await.unwrap();
    let claimed = store.claim(&Claim::all(ME, 20)).await.unwrap();
    let fail = |text: &str| Decision::Fail { meta: None, error: ErrorRecord::new("shop::Unpaid", text) };
    let texts = [format!("{HEBREW} (402): no!"), "m".repeat(400)];
    let settlements = claimed.into_iter().zip(texts.iter().cycle());
    let settlements: Vec<_> = settlements.map(|(execution, text)| execution.settle(fail(text))).collect();
    let _settled = store.settle(&settlements).await.unwrap();
    let _running = store.claim(&Claim::all(ME, 8)).await.unwrap();
    store.manage().unwrap().pause(HEBREW).await.unwrap();
    let figures = names().map(|name| {
        let mut figures = AttemptFigures::default();
        figures.add(false, std::time::Duration::from_millis(20), None);
        JobFigures::new(name.clone(), name, figures)
    });
    store.figures().unwrap().add(&NewFigures::new(figures.to_vec())).await.unwrap();
}

const PAGES: [&str; 8] =
    ["/", "/jobs", "/jobs?state=failed", "/jobs?state=claimed", "/queues", "/figures", "/processes", "/failures"];

/// Each page at both widths, in both colours: none is wider than the window.
fn fit(browser: &Browser, server: &Server, pages: &[String], kind: &str) {
    for (width, scheme) in [(1280, "light"), (400, "dark")] {
        browser.size(width, 900);
        browser.color_scheme(scheme);
        for (number, page) in pages.iter().enumerate() {
            browser.go(&server.at(page));
            assert_eq!(browser.ask("return document.documentElement.scrollWidth"), width, "{page} of {kind}");
            if let Some(folder) = std::env::var_os("JOBS_TEST_NAME_PICTURES") {
                let file = PathBuf::from(folder).join(format!("{kind}-{number}-{width}.png"));
                std::fs::write(file, browser.picture()).unwrap();
            }
        }
    }
}

#[test]
fn long_and_right_to_left_names_fit_every_page() {
    let Some(browser) = Browser::start() else { return };
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let runtime = Runtime::new().unwrap();
    runtime.block_on(fill(&*store));
    let server = Server::over(runtime, store);
    let figures = format!("/figures?job={}", "n".repeat(200));
    let pages: Vec<_> = PAGES.map(str::to_owned).into_iter().chain([figures, path(0), path(2)]).collect();
    fit(&browser, &server, &pages, "names");
    browser.go(&server.at("/jobs?state=failed"));
    let isolated =
        "return [...document.querySelectorAll('tbody th a:not(.to-figures)')].every(link => link.querySelector('bdi'))";
    assert_eq!(browser.ask(isolated), true, "a name does not turn the words beside it");
}

#[test]
fn pages_without_jobs_fit_and_say_that_there_are_none() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::over(Runtime::new().unwrap(), Arc::new(MemoryStore::default()));
    fit(&browser, &server, &PAGES.map(str::to_owned), "empty");
    let empty = "return document.querySelectorAll('main .empty').length > 0";
    for page in PAGES {
        browser.go(&server.at(page));
        assert_eq!(browser.ask(empty), true, "{page} says so");
    }
}
