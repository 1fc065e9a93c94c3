//! Sidekiq's own pages on what Rust wrote: all of them open.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::ruby::Tree;
use crate::worker::{self, RubyPlain, RustDying, RustFlaky, RustPlain};

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
        RustFlaky::perform_later(format!("flaky-{n}")).on(&client).await.unwrap();
        RustDying::perform_later(format!("dying-{n}")).on(&client).await.unwrap();
        RubyPlain::perform_later(format!("ruby-{n}"), n).on(&client).await.unwrap();
        RustPlain::perform_later(format!("later-{n}"), n).wait(Duration::from_secs(3600)).on(&client).await.unwrap();
    }
    let _rust = worker::start(&tree.db);
    let count = async |set: &str| tree.db.run::<u64>(&["ZCARD", set]).await;
    tree.db.waits(|| async { count("dead").await == 3 }, "the dying jobs are dead").await;
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let _pages = tree.pages(port);
    tree.db.waits(|| async { TcpStream::connect(("127.0.0.1", port)).await.is_ok() }, "the pages are served").await;
    let mut seen = BTreeSet::new();
    for page in PAGES {
        let text = opens(port, page).await;
        seen.extend(links(&text));
    }
    for link in &seen {
        opens(port, link).await;
    }
    for kind in ["/scheduled/", "/morgue/"] {
        assert!(seen.iter().any(|link| link.starts_with(kind)), "no entry of {kind} is linked: {seen:?}");
    }
}

/// The text of a page that has to answer 200.
async fn opens(port: u16, path: &str) -> String {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.split(' ').nth(1) == Some("200"), "{path}: {}", answer.chars().take(2000).collect::<String>());
    answer
}

/// The pages of single jobs that this one links to.
fn links(page: &str) -> Vec<String> {
    let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let one = |link: &&str| ["/retries/", "/scheduled/", "/morgue/"].iter().any(|kind| link.starts_with(kind));
    hrefs.filter(one).map(str::to_owned).collect()
}
