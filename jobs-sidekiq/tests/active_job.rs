//! Jobs of Active Job in both directions.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::TestDb;
use common::jobs::{ME, claim, fail, payload, run};
use jobs_core::{Decision, Due, ErrorRecord, NewJob, Process, Store};
use jobs_testing::plain::id;
use serde_json::{Value, json};

const OLD: &str = "ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper";
const NEW: &str = "Sidekiq::ActiveJob::Wrapper";

/// The text that Rails' adapter pushes.
fn wrapped(class: &str, job: &Value) -> String {
    let mut inner = json!({
        "job_class": "GuestJob", "job_id": "5887728a-550f-41c0-b26d-d3bf7ad1ae9b", "provider_job_id": null,
        "queue_name": "default", "priority": null, "arguments": [1, "two"], "executions": 0, "exception_executions": {},
        "locale": "de", "timezone": "Berlin", "enqueued_at": "2026-11-29T16:41:23.048889700Z", "scheduled_at": null,
    });
    inner.as_object_mut().unwrap().extend(job.as_object().unwrap().clone());
    payload(1, json!({"class": class, "wrapped": "GuestJob", "args": [inner]}))
}

#[tokio::test]
async fn an_active_job_is_read_under_both_names_of_the_wrapper() {
    for class in [OLD, NEW] {
        let Some(db) = TestDb::new().await else { return };
        let store = db.open().await;
        let arguments = json!([{"_aj_globalid": "gid://shop/Item/7"}, {"_aj_symbol_keys": ["a"], "a": 1}]);
        db.push("default", &wrapped(class, &json!({"arguments": arguments, "executions": 2}))).await;
        let execution = claim(&store, 1).await.pop().unwrap();
        assert_eq!((execution.name.as_str(), execution.attempt), ("GuestJob", 3), "{class}");
        assert_eq!(execution.arguments, r#"["gid://shop/Item/7",{"a":1}]"#);
        assert_eq!(execution.id().to_string(), format!("{:024x}", 1), "the id is what Ruby calls provider_job_id");
        assert_eq!(execution.meta().unwrap().carried, json!({"locale": "de", "timezone": "Berlin"}));
    }
}

#[tokio::test]
async fn a_wrapper_without_a_job_is_dead_as_an_argument() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for args in [json!([]), json!([7]), json!([null])] {
        db.push("default", &payload(1, json!({"class": NEW, "args": args}))).await;
    }
    assert_eq!(claim(&store, 10).await.len(), 0);
    let dead = db.set("dead").await;
    assert_eq!(dead.len(), 3);
    assert!(dead.iter().all(|(entry, _)| entry["args"][0].as_str().is_some_and(|text| text.contains(NEW))), "{dead:?}");
}

#[tokio::test]
async fn a_job_of_rust_is_written_as_rails_would() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.by(db.clock.clone()).write_active_jobs(true).connect().await.unwrap();
    let mut later = NewJob::new(id(2), "GuestJob", r#"{"number":1,"name":"two"}"#);
    later.due = Due::In(Duration::from_secs(60));
    store.enqueue(&[NewJob::new(id(1), "GuestJob", r#"{"number":1,"name":"two"}"#), later]).await.unwrap();
    let pushed: Value = serde_json::from_str(&db.list("queue:default").await[0]).unwrap();
    assert_eq!((&pushed["class"], &pushed["wrapped"]), (&json!(OLD), &json!("GuestJob")), "all versions know it");
    let job = &pushed["args"][0];
    for (key, expected) in [
        ("job_class", json!("GuestJob")),
        ("arguments", json!([1, "two"])),
        ("queue_name", json!("default")),
        ("executions", json!(0)),
        ("provider_job_id", Value::Null),
        ("scheduled_at", Value::Null),
    ] {
        assert_eq!(job[key], expected, "{key} of {job}");
    }
    assert!(job["job_id"].as_str().is_some_and(|id| id.len() == 36) && job["enqueued_at"].is_string(), "{job}");
    let (member, _) = db.only("schedule").await;
    assert!(
        member["args"][0]["scheduled_at"].as_str().is_some_and(|at| at.starts_with("2026-01-01T00:01:00")),
        "{member}"
    );
    assert_eq!(member.get("enqueued_at"), None);
    let execution = claim(&store, 1).await.pop().unwrap();
    assert_eq!(
        (execution.id(), execution.name.as_str(), execution.arguments.as_str()),
        (id(1), "GuestJob", r#"[1,"two"]"#)
    );
}

#[tokio::test]
async fn a_rule_that_retries_enqueues_a_new_job_with_one_more_execution() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    db.push("default", &wrapped(NEW, &json!({"executions": 1, "exception_executions": {"[Oops]": 1}}))).await;
    let error = ErrorRecord::new("shop::Oops", "no luck");
    let meta = Some(r#"{"exception_executions":{"[Oops]":2}}"#.to_owned());
    let wait = Duration::from_secs(30);
    run(&store, Decision::Retry { wait, queue: None, priority: None, meta, error }).await;
    let (again, due) = db.only("schedule").await;
    assert!((due - 1_767_225_630.0).abs() < 1e-3);
    assert_ne!(again["jid"], json!(format!("{:024x}", 1)));
    assert_eq!(again["jid"].as_str().map(str::len), Some(24));
    let job = &again["args"][0];
    assert_eq!((&job["executions"], &job["exception_executions"]), (&json!(2), &json!({"[Oops]": 2})));
    assert_eq!(job["job_id"], json!("5887728a-550f-41c0-b26d-d3bf7ad1ae9b"), "the job is the same to Rails");
    assert_eq!((again.get("retry_count"), again.get("enqueued_at"), db.set("retry").await.len()), (None, None, 0));
    db.clock.advance(wait);
    assert_eq!(store.dispatch(1).await.unwrap().ready, 1);
    assert_eq!(claim(&store, 1).await[0].attempt, 3);
}

#[tokio::test]
async fn the_counters_of_a_rule_go_on_after_a_job_was_continued() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    db.push("default", &wrapped(NEW, &json!({}))).await;
    let wait = Duration::from_secs(30);
    let meta = |count: u32| Some(json!({"exception_executions": {"[Oops]": count}}).to_string());
    run(&store, Decision::Continue { wait, meta: meta(0) }).await;
    for count in 1..=2 {
        db.clock.advance(wait * 2);
        assert_eq!(store.dispatch(1).await.unwrap().ready, 1);
        let error = ErrorRecord::new("shop::Oops", "no luck");
        run(&store, Decision::Retry { wait, queue: None, priority: None, meta: meta(count), error }).await;
    }
    db.clock.advance(wait * 2);
    assert_eq!(store.dispatch(1).await.unwrap().ready, 1);
    let counters = claim(&store, 1).await[0].meta().unwrap().exception_executions;
    assert_eq!(counters.get("[Oops]"), Some(&2));
}

#[tokio::test]
async fn a_failure_of_an_active_job_that_no_rule_handles_is_retried_by_sidekiq() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    db.push("default", &wrapped(OLD, &json!({}))).await;
    run(&store, fail("no rule")).await;
    let (failed, _) = db.only("retry").await;
    assert_eq!((&failed["retry_count"], &failed["wrapped"]), (&json!(0), &json!("GuestJob")));
    assert_eq!(failed["args"][0]["executions"], json!(0), "the job of Rails is as it was");
}

#[tokio::test]
async fn a_key_that_active_job_reserves_is_refused() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let mut job = NewJob::new(id(1), "GuestJob", r#"{"options":{"_aj_symbol_keys":[]}}"#);
    job.reserved_key = Some("_aj_symbol_keys".to_owned());
    let error = store.enqueue(&[job]).await.unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("_aj_symbol_keys"), "{error}");
}

#[tokio::test]
async fn the_form_is_that_of_the_release_of_rails_beside_the_fleet() {
    let range = r#"{"range":{"_aj_serialized":"ActiveJob::Serializers::RangeSerializer","begin":1,"end":2,"exclude_end":false}}"#;
    for (info, query, is_written) in [
        (r#"{"version":"7.3.2"}"#, "", true),
        (r#"{"version":"8.1.7"}"#, "", true),
        (r#"{"hostname":"of Sidekiq 6"}"#, "", false),
        (r#"{"hostname":"of Sidekiq 6"}"#, "&rails=7.1", true),
        (r#"{"version":"7.3.2"}"#, "&rails=7.0", false),
        (r#"{"version":"7.3.2"}"#, "&version=6.5", false),
    ] {
        let Some(db) = TestDb::new().await else { return };
        let _: () = db.run(&["SADD", "processes", "h:1:abc"]).await;
        let _: () = db.run(&["HSET", "h:1:abc", "info", info]).await;
        let store = jobs_core::connect(&format!("{}?jobs=active_job{query}", db.url)).await.unwrap();
        let answer = store.enqueue(&[NewJob::new(id(1), "GuestJob", range)]).await;
        assert_eq!(answer.is_ok(), is_written, "{info} {query}: {answer:?}");
    }
}

#[tokio::test]
async fn a_run_that_a_rule_repeats_or_discards_ended_well_on_all_pages() {
    let (wait, error) = (Duration::from_secs(30), ErrorRecord::new("shop::Oops", "no luck"));
    let retry = Decision::Retry { wait, queue: None, priority: None, meta: None, error: error.clone() };
    for decision in [retry, Decision::Discard { error: Some(error) }] {
        let Some(db) = TestDb::new().await else { return };
        let store = db.open().await;
        db.push("default", &wrapped(NEW, &json!({}))).await;
        run(&store, decision).await;
        let _reply = store.heartbeat(&Process::new(ME, "worker", "host-1", 4711)).await.unwrap();
        let counted: BTreeMap<String, u64> = db.run(&["HGETALL", "j|260101|0:0"]).await;
        let (runs, failures): (Vec<_>, Vec<_>) = counted.into_keys().partition(|field| field.ends_with("|p"));
        assert_eq!((runs.len(), failures), (1, Vec::<String>::new()));
        let counts: Vec<Option<u64>> = db.run(&["MGET", "stat:processed", "stat:failed"]).await;
        assert_eq!(counts.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>(), [1, 0]);
    }
}
