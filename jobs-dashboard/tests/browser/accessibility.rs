//! Accessibility: screen readers, narrow screens, the dark color scheme.

use crate::driver::Browser;
use crate::server::Server;

const WIDE: u32 = 1280;
const NARROW: u32 = 360;

/// The serious violations that axe finds, with their elements.
const VIOLATIONS: &str = "
    return axe.run(document, { resultTypes: ['violations'] }).then((found) =>
      found.violations.filter((it) => ['serious', 'critical'].includes(it.impact))
        .map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(' | ')}`));";

#[test]
fn axe_finds_nothing_serious_on_any_page_scheme_and_width() {
    let Some(axe) = std::env::var_os("JOBS_TEST_AXE") else { return jobs_testing::skip("no axe-core") };
    let axe = std::fs::read_to_string(axe).unwrap();
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    // No part of a page is replaced while axe looks at it.
    browser.go(&server.at("/"));
    browser.ask("sessionStorage.setItem('paused', 'yes')");
    let (all, few) = (Server::pages(), ["/", "/jobs?state=failed", "/queues"].map(str::to_owned).to_vec());
    // Each page with both schemes and both widths. All four combinations only for a few pages: a run of axe takes long.
    for (scheme, width, pages) in
        [("light", WIDE, &all), ("dark", NARROW, &all), ("light", NARROW, &few), ("dark", WIDE, &few)]
    {
        browser.color_scheme(scheme);
        browser.size(width, 900);
        for page in pages {
            browser.go(&server.at(page));
            browser.ask(&axe);
            let found = browser.ask(VIOLATIONS);
            assert_eq!(found, serde_json::json!([]), "{page} {scheme} {width}");
        }
    }
}

#[test]
fn no_page_is_wider_than_a_narrow_screen() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    browser.size(NARROW, 800);
    for page in Server::pages() {
        browser.go(&server.at(&page));
        let width = browser.ask("return document.documentElement.scrollWidth");
        assert_eq!(width, NARROW, "{page}");
    }
}

#[test]
fn the_dark_scheme_has_another_background() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    let background = |scheme: &str| {
        browser.color_scheme(scheme);
        browser.go(&server.at("/"));
        browser.ask("return getComputedStyle(document.body).backgroundColor").to_string()
    };
    assert_ne!(background("light"), background("dark"));
}
