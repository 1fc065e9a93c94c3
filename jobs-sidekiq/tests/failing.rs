//! A job of Ruby that fails goes on by Sidekiq's rules; one of Rust by its own.
#![allow(clippy::panic, clippy::similar_names, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::TestDb;
use common::jobs::{claim, fail, payload, run};
use jobs_core::{Decision, Inspect, NewJob, Recovery, Store};
use jobs_sidekiq::SidekiqStore;
use jobs_testing::plain::id;
use serde_json::{Value, json};

/// A database with a payload that has these keys, and a store on it.
async fn with(more: Value) -> Option<(TestDb, SidekiqStore)> {
    let db = TestDb::new().await?;
    db.push("default", &payload(1, more)).await;
    let store = db.open().await;
    Some((db, store))
}

/// Lets the time pass until the retry is due, and makes it ready.
async fn until_due(db: &TestDb, store: &SidekiqStore) {
    db.clock.advance(Duration::from_secs(20 * 24 * 60 * 60));
    assert_eq!(store.dispatch(10).await.unwrap().ready, 1);
}

#[tokio::test]
async fn a_first_failure_has_failed_at_and_a_second_one_retried_at() {
    let Some((db, store)) = with(json!({"custom": {"x": 1}, "backtrace": false})).await else { return };
    run(&store, fail("one")).await;
    let (first, _) = db.only("retry").await;
    assert_eq!((&first["retry_count"], &first["failed_at"]), (&json!(0), &json!(1_767_225_600_000_u64)));
    assert_eq!((first.get("retried_at"), first.get("error_backtrace")), (None, None));
    assert_eq!((&first["error_class"], &first["error_message"]), (&json!("shop::PaymentError"), &json!("one")));
    for key in ["jid", "created_at", "args", "class", "enqueued_at", "custom", "retry"] {
        assert!(first.get(key).is_some(), "{key} is kept: {first}");
    }
    until_due(&db, &store).await;
    run(&store, fail("two")).await;
    let (second, _) = db.only("retry").await;
    assert_eq!((&second["retry_count"], &second["failed_at"]), (&json!(1), &first["failed_at"]));
    assert!(second["retried_at"].as_u64() > second["failed_at"].as_u64(), "{second}");
    assert!(second["enqueued_at"].as_u64() > first["enqueued_at"].as_u64(), "of the run that failed");
}

#[tokio::test]
async fn the_wait_is_that_of_sidekiq() {
    for count in [0_u64, 1, 4, 24] {
        let more = if count == 0 { json!({}) } else { json!({"retry_count": count - 1, "failed_at": 1_u64}) };
        let Some((db, store)) = with(more).await else { return };
        run(&store, fail("again")).await;
        let (_, score) = db.only("retry").await;
        let wait = score - 1_767_225_600.0;
        let least = f64::from(u32::try_from(count.pow(4) + 15).unwrap());
        let jitter = f64::from(u32::try_from(10 * (count + 1)).unwrap());
        assert!(wait >= least && wait < least + jitter, "retry {count} waits {wait} s");
    }
}

#[tokio::test]
async fn the_number_of_retries_is_that_of_the_payload() {
    for (retry, runs, last) in [(json!(true), 26, 25), (json!(2), 3, 2), (json!(0), 1, 0)] {
        let Some((db, store)) = with(json!({"retry": retry})).await else { return };
        for run_number in 1..runs {
            run(&store, fail("again")).await;
            assert_eq!(db.set("dead").await.len(), 0, "retry {retry}: run {run_number}");
            until_due(&db, &store).await;
        }
        run(&store, fail("the last")).await;
        let (dead, _) = db.only("dead").await;
        assert_eq!(dead["retry_count"], json!(last), "retry {retry}");
        assert_eq!(db.set("retry").await.len(), 0);
    }
}

#[tokio::test]
async fn a_job_that_shall_not_be_kept_is_gone_when_it_fails() {
    for more in [json!({"retry": false}), json!({"retry": 0, "dead": false})] {
        let Some((db, store)) = with(more.clone()).await else { return };
        run(&store, fail("no more")).await;
        assert_eq!((db.set("dead").await.len(), db.set("retry").await.len()), (0, 0), "{more}");
    }
}

#[tokio::test]
async fn retry_for_ends_the_retries_when_its_time_has_passed() {
    let Some((db, store)) = with(json!({"retry": 0, "retry_for": 3600})).await else { return };
    run(&store, fail("one")).await;
    assert_eq!(db.set("retry").await.len(), 1, "the number of retries does not matter");
    until_due(&db, &store).await;
    run(&store, fail("two")).await;
    assert_eq!(db.set("dead").await.len(), 1);
}

#[tokio::test]
async fn later_attempts_are_in_the_retry_queue() {
    let Some((db, store)) = with(json!({"retry_queue": "slow"})).await else { return };
    run(&store, fail("one")).await;
    assert_eq!(db.only("retry").await.0["queue"], json!("slow"));
    until_due(&db, &store).await;
    assert_eq!(claim(&store, 1).await[0].queue, "slow");
}

#[tokio::test]
async fn the_backtrace_has_as_many_lines_as_asked_for() {
    for (backtrace, lines) in [(json!(true), 5), (json!(3), 3)] {
        let Some((db, store)) = with(json!({"backtrace": backtrace})).await else { return };
        run(&store, fail("one")).await;
        let packed = db.only("retry").await.0["error_backtrace"].as_str().unwrap().to_owned();
        assert!(packed.starts_with("eJ") && !packed.contains('\n'), "base64 of zlib: {packed}");
        // A store that reads it as that of another process, without our own error.
        let mut foreign: Value = db.only("retry").await.0;
        foreign.as_object_mut().unwrap().remove("jobs_rs");
        let _: () = db.run(&["DEL", "retry"]).await;
        let _: () = db.run(&["ZADD", "retry", "5", &foreign.to_string()]).await;
        let found = jobs_core::Inspect::list(&store, &jobs_core::Filter::default()).await.unwrap();
        assert_eq!(found[0].errors[0].causes.len(), lines);
    }
}

#[tokio::test]
async fn a_long_error_message_is_cut_and_an_error_without_class_has_one() {
    let Some((db, store)) = with(json!({})).await else { return };
    let error = jobs_core::ErrorRecord::new("", "é".repeat(100_000));
    run(&store, Decision::Fail { meta: None, error }).await;
    let (failed, _) = db.only("retry").await;
    assert!(failed["error_message"].as_str().unwrap().chars().count() <= 10_000);
    assert_eq!(failed["error_class"], json!("jobs::Error"));
}

#[tokio::test]
async fn dead_jobs_are_limited_by_number_and_age() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.by(db.clock.clone()).dead_max_jobs(4).connect().await.unwrap();
    let _: () = db.run(&["ZADD", "dead", "5", "a very old one"]).await;
    for number in 1..=6 {
        db.clock.advance(Duration::from_secs(1));
        db.push("default", &payload(number, json!({"retry": 0}))).await;
        run(&store, fail("dead")).await;
        let kept: u64 = db.run(&["ZCARD", "dead"]).await;
        assert_eq!(kept, number.min(3), "the very old one is gone by its age");
    }
    let dead = db.set("dead").await;
    let kept: Vec<_> = dead.iter().map(|(job, _)| job["args"][0].as_u64().unwrap()).collect();
    assert_eq!(kept, [4, 5, 6], "fewer than four, the newest");
    assert!((dead[2].1 - 1_767_225_606.0).abs() < 1e-3, "the score is the time of death");
}

#[tokio::test]
async fn a_limit_of_one_dead_job_keeps_the_last_one() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.by(db.clock.clone()).dead_max_jobs(1).connect().await.unwrap();
    for number in 1..=3 {
        db.clock.advance(Duration::from_secs(1));
        db.push("default", &payload(number, json!({"retry": 0}))).await;
        run(&store, fail("dead")).await;
    }
    assert_eq!(db.only("dead").await.0["args"], json!([3]));
}

#[tokio::test]
async fn a_poisonous_job_is_dead_unless_its_payload_keeps_it_out() {
    for (more, kept) in [(json!({}), 1), (json!({"dead": true}), 1), (json!({"dead": false}), 0)] {
        let Some((db, store)) = with(more.clone()).await else { return };
        for crash in 1..=2 {
            assert_eq!(claim(&store, 1).await.len(), 1, "claim {crash} of {more}");
            let recovered = db.open().await.recover(&Recovery::new(Duration::ZERO, 2)).await.unwrap();
            assert_eq!(recovered.poisoned.len(), usize::from(crash == 2));
        }
        assert_eq!((db.set("dead").await.len(), db.list("queue:default").await.len()), (kept, 0), "{more}");
    }
}

#[tokio::test]
async fn a_retry_by_a_rule_of_rust_waits_as_the_rule_says() {
    let Some((db, store)) = with(json!({})).await else { return };
    let error = jobs_core::ErrorRecord::new("shop::PaymentError", "no luck");
    let wait = Duration::from_secs(7);
    run(&store, Decision::Retry { wait, queue: None, priority: None, meta: None, error }).await;
    let (retried, score) = db.only("retry").await;
    assert!((score - 1_767_225_607.0).abs() < 1e-3);
    assert_eq!((&retried["retry_count"], &retried["queue"]), (&json!(0), &json!("default")));
}

#[tokio::test]
async fn a_job_of_rust_that_fails_for_good_is_dead_at_once() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    store.enqueue(&[NewJob::new(id(1), "note", "[]")]).await.unwrap();
    run(&store, fail("no rule retries it")).await;
    let (dead, _) = db.only("dead").await;
    // The page of a dead job needs the time of the failure.
    assert_eq!((&dead["retry_count"], dead["failed_at"].is_u64()), (&json!(0), true));
}

#[tokio::test]
async fn a_retry_from_the_web_page_counts_down_to_minus_one_and_goes_on() {
    let Some((db, store)) = with(json!({"retry_count": -1, "failed_at": 1_767_225_500_000_u64})).await else { return };
    assert_eq!(claim(&store, 1).await[0].attempt, 1);
    let _reply = store.heartbeat(&stopped()).await.unwrap();
    run(&store, fail("again")).await;
    let (failed, _) = db.only("retry").await;
    assert_eq!((&failed["retry_count"], failed["retried_at"].is_u64()), (&json!(0), true));
}

fn stopped() -> jobs_core::Process {
    let mut process = jobs_core::Process::new(common::jobs::ME, "w", "h", 1);
    process.phase = jobs_core::ProcessStatus::Stopped;
    process
}

/// A Ruby process goes by the clock of its machine, a store by that of Redis.
#[tokio::test]
async fn a_clock_of_ruby_that_is_wrong_by_an_hour_costs_no_job_and_no_retry() {
    for hours in [-1_i64, 1] {
        let shifted = 1_767_225_600_000 + hours * 3_600_000;
        let more = json!({"created_at": shifted, "enqueued_at": shifted, "failed_at": shifted, "retry_count": 0});
        let Some((db, store)) = with(more).await else { return };
        let queue = store.queues().await.unwrap().remove(0);
        assert_eq!(queue.latency, Duration::from_secs(if hours < 0 { 3_600 } else { 0 }), "never below zero");
        run(&store, fail("again")).await;
        let (again, score) = db.only("retry").await;
        assert!((15.0..60.0).contains(&(score - 1_767_225_600.0)), "{score}");
        assert_eq!((&again["retry_count"], &again["failed_at"]), (&json!(1), &json!(shifted)));
        until_due(&db, &store).await;
        run(&store, Decision::Finish { keep: false }).await;
        assert!(db.set("retry").await.is_empty());
    }
}

#[tokio::test]
async fn a_retry_queue_without_a_name_is_none() {
    let Some((db, store)) = with(json!({"retry_queue": ""})).await else { return };
    run(&store, fail("one")).await;
    assert_eq!(db.only("retry").await.0["queue"], json!("default"));
}

#[tokio::test]
async fn retry_for_may_be_any_number_and_counts_from_the_first_failure() {
    let hour_ago = 1_767_222_000_000_u64;
    for (retry, retry_for, failed_at, set) in [
        // Of 25 retries this is the second.
        (25, json!(3599.0), json!(hour_ago), "dead"),
        (25, json!(-1), json!(hour_ago), "dead"),
        // More than there are.
        (2, json!(3601.5), json!(hour_ago), "retry"),
        (2, json!(null), json!(hour_ago), "dead"),
        // When that was is not known, so the number of retries decides.
        (2, json!(3600), json!("yesterday"), "dead"),
        (2, json!(3600), json!(null), "dead"),
        (25, json!(3600), json!(null), "retry"),
    ] {
        let more = json!({"retry": retry, "retry_count": 1, "retry_for": retry_for, "failed_at": failed_at});
        let Some((db, store)) = with(more.clone()).await else { return };
        run(&store, fail("again")).await;
        assert_eq!(db.set(set).await.len(), 1, "in {set}: {more}");
    }
}
