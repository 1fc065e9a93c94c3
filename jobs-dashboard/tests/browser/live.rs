//! What moves by itself.

use crate::driver::Browser;
use crate::served::Served;

#[test]
fn figures_and_charts_change_without_a_reload() {
    let Some(browser) = Browser::start() else { return };
    let served = Served::start();
    browser.go(&served.at("/"));
    browser.until("document.getElementById('live').textContent === 'live'");
    browser.ask("window.isSame = true; window.line = document.querySelector('.stroke').getAttribute('d')");
    let ready = "[...document.querySelectorAll('.figure.ready dd')].map((it) => it.textContent).join()";
    browser.until(&format!("{ready} === '55'"));
    served.enqueue(500);
    browser.until(&format!("{ready} === '56'"));
    browser.until("[...document.querySelectorAll('.stroke')].some((it) => it.getAttribute('d') !== '')");
    assert_eq!(browser.ask("return window.isSame"), true, "it is the same page");
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn a_page_says_when_the_dashboard_is_gone() {
    let Some(browser) = Browser::start() else { return };
    let served = Served::start();
    browser.go(&served.at("/queues"));
    browser.until("document.getElementById('live').textContent === 'live'");
    drop(served);
    browser.until("document.getElementById('live').textContent === 'out of reach'");
}

#[test]
fn what_is_stored_never_runs() {
    let Some(browser) = Browser::start() else { return };
    let served = Served::start();
    for page in Served::pages().iter().filter(|page| !page.contains("/no/")) {
        browser.go(&served.at(page));
        assert_eq!(browser.ask("return window.isHacked ?? null"), serde_json::Value::Null, "{page}");
        assert_eq!(browser.complaints(), [""; 0], "{page}");
    }
}
