//! The dashboard in a browser without scripts.

use crate::driver::Browser;
use crate::server::{FAILED, Server, path};

#[test]
fn without_scripts_a_job_is_retried_and_a_queue_resumed() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    browser.without_scripts();
    browser.go(&server.at("/"));
    assert_eq!(browser.text("#live").unwrap(), "", "there are no live updates");
    browser.go(&server.at(&path(FAILED)));
    browser.click("form[action$='/retry'] button");
    browser.wait_for_text(".flash", "The job is ready to run.");
    browser.go(&server.at("/queues"));
    browser.click("form[action='/queues/resume'] button");
    browser.wait_for_text(".flash", "The queue payments is resumed.");
    browser.go(&server.at("/queues"));
    browser.wait_for_text("h1", "Queues");
    assert_eq!(browser.text(".flash"), None, "the message is shown once");
}

#[test]
fn without_scripts_matching_jobs_are_searched_and_discarded() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    browser.without_scripts();
    browser.go(&server.at("/jobs?state=failed&name=charge_order"));
    browser.click("a[href*='/bulk/discard']");
    browser.wait_for_text("h1", "Discard 10 jobs?");
    browser.click("main form button");
    browser.wait_for_text(".flash", "10 jobs discarded.");
}
