//! Live updates in a browser.

use jobs_core::{AttemptLog, Claim, Clock, Decision, LogLevel, LogLine, NewJob, Store, SystemClock};
use jobs_testing::plain::{ME, id};

use crate::driver::Browser;
use crate::server::{Server, path};

#[test]
fn figures_and_charts_change_without_a_reload() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    browser.go(&server.at("/"));
    browser.until("document.getElementById('live').textContent === 'live'");
    browser.ask("window.isSame = true; window.line = document.querySelector('.stroke')?.getAttribute('d')");
    let ready = "[...document.querySelectorAll('.figure.ready dd')].map((it) => it.textContent).join()";
    browser.until(&format!("{ready} === '55'"));
    server.enqueue(500);
    browser.until(&format!("{ready} === '56'"));
    browser.until("[...document.querySelectorAll('.stroke')].some((it) => it.getAttribute('d') !== '')");
    assert_eq!(browser.ask("return window.isSame"), true, "it is the same page");
    assert_eq!(browser.console_errors(), [""; 0]);
}

#[test]
fn a_page_says_when_the_dashboard_is_disconnected() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    browser.go(&server.at("/queues"));
    browser.until("document.getElementById('live').textContent === 'live'");
    drop(server);
    browser.until("document.getElementById('live').textContent === 'disconnected'");
}

/// A job that finished with a log.
async fn with_log(store: &dyn Store) {
    let mut job = NewJob::new(id(900), "note", "{}");
    job.queue = "logs".into();
    let _stored = store.enqueue(&[job]).await.unwrap();
    let line = LogLine::new(SystemClock.now(), LogLevel::Warn, "shop", "all is well");
    let log = AttemptLog::new(vec![line], 0, Vec::new());
    let claimed = store.claim(&Claim::all(ME, 1)).await.unwrap().pop().unwrap();
    let _settled = store.settle(&[claimed.settle(Decision::Finish { keep: true }).with_log(Some(log))]).await.unwrap();
}

#[test]
fn the_button_that_copies_a_log_stays_after_a_live_update() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    server.runtime.block_on(with_log(&*server.store));
    browser.go(&server.at(&path(900)));
    let is_shown = "getComputedStyle(document.querySelector('#job button.copy')).display !== 'none'";
    browser.until("document.getElementById('live').textContent === 'live'");
    assert_eq!(browser.ask(&format!("return {is_shown}")), true);
    browser.ask("document.getElementById('job').append('old')");
    browser.until("!document.getElementById('job').textContent.endsWith('old')");
    assert_eq!(browser.ask(&format!("return {is_shown}")), true);
}

#[test]
fn stored_scripts_never_run() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    for page in Server::pages().iter().filter(|page| !page.contains("/no/")) {
        browser.go(&server.at(page));
        assert_eq!(browser.ask("return window.isHacked ?? null"), serde_json::Value::Null, "{page}");
        assert_eq!(browser.console_errors(), [""; 0], "{page}");
    }
}
