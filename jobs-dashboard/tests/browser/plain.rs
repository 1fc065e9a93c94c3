//! Without scripts.

use crate::driver::Browser;
use crate::served::{FAILED, Served, path};

#[test]
fn without_scripts_a_job_is_retried_and_a_queue_resumed() {
    let Some(browser) = Browser::start() else { return };
    let served = Served::start();
    browser.without_scripts();
    browser.go(&served.at("/"));
    assert_eq!(browser.text("#live").unwrap(), "", "nothing moves by itself");
    browser.go(&served.at(&path(FAILED)));
    browser.press("form[action$='/retry'] button");
    browser.says(".told", "The job is ready to run.");
    browser.go(&served.at("/queues"));
    browser.press("form[action='/queues/resume'] button");
    browser.says(".told", "The queue payments is worked on again.");
    browser.go(&served.at("/queues"));
    browser.says("h1", "Queues");
    assert_eq!(browser.text(".told"), None, "it is told once");
}

#[test]
fn without_scripts_jobs_are_searched_and_all_that_match_are_discarded() {
    let Some(browser) = Browser::start() else { return };
    let served = Served::start();
    browser.without_scripts();
    browser.go(&served.at("/jobs?state=failed&name=charge_order"));
    browser.press("a[href*='/bulk/discard']");
    browser.says("h1", "Discard 10 jobs?");
    browser.press("main form button");
    browser.says(".told", "10 jobs discarded.");
}
