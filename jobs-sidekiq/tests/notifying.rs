//! A worker that waits hears of jobs that Ruby pushes, at little cost.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::TestDb;
use common::jobs::{ME, payload};
use common::server::OwnServer;
use jobs_core::{Claim, Listener, Notifier, QueueSelector, Store};
use jobs_sidekiq::SidekiqStore;
use serde_json::json;
use tokio::time::{Instant, timeout};

async fn claims(store: &SidekiqStore, queues: &[&str]) -> usize {
    let selectors = queues.iter().map(|queue| queue.parse::<QueueSelector>().unwrap()).collect();
    store.claim(&Claim::new(ME, selectors, 10)).await.unwrap().len()
}

/// Waits as a worker does: hears, claims, and waits again if there was nothing.
async fn until_claimed(store: &SidekiqStore, listener: &mut dyn Listener, queues: &[&str]) {
    let found = async {
        while claims(store, queues).await == 0 {
            listener.recv().await;
        }
    };
    timeout(Duration::from_secs(60), found).await.expect("the job is found without polling");
}

#[tokio::test]
async fn a_job_that_ruby_pushes_wakes_a_worker_that_listens_to_its_queue() {
    for queues in [&["mail"][..], &["other", "ma*"], &["*"]] {
        let Some(db) = TestDb::new().await else { return };
        let store = db.open().await;
        let mut listener = store.listen();
        for number in 1..=20 {
            assert_eq!(claims(&store, queues).await, 0);
            db.push("mail", &payload(number, json!({}))).await;
            until_claimed(&store, &mut *listener, queues).await;
        }
    }
}

#[tokio::test]
async fn a_job_is_picked_up_in_a_few_milliseconds_while_there_is_work() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let mut listener = store.listen();
    let mut connection = db.connection().await;
    let mut waits = Vec::new();
    for number in 1..=100 {
        assert_eq!(claims(&store, &["mail"]).await, 0);
        let (text, pushed) = (payload(number, json!({})), Instant::now());
        let _: () = redis::cmd("LPUSH").arg("queue:mail").arg(&text).query_async(&mut connection).await.unwrap();
        until_claimed(&store, &mut *listener, &["mail"]).await;
        waits.push(pushed.elapsed());
    }
    waits.sort();
    // On a machine that does nothing else it is 2 ms; this leaves room for one that is busy.
    assert!(waits[50] < Duration::from_millis(20), "the median of {waits:?}");
}

/// How many commands the server has done.
async fn commands(server: &OwnServer) -> u64 {
    let info: String = server.run(&["INFO", "stats"]).await;
    let line = info.lines().find_map(|line| line.strip_prefix("total_commands_processed:")).unwrap();
    line.trim().parse().unwrap()
}

#[tokio::test]
async fn waiting_for_two_thousand_queues_is_a_few_commands_a_second() {
    let Some(server) = OwnServer::new().await else { return };
    let queues: Vec<String> = (0..2_000).map(|number| format!("queue-{number}")).collect();
    let words: Vec<&str> = ["SADD", "queues"].into_iter().chain(queues.iter().map(String::as_str)).collect();
    let _: () = server.run(&words).await;
    let _: () = server.run(&["LPUSH", "queue:paused", "a job"]).await;
    let _: () = server.run(&["SADD", "queues", "paused"]).await;
    let _: () = server.run(&["SADD", "paused", "paused"]).await;
    let store = jobs_sidekiq::SidekiqOptions::from_url(&server.url()).unwrap().connect().await.unwrap();
    assert_eq!(claims(&store, &["*"]).await, 0);
    let mut listener = store.listen();
    let before = commands(&server).await;
    let waited = timeout(Duration::from_secs(1), async {
        // The subscription wakes the worker once; a job of a paused queue does not.
        for _ in 0..3 {
            listener.recv().await;
        }
    });
    assert!(waited.await.is_err(), "nothing is there for it");
    let did = commands(&server).await - before;
    assert!(did < 600, "{did} commands in a second, and not one for each queue and look");
}
