//! The dashboard with the keyboard only.

use crate::driver::Browser;
use crate::server::{FAILED, Server, path};

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';

fn focused(browser: &Browser) -> String {
    browser
        .ask("return document.activeElement.textContent.trim() || document.activeElement.id")
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn the_first_tab_skips_the_head_and_the_next_reaches_the_actions() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    browser.go(&server.at(&path(FAILED)));
    browser.keys(&[TAB]);
    assert_eq!(focused(&browser), "Skip to content");
    let is_seen = "const it = document.activeElement.getBoundingClientRect(); return it.left >= 0 && it.width > 0";
    assert_eq!(browser.ask(is_seen), true, "the focus is visible");
    browser.keys(&[ENTER]);
    assert_eq!(browser.ask("return document.activeElement.id"), "content");
    browser.keys(&[TAB]);
    assert_eq!(focused(&browser), "Retry");
    assert_eq!(browser.ask("return getComputedStyle(document.activeElement).outlineStyle"), "solid");
    browser.keys(&[ENTER]);
    browser.wait_for_text(".flash", "The job is ready to run.");
}

#[test]
fn live_updates_do_not_replace_the_element_with_the_focus() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    browser.go(&server.at("/queues"));
    browser.until("document.getElementById('live').textContent === 'live'");
    browser.ask("window.button = document.querySelector('#queues button'); window.button.focus()");
    browser.ask("window.samples = 0; new EventSource(document.body.dataset.live).addEventListener('sample', () => { document.body.dataset.samples = ++window.samples })");
    server.enqueue(500);
    browser.until("Number(document.body.dataset.samples) >= 3");
    assert_eq!(browser.ask("return document.activeElement === window.button"), true);
}
