//! What a user chooses: the colours, pages by keys, a pause of the live updates.

use crate::driver::Browser;
use crate::server::Server;

#[test]
fn the_colours_can_be_chosen_and_stay() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    let background = || browser.ask("return getComputedStyle(document.body).backgroundColor").to_string();
    browser.color_scheme("light");
    browser.go(&server.at("/"));
    let light = background();
    browser.go(&server.at("/help"));
    browser.click("[value=dark]");
    browser.wait_for_text("[aria-pressed=true]", "Dark");
    browser.go(&server.at("/"));
    assert_ne!(background(), light);
    browser.go(&server.at("/help"));
    browser.click("[value=system]");
    browser.wait_for_text("[aria-pressed=true]", "As the system");
    assert_eq!(background(), light);
}

/// Waits for this page, until its script runs.
fn arrives(browser: &Browser, heading: &str) {
    browser.wait_for_text("h1", heading);
    browser.until("document.getElementById('live').textContent === 'live'");
}

#[test]
fn keys_lead_to_the_pages_and_not_while_a_field_has_the_focus() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    browser.go(&server.at("/"));
    arrives(&browser, "Overview");
    browser.keys(&['g', 'f']);
    arrives(&browser, "Failures");
    browser.keys(&['g', 'j']);
    arrives(&browser, "Jobs");
    browser.keys(&['/']);
    assert_eq!(browser.ask("return document.activeElement.name"), "name");
    browser.keys(&['g', 'q']);
    assert_eq!(browser.ask("return document.activeElement.value"), "gq");
    browser.go(&server.at("/queues"));
    arrives(&browser, "Queues");
    browser.keys(&['?']);
    browser.wait_for_text("h1", "Keys and colours");
}

#[test]
fn live_updates_can_be_paused_and_resumed() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    browser.go(&server.at("/"));
    browser.until("document.getElementById('live').textContent === 'live'");
    browser.click("#pause");
    browser.until("document.getElementById('live').textContent === 'paused'");
    browser.go(&server.at("/queues"));
    browser.until("document.getElementById('live').textContent === 'paused'");
    browser.keys(&['l']);
    browser.until("document.getElementById('live').textContent === 'live'");
}
