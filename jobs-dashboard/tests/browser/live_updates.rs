//! Live updates in a browser.

use crate::driver::Browser;
use crate::server::Server;

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

#[test]
fn copy_buttons_stay_after_a_live_update() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    let page = Server::pages().into_iter().rfind(|page| page.starts_with("/jobs/")).unwrap();
    browser.go(&server.at(&page));
    let is_shown = "document.querySelector('[data-live] button.copy')?.offsetParent";
    browser.until(&format!("document.body.dataset.live && {is_shown} != null"));
    browser.ask("document.querySelector('[data-live] button.copy').closest('[data-live]').append('old')");
    browser.until("![...document.querySelectorAll('[data-live]')].some((it) => it.textContent.endsWith('old'))");
    browser.until(&format!("{is_shown} != null"));
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
