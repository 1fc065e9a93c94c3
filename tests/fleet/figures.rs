//! Figures that Sidekiq's pages show of jobs and processes of Rust.

use std::time::Duration;

use crate::ruby::Tree;
use crate::web::Pages;
use crate::worker::{self, RustMisplaced, RustPlain};

#[tokio::test(flavor = "multi_thread")]
async fn the_metrics_page_of_sidekiq_7_counts_jobs_of_rust() {
    metrics_are_shown("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metrics_page_of_sidekiq_8_counts_jobs_of_rust() {
    metrics_are_shown("forky").await;
}

async fn metrics_are_shown(release: &str) {
    let Some(tree) = Tree::of(release).await else { return };
    // A living Ruby process tells the version of the fleet.
    let _ruby = tree.sidekiq();
    let count = async || tree.db.run::<usize>(&["SCARD", "processes"]).await;
    tree.db.waits(|| async { count().await == 1 }, "the Ruby process is there").await;
    let client = worker::client(&tree.db, "").await;
    for n in 1..=5 {
        RustPlain::perform_later(format!("counted-{n}"), n).on(&client).await.unwrap();
    }
    let _rust = worker::start(&tree.db);
    tree.db.have_ended(5).await;
    let written = async || tree.db.run::<Vec<String>>(&["KEYS", "j|*"]).await.len();
    tree.db.waits(|| async { written().await > 0 }, "the figures are written").await;
    let pages = Pages::of(&tree).await;
    let page = pages.get("/metrics").await;
    assert!(page.contains("/metrics/RustPlain"), "{page}");
    pages.get("/metrics/RustPlain").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latency_of_a_queue_of_rust_is_right_in_sidekiq_6() {
    latency_is_right("bookworm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latency_of_a_queue_of_rust_is_right_in_sidekiq_7() {
    latency_is_right("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latency_of_a_queue_of_rust_is_right_in_sidekiq_8() {
    latency_is_right("forky").await;
}

async fn latency_is_right(release: &str) {
    let Some(tree) = Tree::of(release).await else { return };
    let version = if release == "forky" { "8.1" } else { "7.3" };
    let client = worker::client(&tree.db, &format!("?version={version}")).await;
    RustPlain::perform_later("old".to_owned(), 1).on(&client).await.unwrap();
    let enqueued = tokio::time::Instant::now();
    let printed = tree.output("latency.rb", &[]);
    let latency: f64 = printed.lines().last().unwrap_or_default().parse().unwrap_or_else(|_| panic!("{printed}"));
    let most = enqueued.elapsed() + Duration::from_secs(1);
    assert!(latency > -1.0 && latency < most.as_secs_f64(), "{latency}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_rust_in_a_queue_of_sidekiq_6_is_retried_there() {
    misplaced("bookworm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_rust_in_a_queue_of_sidekiq_7_is_retried_there() {
    misplaced("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_rust_in_a_queue_of_sidekiq_8_is_retried_there() {
    misplaced("forky").await;
}

/// A Ruby process that has no such class retries it by a `NameError`, and goes on.
async fn misplaced(release: &str) {
    let Some(tree) = Tree::of(release).await else { return };
    let client = worker::client(&tree.db, "").await;
    for n in 1..=3 {
        RustMisplaced::perform_later(n).on(&client).await.unwrap();
    }
    worker::RubyPlain::perform_later("after".to_owned(), 1).on(&client).await.unwrap();
    let _ruby = tree.sidekiq();
    tree.db.have_ended(1).await;
    let retried = async || tree.db.run::<Vec<String>>(&["ZRANGE", "retry", "0", "-1"]).await;
    tree.db.waits(|| async { retried().await.len() == 3 }, "the jobs of Rust wait for another attempt").await;
    assert!(retried().await.iter().all(|text| text.contains("NameError") && text.contains("\"jobs_rs\"")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_embedded_process_has_no_buttons_in_sidekiq_7() {
    embedded("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_embedded_process_has_no_buttons_in_sidekiq_8() {
    embedded("forky").await;
}

async fn embedded(release: &str) {
    let Some(tree) = Tree::of(release).await else { return };
    for (options, has_buttons) in [("", true), ("?embedded=yes", false)] {
        let rust = worker::start_with(&tree.db, options);
        let count = async || tree.db.run::<usize>(&["SCARD", "processes"]).await;
        tree.db.waits(|| async { count().await == 1 }, "the process is there").await;
        let page = Pages::of(&tree).await.get("/busy").await;
        // The buttons for all processes are always there.
        assert_eq!(page.contains(">Stop</button>"), has_buttons, "{page}");
        rust.stop();
    }
}
