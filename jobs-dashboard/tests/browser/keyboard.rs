//! With the keyboard alone.

use crate::driver::Browser;
use crate::served::{FAILED, Served, path};

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
fn the_first_key_leads_past_the_head_and_the_next_to_what_can_be_done() {
    let Some(browser) = Browser::start() else { return };
    let served = Served::start();
    browser.go(&served.at(&path(FAILED)));
    browser.keys(&[TAB]);
    assert_eq!(focused(&browser), "Skip to content");
    let is_seen = "const it = document.activeElement.getBoundingClientRect(); return it.left >= 0 && it.width > 0";
    assert_eq!(browser.ask(is_seen), true, "whoever sees sees where they are");
    browser.keys(&[ENTER]);
    assert_eq!(browser.ask("return document.activeElement.id"), "content");
    browser.keys(&[TAB]);
    assert_eq!(focused(&browser), "Retry");
    assert_eq!(browser.ask("return getComputedStyle(document.activeElement).outlineStyle"), "solid");
    browser.keys(&[ENTER]);
    browser.says(".told", "The job is ready to run.");
}

#[test]
fn whoever_is_in_the_midst_of_something_is_not_disturbed_by_what_moves() {
    let Some(browser) = Browser::start() else { return };
    let served = Served::start();
    browser.go(&served.at("/queues"));
    browser.until("document.getElementById('live').textContent === 'live'");
    browser.ask("window.button = document.querySelector('#queues button'); window.button.focus()");
    browser.ask("window.looks = 0; new EventSource(document.body.dataset.live).addEventListener('look', () => { document.body.dataset.looks = ++window.looks })");
    served.enqueue(500);
    browser.until("Number(document.body.dataset.looks) >= 3");
    assert_eq!(browser.ask("return document.activeElement === window.button"), true);
}
