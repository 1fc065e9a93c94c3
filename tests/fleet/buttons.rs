//! The buttons of Sidekiq's pages on jobs that Rust wrote.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;

use crate::ruby::{Running, Tree};
use crate::web::{Pages, links};
use crate::worker::{self, RustPatient, RustPlain};

#[tokio::test(flavor = "multi_thread")]
async fn the_buttons_of_sidekiq_6_act_on_what_rust_wrote() {
    buttons_act("bookworm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_buttons_of_sidekiq_7_act_on_what_rust_wrote() {
    buttons_act("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_buttons_of_sidekiq_8_act_on_what_rust_wrote() {
    buttons_act("forky").await;
}

async fn buttons_act(release: &str) {
    let Some(tree) = Tree::of(release).await else { return };
    let client = worker::client(&tree.db, "").await;
    for button in ["retry", "kill", "delete"] {
        RustPatient::perform_later(button.to_owned()).on(&client).await.unwrap();
    }
    RustPlain::perform_later("later".to_owned(), 1).wait(Duration::from_secs(3600)).on(&client).await.unwrap();
    let rust = worker::start(&tree.db);
    tree.db.waits(|| async { keys(&tree, "retry").await.len() == 3 }, "the patient jobs wait").await;
    let pages = Pages::of(&tree).await;
    for button in ["retry", "kill", "delete"] {
        pages.press(&page_of(&tree, "retry", "/retries", button, &pages).await, &format!("{button}=yes")).await;
    }
    pages.press(&page_of(&tree, "schedule", "/scheduled", "later", &pages).await, "add_to_queue=yes").await;
    tree.db.have_ended(2).await;
    let ended = tree.db.noted("ended").await;
    assert_eq!(ended.into_keys().collect::<Vec<_>>(), ["rust later", "rust retry"]);
    assert_eq!(keys(&tree, "dead").await, ["kill"]);
    assert_eq!(keys(&tree, "retry").await, Vec::<String>::new());
    quiet_and_stop(&tree, &pages, rust).await;
}

/// The page of the processes tells one to claim no more, and then to end.
async fn quiet_and_stop(tree: &Tree, pages: &Pages, mut rust: Running) {
    let processes: Vec<String> = tree.db.run(&["SMEMBERS", "processes"]).await;
    let [identity] = processes.as_slice() else { panic!("{processes:?}") };
    pages.press("/busy", &format!("identity={identity}&quiet=1")).await;
    let is_quiet = || async { tree.db.run::<String>(&["HGET", identity, "quiet"]).await == "true" };
    tree.db.waits(is_quiet, "the process says that it is quiet").await;
    pages.press("/busy", &format!("identity={identity}&stop=1")).await;
    let has_ended = Mutex::new(&mut rust.0);
    tree.db.waits(|| async { has_ended.lock().unwrap().try_wait().unwrap().is_some() }, "the process ended").await;
    assert_eq!(tree.db.run::<u64>(&["SCARD", "processes"]).await, 0);
}

/// The first arguments of the jobs in a sorted set.
async fn keys(tree: &Tree, set: &str) -> Vec<String> {
    let texts: Vec<String> = tree.db.run(&["ZRANGE", set, "0", "-1"]).await;
    texts.iter().map(|text| job(text)["args"][0].as_str().unwrap().to_owned()).collect()
}

/// The page of the job with this first argument.
async fn page_of(tree: &Tree, set: &str, list: &str, key: &str, pages: &Pages) -> String {
    let texts: Vec<String> = tree.db.run(&["ZRANGE", set, "0", "-1"]).await;
    let found = texts.iter().map(|text| job(text)).find(|job| job["args"][0] == key).unwrap();
    let jid = found["jid"].as_str().unwrap().to_owned();
    links(&pages.get(list).await).into_iter().find(|link| link.ends_with(&jid)).unwrap()
}

fn job(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
