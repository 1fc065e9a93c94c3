//! For whoever sees little or nothing, has a narrow screen, or reads in the dark.

use crate::driver::Browser;
use crate::served::Served;

const WIDE: u32 = 1280;
const NARROW: u32 = 360;

/// What axe finds that keeps people out: the rules that were broken, with where.
const FOUND: &str = "
    return axe.run(document, { resultTypes: ['violations'] }).then((found) =>
      found.violations.filter((it) => ['serious', 'critical'].includes(it.impact))
        .map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(' | ')}`));";

#[test]
fn axe_finds_nothing_serious_on_any_page_in_the_light_and_the_dark_wide_and_narrow() {
    let Some(axe) = std::env::var_os("JOBS_TEST_AXE") else { return jobs_testing::skip("no axe-core") };
    let axe = std::fs::read_to_string(axe).unwrap();
    let Some(browser) = Browser::start() else { return };
    let served = Served::start();
    let (all, few) = (Served::pages(), ["/", "/jobs?state=failed", "/queues"].map(str::to_owned).to_vec());
    // Each page in both lights and both widths; in all four together only those that have something of everything.
    for (scheme, width, pages) in
        [("light", WIDE, &all), ("dark", NARROW, &all), ("light", NARROW, &few), ("dark", WIDE, &few)]
    {
        browser.prefers(scheme);
        browser.size(width, 900);
        for page in pages {
            browser.go(&served.at(page));
            browser.ask(&axe);
            let found = browser.ask(FOUND);
            assert_eq!(found, serde_json::json!([]), "{page} {scheme} {width}");
        }
    }
}

#[test]
fn no_page_is_wider_than_a_narrow_screen() {
    let Some(browser) = Browser::start() else { return };
    let served = Served::start();
    browser.size(NARROW, 800);
    for page in Served::pages() {
        browser.go(&served.at(&page));
        let width = browser.ask("return document.documentElement.scrollWidth");
        assert_eq!(width, NARROW, "{page}");
    }
}

#[test]
fn in_the_dark_the_ground_is_dark() {
    let Some(browser) = Browser::start() else { return };
    let served = Served::start();
    let ground = |scheme: &str| {
        browser.prefers(scheme);
        browser.go(&served.at("/"));
        browser.ask("return getComputedStyle(document.body).backgroundColor").to_string()
    };
    assert_ne!(ground("light"), ground("dark"));
}
