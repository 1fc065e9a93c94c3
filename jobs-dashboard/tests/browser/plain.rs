//! Without scripts.

use crate::driver::Browser;
use crate::served::{FAILED, Served, path};

fn text(browser: &Browser, selector: &str) -> String {
    let text = browser.ask(&format!("return document.querySelector({selector:?})?.textContent ?? 'nothing'"));
    text.as_str().unwrap().to_owned()
}

#[test]
fn without_scripts_a_job_is_retried_and_a_queue_resumed() {
    let Some(browser) = Browser::start() else { return };
    let served = Served::start();
    browser.without_scripts();
    browser.go(&served.at("/"));
    assert_eq!(text(&browser, "#live"), "", "nothing moves by itself");
    browser.go(&served.at(&path(FAILED)));
    browser.press("form[action$='/retry'] button");
    assert_eq!(text(&browser, ".told"), "The job is ready to run.");
    browser.go(&served.at("/queues"));
    browser.press("form[action='/queues/resume'] button");
    assert_eq!(text(&browser, ".told"), "The queue payments is worked on again.");
    browser.go(&served.at("/queues"));
    assert_eq!(text(&browser, ".told"), "nothing", "it is told once");
}

#[test]
fn without_scripts_jobs_are_searched_and_all_that_match_are_discarded() {
    let Some(browser) = Browser::start() else { return };
    let served = Served::start();
    browser.without_scripts();
    browser.go(&served.at("/jobs?state=failed&name=charge_order"));
    browser.press("a[href*='/bulk/discard']");
    assert_eq!(text(&browser, "h1").trim(), "Discard 10 jobs?");
    browser.press("main form button");
    assert_eq!(text(&browser, ".told"), "10 jobs discarded.");
}
