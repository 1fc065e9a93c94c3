//! Sidekiq's own pages on what Rust wrote: all of them open.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::ruby::Tree;
use crate::web::{Pages, links};
use crate::worker::{self, RubyPlain, RustDying, RustPatient, RustPlain};

const PAGES: [&str; 9] =
    ["/", "/busy", "/queues", "/queues/rust", "/queues/ruby", "/retries", "/scheduled", "/morgue", "/stats"];

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_of_sidekiq_6_open_on_what_rust_wrote() {
    all_pages_open("bookworm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_of_sidekiq_7_open_on_what_rust_wrote() {
    all_pages_open("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_of_sidekiq_8_open_on_what_rust_wrote() {
    all_pages_open("forky").await;
}

async fn all_pages_open(release: &str) {
    let Some(tree) = Tree::of(release).await else { return };
    let client = worker::client(&tree.db, "").await;
    for n in 1..=3 {
        RustPatient::perform_later(format!("patient-{n}")).on(&client).await.unwrap();
        RustDying::perform_later(format!("dying-{n}")).on(&client).await.unwrap();
        RubyPlain::perform_later(format!("ruby-{n}"), n).on(&client).await.unwrap();
        RustPlain::perform_later(format!("later-{n}"), n).wait(Duration::from_secs(3600)).on(&client).await.unwrap();
    }
    let _rust = worker::start(&tree.db);
    let count = async |set: &str| tree.db.run::<u64>(&["ZCARD", set]).await;
    let have_failed = || async { count("dead").await == 3 && count("retry").await == 3 };
    tree.db.waits(have_failed, "the jobs that fail are dead or wait").await;
    let pages = Pages::of(&tree).await;
    let mut seen = BTreeSet::new();
    for page in PAGES {
        let text = pages.get(page).await;
        seen.extend(links(&text));
    }
    for link in &seen {
        pages.get(link).await;
    }
    for kind in ["/retries/", "/scheduled/", "/morgue/"] {
        assert!(seen.iter().any(|link| link.starts_with(kind)), "no entry of {kind} is linked: {seen:?}");
    }
}
