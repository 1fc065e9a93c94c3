//! Sidekiq's own pages on what Rust wrote: all of them open.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::redis_db::connect;
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

#[tokio::test(flavor = "multi_thread")]
async fn the_dead_jobs_of_sidekiq_6_show_what_is_no_payload() {
    strange_entries_are_shown("bookworm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dead_jobs_of_sidekiq_7_show_what_is_no_payload() {
    strange_entries_are_shown("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dead_jobs_of_sidekiq_8_show_what_is_no_payload() {
    strange_entries_are_shown("forky").await;
}

/// What a stranger may have pushed.
const STRANGE: [&[u8]; 22] = [
    b"no JSON {",
    b"\xff\xfe",
    b"",
    b"7",
    b"null",
    b"\"text\"",
    b"[1,{\"a\":2}]",
    b"{}",
    br#"{"class":"NoArgs"}"#,
    br#"{"class":"NullArgs","args":null,"jid":null,"queue":null}"#,
    br#"{"class":7,"args":[1],"jid":8,"queue":9}"#,
    br#"{"class":"TextArgs","args":"text"}"#,
    br#"{"class":"ObjectArgs","args":{"a":1}}"#,
    br#"{"args":[1],"tags":"vip"}"#,
    br#"{"args":[1],"cattr":7}"#,
    br#"{"args":[1],"cattr_1":null}"#,
    br#"{"args":[1],"retry_count":1,"failed_at":5}"#,
    br#"{"args":[1],"retry_count":0}"#,
    br#"{"args":[1],"error_backtrace":"no base64"}"#,
    br#"{"args":[1],"enqueued_at":"soon","created_at":"before"}"#,
    br#"{"args":[1],"error_class":[1],"error_message":{"a":1}}"#,
    br#"{"class":"Sidekiq::ActiveJob::Wrapper","args":[7],"wrapped":"X"}"#,
];

async fn strange_entries_are_shown(release: &str) {
    let Some(tree) = Tree::of(release).await else { return };
    for text in STRANGE {
        let mut push = redis::cmd("LPUSH");
        push.arg("queue:rust").arg(text);
        let mut connection = connect(&tree.db.sidekiq).await.unwrap();
        let _: () = push.query_async(&mut connection).await.unwrap();
    }
    let _: () = tree.db.run(&["SADD", "queues", "rust"]).await;
    let _rust = worker::start(&tree.db);
    let dead = || async { tree.db.run::<usize>(&["ZCARD", "dead"]).await };
    tree.db.waits(|| async { dead().await == STRANGE.len() }, "all of it is dead").await;
    let pages = Pages::of(&tree).await;
    for page in PAGES {
        pages.get(page).await;
    }
    let seen: BTreeSet<_> = links(&pages.get("/morgue?count=100").await).into_iter().collect();
    // An entry that is not JSON has no page of its own in Sidekiq.
    let own_pages: Vec<_> = seen.iter().filter(|link| !link.ends_with('-')).collect();
    for link in &own_pages {
        pages.get(link).await;
    }
    assert!(own_pages.len() > 10, "{seen:?}");
}
