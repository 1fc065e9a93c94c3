//! A process of ours is shown on Sidekiq's pages, and does what is asked of it there.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::collections::BTreeMap;

use common::TestDb;
use common::jobs::{ME, claim, payload};
use jobs_core::{Decision, HeartbeatReply, Process, ProcessDetails, ProcessOrder, ProcessRecord, ProcessStatus, Store};
use serde_json::{Value, json};

const IDENTITY: &str = "host-1:4711:000000000007";

fn process(phase: ProcessStatus) -> Process {
    let mut process = Process::new(ME, "worker", "host-1", 4711);
    process.phase = phase;
    process
}

async fn hash(db: &TestDb, key: &str) -> BTreeMap<String, String> {
    db.run(&["HGETALL", key]).await
}

#[tokio::test]
async fn a_living_process_is_in_the_set_with_all_that_the_pages_read() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    db.push("default", &payload(1, json!({}))).await;
    let _held = claim(&store, 5).await;
    let _reply = store.heartbeat(&process(ProcessStatus::Running)).await.unwrap();
    let members: Vec<String> = db.run(&["SMEMBERS", "processes"]).await;
    assert_eq!(members, [IDENTITY]);
    let fields = hash(&db, IDENTITY).await;
    assert_eq!((&*fields["busy"], &*fields["concurrency"], &*fields["quiet"]), ("1", "5", "false"));
    assert!(fields["beat"].starts_with("1767225600."), "{fields:?}");
    assert!(fields["rss"].parse::<u64>().is_ok() && fields["rtt_us"].parse::<u64>().is_ok(), "{fields:?}");
    let info: Value = serde_json::from_str(&fields["info"]).unwrap();
    assert_eq!(
        (&info["hostname"], &info["pid"], &info["identity"]),
        (&json!("host-1"), &json!(4711), &json!(IDENTITY))
    );
    assert!(info["started_at"].is_f64() && info["labels"].is_array() && info["tag"].is_string(), "{info}");
    assert_eq!(
        (&info["queues"], &info["weights"], &info["embedded"]),
        (&json!(["*"]), &json!([{"*": 0}]), &json!(false))
    );
    let expires: i64 = db.run(&["TTL", IDENTITY]).await;
    assert!((50..=60).contains(&expires), "{expires}");
}

#[tokio::test]
async fn running_jobs_are_in_the_work_hash_until_the_next_beat_after_their_end() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let text = payload(1, json!({"display_class": "Shown"}));
    db.push("mail", &text).await;
    let held = claim(&store, 1).await.pop().unwrap();
    let _reply = store.heartbeat(&process(ProcessStatus::Running)).await.unwrap();
    for key in ["work", "workers"] {
        let work = hash(&db, &format!("{IDENTITY}:{key}")).await;
        let running: Value = serde_json::from_str(work.values().next().unwrap()).unwrap();
        assert_eq!(running, json!({"queue": "mail", "payload": text, "run_at": 1_767_225_600}), "of {key}");
    }
    let _settled = common::jobs::settle(&store, held, Decision::Finish { keep: false }).await;
    let _reply = store.heartbeat(&process(ProcessStatus::Running)).await.unwrap();
    assert!(hash(&db, &format!("{IDENTITY}:work")).await.is_empty());
    let expires: i64 = db.run(&["TTL", &format!("{IDENTITY}:work")]).await;
    assert_eq!(expires, -2, "the key is gone");
}

#[tokio::test]
async fn a_signal_of_the_page_is_told_until_it_is_followed() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let beat = async |phase| store.heartbeat(&process(phase)).await.unwrap();
    assert_eq!(beat(ProcessStatus::Running).await, HeartbeatReply::Alive);
    let signals = format!("{IDENTITY}-signals");
    for signal in ["TTIN", "TSTP"] {
        let _: () = db.run(&["LPUSH", &signals, signal]).await;
    }
    assert_eq!(
        beat(ProcessStatus::Running).await,
        HeartbeatReply::Alive,
        "a backtrace is asked for, which has no meaning"
    );
    for time in 1..=2 {
        let reply = beat(ProcessStatus::Running).await;
        assert_eq!(reply, HeartbeatReply::Asked(ProcessOrder::Quiet), "told for the {time}. time");
    }
    assert_eq!(beat(ProcessStatus::Quiet).await, HeartbeatReply::Alive);
    assert_eq!(hash(&db, IDENTITY).await["quiet"], "true");
    for signal in ["TERM", "TSTP"] {
        let _: () = db.run(&["LPUSH", &signals, signal]).await;
        assert_eq!(beat(ProcessStatus::Quiet).await, HeartbeatReply::Asked(ProcessOrder::Stop), "after {signal}");
    }
    assert_eq!(beat(ProcessStatus::Stopped).await, HeartbeatReply::Alive);
    let orders: i64 = db.run(&["EXISTS", "jobs_rs:orders"]).await;
    assert_eq!(orders, 0, "nothing is left of a process that has stopped");
}

/// What the set and the hash of a process of Ruby have.
async fn add_ruby_process(db: &TestDb, identity: &str, info: &str) -> ProcessRecord {
    let _: () = db.run(&["SADD", "processes", identity]).await;
    let _: () = db.run(&["HSET", identity, "info", info, "beat", "1795970499.5", "busy", "1", "quiet", "false"]).await;
    let processes = db.open().await.inspect().unwrap().processes().await.unwrap();
    processes.into_iter().find(|record| record.process.name == identity).unwrap()
}

#[tokio::test]
async fn a_process_of_ruby_gets_the_signals_that_the_page_would_send() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let ruby = add_ruby_process(&db, "ruby:1:abc", r#"{"hostname":"web-1","pid":9,"version":"8.1.7"}"#).await;
    assert!(ruby.takes_orders);
    let orders = store.process_orders().unwrap();
    let ask = async |order| orders.order(ruby.process.id, order).await.unwrap();
    assert!(ask(ProcessOrder::Quiet).await && !ask(ProcessOrder::Quiet).await, "it waits already");
    assert!(ask(ProcessOrder::Stop).await && !ask(ProcessOrder::Stop).await && !ask(ProcessOrder::Quiet).await);
    assert_eq!(db.list("ruby:1:abc-signals").await, ["TERM", "TSTP"]);
    let expires: i64 = db.run(&["TTL", "ruby:1:abc-signals"]).await;
    assert!((50..=60).contains(&expires), "{expires}");
    let _: i64 = db.run(&["DEL", "ruby:1:abc-signals"]).await;
    let _: i64 = db.run(&["HSET", "ruby:1:abc", "quiet", "true"]).await;
    assert!(!ask(ProcessOrder::Quiet).await, "it is quiet");
}

#[tokio::test]
async fn a_process_inside_of_a_program_of_ruby_takes_no_orders() {
    let Some(db) = TestDb::new().await else { return };
    let info = r#"{"hostname":"web-1","pid":9,"version":"8.1.7","embedded":true}"#;
    let ruby = add_ruby_process(&db, "ruby:1:abc", info).await;
    assert!(!ruby.takes_orders);
    let store = db.open().await;
    let error = store.process_orders().unwrap().order(ruby.process.id, ProcessOrder::Stop).await.unwrap_err();
    assert!(error.is_unsupported(), "{error}");
    assert_eq!(db.list("ruby:1:abc-signals").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_process_that_is_asked_to_stop_is_shown_so() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _reply = store.heartbeat(&process(ProcessStatus::Running)).await.unwrap();
    assert!(store.process_orders().unwrap().order(ME, ProcessOrder::Stop).await.unwrap());
    let shown = store.inspect().unwrap().processes().await.unwrap();
    assert_eq!(shown[0].process.phase, ProcessStatus::Stopped);
}

#[tokio::test]
async fn a_value_of_another_type_under_the_key_of_orders_stops_no_heartbeat() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _: () = db.run(&["SET", "jobs_rs:orders", "junk"]).await;
    let _: () = db.run(&["LPUSH", &format!("{IDENTITY}-signals"), "TSTP"]).await;
    let reply = store.heartbeat(&process(ProcessStatus::Running)).await.unwrap();
    assert_eq!(reply, HeartbeatReply::Asked(ProcessOrder::Quiet), "a signal of the page is told once");
    let error = store.process_orders().unwrap().order(ME, ProcessOrder::Stop).await.unwrap_err();
    assert!(error.to_string().contains("jobs_rs:orders"), "{error}");
    assert_eq!(store.heartbeat(&process(ProcessStatus::Stopped)).await.unwrap(), HeartbeatReply::Alive);
}

#[tokio::test]
async fn a_stopped_process_is_gone_from_the_pages_and_its_jobs_are_back() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let texts: Vec<String> = (1..=3).map(|number| payload(number, json!({}))).collect();
    for text in &texts {
        db.push("default", text).await;
    }
    let before = db.list("queue:default").await;
    let _reply = store.heartbeat(&process(ProcessStatus::Running)).await.unwrap();
    assert_eq!(claim(&store, 2).await.len(), 2);
    let _reply = store.heartbeat(&process(ProcessStatus::Stopped)).await.unwrap();
    let members: Vec<String> = db.run(&["SMEMBERS", "processes"]).await;
    assert_eq!(members, Vec::<String>::new());
    assert_eq!(db.list("queue:default").await, before, "at the right end, byte for byte");
}

#[tokio::test]
async fn members_without_a_hash_are_removed_once_a_minute() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _: () = db.run(&["SADD", "processes", "dead:1:abc"]).await;
    let _reply = store.heartbeat(&process(ProcessStatus::Running)).await.unwrap();
    let _: () = db.run(&["SADD", "processes", "dead:2:abc"]).await;
    let _reply = store.heartbeat(&process(ProcessStatus::Running)).await.unwrap();
    let mut members: Vec<String> = db.run(&["SMEMBERS", "processes"]).await;
    members.sort();
    assert_eq!(members, ["dead:2:abc", IDENTITY]);
}

#[tokio::test]
async fn the_store_shows_its_processes_before_those_of_ruby() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _: () = db.run(&["SADD", "processes", "ruby:1:abc"]).await;
    let info = r#"{"hostname":"web-1","pid":9,"started_at":1795970489.5,"version":"8.1.7","queues":["low"],"capsules":{"default":{"concurrency":2}}}"#;
    let _: () =
        db.run(&["HSET", "ruby:1:abc", "info", info, "beat", "1795970499.5", "busy", "1", "quiet", "true"]).await;
    let _: () = db.run(&["SADD", "processes", "dead:1:abc"]).await;
    let _reply = store.heartbeat(&process(ProcessStatus::Running)).await.unwrap();
    let processes = jobs_core::Inspect::processes(&store).await.unwrap();
    assert_eq!(processes.len(), 2);
    assert_eq!(processes[0].process, process(ProcessStatus::Running));
    let ruby = &processes[1];
    assert_eq!((&*ruby.process.name, &*ruby.process.host, ruby.process.pid), ("ruby:1:abc", "web-1", 9));
    assert_eq!((ruby.process.phase, ruby.claimed), (ProcessStatus::Quiet, 1));
    let details = ProcessDetails::new(2, ["low".to_owned()], Some("Sidekiq 8.1.7".to_owned()));
    assert_eq!(ruby.process.details, details);
    assert_eq!(
        (ruby.heartbeat_at.as_micros(), ruby.started_at.as_micros()),
        (1_795_970_499_500_000, 1_795_970_489_500_000)
    );
    let stats = jobs_core::Inspect::stats(&store).await.unwrap();
    assert_eq!(stats.processes.len(), 1, "health looks at those of Rust");
}
