//! Failures that people act on, in Rust and on Ruby's page at the same moment.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use common::TestDb;
use common::jobs::{claim, claim_from, fail, job, run, text};
use jobs_core::{Filter, Inspect, JobRecord, Manage, Notifier, State, Store};
use jobs_resque::{FailureRecord, Payload, ResqueStore};

async fn failures(store: &ResqueStore) -> Vec<JobRecord> {
    store.page(&Filter::state(State::Failed)).await.unwrap().jobs
}

/// The record of a failure as Ruby writes it.
fn of_ruby(number: u32) -> String {
    format!(
        r#"{{"failed_at":"2026/11/29 16:45:14 UTC","payload":{},"exception":"ArgumentError","error":"no {number}","backtrace":["/app/charge.rb:7:in 'perform'"],"worker":"worker-1:11189:low","queue":"low"}}"#,
        text(number)
    )
}

#[tokio::test]
async fn a_retried_failure_runs_again_and_its_record_stays_with_the_time() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    store.enqueue(&[job(1)]).await.unwrap();
    run(&store, fail("declined")).await;
    let _: () = db.run(&["LPUSH", "resque:failed", &of_ruby(7)]).await;
    let before = db.list("resque:failed").await;
    assert_eq!(store.retry(&[job(1).id]).await.unwrap(), 1);
    let after = db.list("resque:failed").await;
    assert_eq!((after.len(), &after[0]), (2, &before[0]), "the other record is as it was");
    let record = FailureRecord::parse(&after[1]).unwrap();
    assert!(after[1].starts_with(before[1].strip_suffix('}').unwrap()) && record.retried_at().is_some());
    let again = claim(&store, 1).await.pop().unwrap();
    assert_eq!((again.id(), again.attempt), (job(1).id, 2));
    assert_eq!(failures(&store).await.len(), 1, "what was retried is no failure any more");
    assert_eq!(store.counts().await.unwrap().of(State::Failed), 1);
    assert_eq!(store.retry(&[job(1).id]).await.unwrap(), 0, "it is not retried twice");
}

#[tokio::test]
async fn a_failure_of_ruby_is_shown_and_retried_with_class_and_arguments() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _: () = db.run(&["RPUSH", "resque:failed", &of_ruby(7)]).await;
    let shown = failures(&store).await.pop().unwrap();
    assert_eq!((shown.name.as_str(), shown.queue.as_str(), shown.attempts), ("Charge", "low", 1));
    assert_eq!((shown.errors[0].class.as_str(), shown.errors[0].message.as_str()), ("ArgumentError", "no 7"));
    assert_eq!(store.retry(&[shown.id]).await.unwrap(), 1);
    assert_eq!(db.list("resque:queue:low").await, [text(7)]);
}

#[tokio::test]
async fn a_record_that_moved_or_changed_meanwhile_is_not_mistaken_for_another() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for number in [1, 2] {
        let _: () = db.run(&["RPUSH", "resque:failed", &of_ruby(number)]).await;
    }
    let ids = [1, 2].map(|number| Payload::parse(&text(number)).unwrap().id());
    // Ruby's page retries the first and removes it, by its position.
    let retried = FailureRecord::parse(&of_ruby(1)).unwrap().retried(jobs_core::Timestamp::default()).text();
    let _: () = db.run(&["LSET", "resque:failed", "0", &retried]).await;
    assert_eq!(store.discard(&[ids[0]]).await.unwrap(), 0, "it is retried already");
    let _: () = db.run(&["LPOP", "resque:failed"]).await;
    assert_eq!(store.retry(&ids).await.unwrap(), 1);
    assert_eq!(db.list("resque:queue:low").await, [text(2)]);
    assert_eq!(store.discard(&ids).await.unwrap(), 1, "the one in the queue");
    assert_eq!(db.list("resque:queue:low").await, Vec::<String>::new());
}

#[tokio::test]
async fn retrying_and_removing_at_the_same_moment_does_one_of_both() {
    let Some(db) = TestDb::new().await else { return };
    let (one, other) = (db.open().await, db.open().await);
    for round in 0..20 {
        let _: () = db.run(&["RPUSH", "resque:failed", &of_ruby(round)]).await;
        let ids = [Payload::parse(&text(round)).unwrap().id()];
        let (retried, again) = tokio::join!(one.retry(&ids), other.retry(&ids));
        assert_eq!(retried.unwrap() + again.unwrap(), 1, "each retry pushes once");
    }
    assert_eq!(db.list("resque:queue:low").await.len(), 20);
}

#[tokio::test]
async fn a_discarded_failure_is_removed_from_the_list_of_its_queue_too() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _: () = db.run(&["RPUSH", "resque:low_failed", &of_ruby(1), &of_ruby(2)]).await;
    let _: () = db.run(&["SADD", "resque:failed_queues", "low_failed"]).await;
    assert_eq!(failures(&store).await.len(), 2);
    assert_eq!(store.discard(&[Payload::parse(&text(1)).unwrap().id()]).await.unwrap(), 1);
    assert_eq!(db.list("resque:low_failed").await, [of_ruby(2)]);
}

#[tokio::test]
async fn what_stands_for_a_text_that_is_no_job_is_shown_and_not_retried() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    db.push("low", "no json").await;
    assert!(claim(&store, 1).await.is_empty());
    let shown = failures(&store).await.pop().unwrap();
    assert!(shown.arguments.contains("no json"), "{shown:?}");
    assert_eq!(store.retry(&[shown.id]).await.unwrap(), 0);
    assert_eq!(store.discard(&[shown.id]).await.unwrap(), 1);
    // "Retry" on Ruby's page pushes it again.
    db.push("low", r#"{"class":"jobs::UnreadableText","args":["no json"]}"#).await;
    assert!(claim(&store, 1).await.is_empty());
    assert_eq!(failures(&store).await.len(), 1, "it is a failure again, and blocks no worker");
}

#[tokio::test]
async fn broken_records_of_strangers_do_not_hide_the_others() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _: () = db.run(&["RPUSH", "resque:failed", "no json", r#"{"payload":null}"#, "[]", &of_ruby(1)]).await;
    assert_eq!(failures(&store).await.len(), 4);
    assert_eq!(store.retry(&[Payload::parse(&text(1)).unwrap().id()]).await.unwrap(), 1);
}

#[tokio::test]
async fn the_figures_are_those_of_resque() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for number in 1..=3 {
        db.push("low", &text(number)).await;
    }
    let _held = claim(&store, 1).await;
    let _: () = db.run(&["RPUSH", "resque:failed", &of_ruby(9)]).await;
    let counts = store.stats().await.unwrap().counts;
    assert_eq!((counts.of(State::Ready), counts.of(State::Claimed), counts.of(State::Failed)), (2, 1, 1));
    let queues = store.queues().await.unwrap();
    assert_eq!((queues.len(), queues[0].name.as_str(), queues[0].ready), (1, "low", 2));
}

#[tokio::test]
async fn retry_on_rubys_page_runs_a_job_of_rust_again_and_remove_removes_it() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    store.enqueue(&[job(1)]).await.unwrap();
    run(&store, fail("declined")).await;
    let record = FailureRecord::parse(&db.list("resque:failed").await[0]).unwrap();
    // What the page does: the same position with the time, then a new job with class and arguments.
    let retried = record.clone().retried(jobs_core::Timestamp::default()).text();
    let _: () = db.run(&["LSET", "resque:failed", "0", &retried]).await;
    db.push("low", &record.payload().unwrap().text_of_ruby()).await;
    let again = claim(&store, 1).await.pop().unwrap();
    assert_eq!((again.name.as_str(), again.arguments.as_str(), again.attempt), ("charge", "[1]", 1));
    assert_eq!(failures(&store).await, []);
    let _: () = db.run(&["LSET", "resque:failed", "0", ""]).await;
    let _: () = db.run(&["LREM", "resque:failed", "1", ""]).await;
    assert_eq!(db.list("resque:failed").await, Vec::<String>::new());
}

#[tokio::test]
async fn of_thousands_of_failures_those_that_were_retried_are_not_counted() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let retried = FailureRecord::parse(&of_ruby(0)).unwrap().retried(jobs_core::Timestamp::default()).text();
    let mut push = redis::cmd("RPUSH");
    push.arg("resque:failed");
    for number in 0..1_201 {
        push.arg(if number % 3 == 0 { of_ruby(number) } else { retried.clone() });
    }
    let _: i64 = db.run_command(&push).await;
    assert_eq!(store.counts().await.unwrap().of(State::Failed), 401);
}

#[tokio::test]
async fn a_pause_that_ruby_ended_is_forgotten() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    assert!(store.pause("low").await.unwrap());
    assert!(store.queues().await.unwrap()[0].paused);
    let _: i64 = db.run(&["DEL", "resque:pause:queue:low"]).await;
    assert_eq!(store.queues().await.unwrap(), []);
    assert_eq!(db.run::<i64>(&["EXISTS", "resque:jobs_rs:paused"]).await, 0);
}

#[tokio::test]
async fn a_job_of_a_queue_whose_pause_ruby_ended_wakes_a_worker() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let mut listener = store.listen();
    assert!(store.pause("low").await.unwrap());
    let _: i64 = db.run(&["DEL", "resque:pause:queue:low"]).await;
    assert_eq!(claim_from(&store, &["low"], 1).await.len(), 0);
    db.push("low", &text(1)).await;
    let found = async {
        // The subscription and the pause wake it, and then nothing but the look does.
        for _ in 0..3 {
            listener.recv().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), found).await.expect("the job is found by looking");
}

#[tokio::test]
async fn workers_of_ruby_are_among_the_processes_and_no_matter_of_our_health() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    common::jobs::beat(&store).await;
    assert!(claim(&store, 1).await.is_empty());
    common::jobs::beat(&store).await;
    let (busy, idle) = ("worker-1:11620:slow,eu:default", "worker-2:7:*");
    let _: i64 = db.run(&["SADD", "resque:workers", busy, idle, "no worker"]).await;
    let _: i64 = db.run(&["HSET", "resque:workers:heartbeat", busy, "2026-11-29T16:46:14+00:00"]).await;
    let _: () = db.run(&["SET", &format!("resque:worker:{busy}:started"), "2026-11-29 16:45:14 +0000"]).await;
    let _: () = db.run(&["SET", &format!("resque:worker:{busy}"), "{}"]).await;
    let shown = store.processes().await.unwrap();
    let shown: Vec<_> =
        shown.iter().map(|it| (&*it.process.name, &*it.process.host, it.process.pid, it.claimed)).collect();
    assert_eq!(shown, [("me", "worker-1", 42, 0), (busy, "worker-1", 11_620, 1), (idle, "worker-2", 7, 0)]);
    let record = &store.processes().await.unwrap()[1];
    assert_eq!(record.started_at.to_string(), "2026-11-29T16:45:14.000000Z");
    assert_eq!(record.heartbeat_at.to_string(), "2026-11-29T16:46:14.000000Z");
    assert_eq!(store.stats().await.unwrap().processes.len(), 1, "their heartbeats are a minute apart");
}
