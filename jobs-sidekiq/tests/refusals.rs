//! What Redis refuses in the middle of a script: a key of another type, a right that the user lacks. No job is lost by it, and
//! what is refused holds up no other.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::TestDb;
use common::jobs::{ME, OTHER, claim, fail, lose_a_claim, payload};
use jobs_core::{
    Claim, Decision, Error, ErrorRecord, Execution, Filter, Inspect, JobId, Manage, Process, ProcessStatus, Recovery,
    Settled, Settlement, Store,
};
use jobs_sidekiq::SidekiqStore;
use jobs_testing::plain::{enqueue, job, work};
use serde_json::json;

const CRASH_LIMIT: u32 = 3;

/// A value of a type that none of the store's keys has.
async fn spoil(db: &TestDb, key: &str) {
    let _: () = db.run(&["PFADD", key, "a visitor"]).await;
}

async fn mend(db: &TestDb, key: &str) {
    let _: i64 = db.run(&["DEL", key]).await;
}

async fn length(db: &TestDb, command: &str, key: &str) -> u64 {
    db.run(&[command, key]).await
}

/// The refusal names the key, and is one that does not pass by itself.
fn assert_refused<T: std::fmt::Debug>(answer: Result<T, Error>, key: &str) {
    let error = answer.unwrap_err();
    assert!(!error.is_transient() && error.to_string().contains(key), "{error:?}");
}

fn retry(queue: Option<&str>) -> Decision {
    let (wait, error) = (Duration::from_secs(60), ErrorRecord::new("Busy", "later"));
    Decision::Retry { wait, queue: queue.map(str::to_owned), priority: None, meta: None, error }
}

fn process(phase: ProcessStatus) -> Process {
    let mut process = Process::new(ME, "worker", "host-1", 4711);
    process.phase = phase;
    process
}

fn recovery() -> Recovery {
    Recovery::new(Duration::from_secs(60), CRASH_LIMIT)
}

async fn settle(store: &SidekiqStore, settlements: &[Settlement]) -> Result<Vec<Settled>, Error> {
    store.settle(settlements).await
}

#[tokio::test]
async fn a_settlement_that_redis_refuses_changes_no_job_of_its_call() {
    let later = Decision::Continue { wait: Duration::from_secs(60), meta: None };
    let cases = [
        ("retry", retry(None)),
        ("dead", fail("no luck")),
        ("schedule", later),
        ("queue:default", Decision::Release),
        ("queues", Decision::Release),
    ];
    for (key, decision) in cases {
        let Some(db) = TestDb::new().await else { return };
        let store = db.open().await;
        enqueue(&store, 0..3).await;
        let held = claim(&store, 3).await;
        mend(&db, key).await;
        spoil(&db, key).await;
        let finish = Decision::Finish { keep: false };
        let decisions = [finish.clone(), decision, finish];
        let settlements: Vec<_> =
            held.into_iter().zip(decisions).map(|(held, decision)| held.settle(decision)).collect();
        assert_refused(settle(&store, &settlements).await, key);
        assert_refused(store.settle_and_claim(&settlements, &Claim::all(ME, 1)).await, key);
        assert_eq!(length(&db, "HLEN", &format!("jobs_rs:claimed:{ME}")).await, 3, "{key}: all are still there");
        mend(&db, key).await;
        assert_eq!(settle(&store, &settlements).await.unwrap(), [Settled::Applied; 3], "{key}");
        let places = [("LLEN", "queue:default"), ("ZCARD", "retry"), ("ZCARD", "dead"), ("ZCARD", "schedule")];
        let mut jobs = 0;
        for (command, place) in places {
            jobs += length(&db, command, place).await;
        }
        assert_eq!(jobs, 1, "{key}: the job is in one place");
    }
}

#[tokio::test]
async fn a_claim_that_cannot_be_kept_takes_nothing() {
    let claimed = format!("jobs_rs:claimed:{ME}");
    for key in [&*claimed, "jobs_rs:claimers", "paused"] {
        let Some(db) = TestDb::new().await else { return };
        let store = db.open().await;
        enqueue(&store, 0..3).await;
        spoil(&db, key).await;
        assert_refused(store.claim(&Claim::all(ME, 2)).await, key);
        assert_eq!(length(&db, "LLEN", "queue:default").await, 3, "{key}");
        mend(&db, key).await;
        assert_eq!(work(&store, 10).await.len(), 3, "{key}");
    }
}

#[tokio::test]
async fn a_queue_of_another_type_holds_up_no_other_and_hides_none() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    enqueue(&store, 0..2).await;
    let _: () = db.run(&["SADD", "queues", "a", "z"]).await;
    spoil(&db, "queue:a").await;
    db.push("z", &payload(9, json!({}))).await;
    assert_eq!(store.queues().await.unwrap().len(), 2);
    assert_eq!(store.page(&Filter::default()).await.unwrap().jobs.len(), 3);
    let queues = ["a", "default", "z"].map(|queue| queue.parse().unwrap()).into();
    assert_eq!(store.claim(&Claim::new(ME, queues, 2)).await.unwrap().len(), 2);
    assert_eq!(claim(&store, 10).await.len(), 1);
}

#[tokio::test]
async fn what_is_refused_to_be_enqueued_is_not_stored_in_part() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    spoil(&db, "queue:bad").await;
    let (mut bad, good) = (job(1), job(2));
    bad.queue = "bad".to_owned();
    assert_refused(store.enqueue(&[bad.clone()]).await, "");
    assert_refused(store.enqueue(&[good, bad]).await, "queue:bad");
    assert_eq!(length(&db, "EXISTS", "queues").await, 0, "Sidekiq's page of queues would break");
    assert_eq!(length(&db, "EXISTS", "queue:default").await, 0);
}

#[tokio::test]
async fn a_due_job_that_its_queue_cannot_take_stays_and_holds_up_no_other() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for (number, queue) in [(1, "bad"), (2, "good"), (3, "bad"), (4, "good")] {
        let text = payload(number, json!({"queue": queue}));
        let _: () = db.run(&["ZADD", "schedule", &number.to_string(), &text]).await;
    }
    spoil(&db, "queue:bad").await;
    let dispatched = store.dispatch(1_000).await.unwrap();
    assert_eq!((dispatched.ready, dispatched.refused.len(), dispatched.next_in), (2, 2, None));
    assert!(dispatched.refused[0].message.contains("queue:bad"), "{dispatched:?}");
    let again = store.dispatch(1_000).await.unwrap();
    assert_eq!((again.ready, again.refused.len()), (0, 0), "they are left out for a while");
    assert_eq!(length(&db, "ZCARD", "schedule").await, 2);
    mend(&db, "queue:bad").await;
    db.clock.advance(Duration::from_secs(2));
    assert_eq!(store.dispatch(1_000).await.unwrap().ready, 2);
    assert_eq!(claim(&store, 10).await.len(), 4);
}

#[tokio::test]
async fn a_job_of_a_dead_process_that_its_queue_cannot_take_holds_up_no_other() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _reply = store.heartbeat(&process(ProcessStatus::Running)).await.unwrap();
    for (number, queue) in [(1, "bad"), (2, "good")] {
        db.push(queue, &payload(number, json!({"queue": queue}))).await;
    }
    assert_eq!(claim(&store, 10).await.len(), 2);
    spoil(&db, "queue:bad").await;
    db.clock.advance(Duration::from_secs(61));
    let recovered = store.recover(&recovery()).await.unwrap();
    assert_eq!((recovered.processes.len(), recovered.ready.len(), recovered.refused.len()), (1, 1, 1));
    assert!(recovered.refused[0].message.contains("queue:bad"), "{recovered:?}");
    mend(&db, "queue:bad").await;
    db.clock.advance(Duration::from_secs(2));
    let recovered = store.recover(&recovery()).await.unwrap();
    assert_eq!((recovered.ready.len(), recovered.refused.len()), (1, 0), "the next recovery finds it");
    assert_eq!(db.list("queue:bad").await, [payload(1, json!({"queue": "bad"}))], "with its bytes");
}

#[tokio::test]
async fn a_process_that_stops_leaves_no_job_behind_that_its_queue_cannot_take() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for (number, queue) in [(1, "bad"), (2, "good")] {
        db.push(queue, &payload(number, json!({"queue": queue}))).await;
    }
    assert_eq!(claim(&store, 10).await.len(), 2);
    spoil(&db, "queue:bad").await;
    let _reply = store.heartbeat(&process(ProcessStatus::Stopped)).await.unwrap();
    assert_eq!(length(&db, "LLEN", "queue:good").await, 1);
    mend(&db, "queue:bad").await;
    assert_eq!(store.recover(&recovery()).await.unwrap().ready.len(), 1);
}

#[tokio::test]
async fn manual_changes_go_on_beside_one_that_is_refused_and_name_it() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let mut ids = Vec::new();
    for (number, queue) in [(1, "bad"), (2, "good")] {
        db.push(queue, &payload(number, json!({"queue": queue, "retry": 0}))).await;
        let held = claim(&store, 1).await.pop().unwrap();
        ids.push(held.id());
        assert_eq!(common::jobs::settle(&store, held, fail("no luck")).await, Settled::Applied);
    }
    spoil(&db, "queue:bad").await;
    let ids: Vec<JobId> = ids;
    assert_refused(store.retry(&ids).await, "queue:bad");
    assert_eq!((length(&db, "ZCARD", "dead").await, length(&db, "LLEN", "queue:good").await), (1, 1));
}

#[tokio::test]
async fn numbers_that_cannot_be_counted_cost_no_job() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for key in ["stat:processed", "stat:failed", "jobs_rs:crashes"] {
        spoil(&db, key).await;
    }
    enqueue(&store, 0..2).await;
    let mut held = claim(&store, 2).await;
    let (first, second) = (held.remove(0), held.remove(0));
    assert_eq!(common::jobs::settle(&store, first, retry(None)).await, Settled::Applied);
    assert_eq!(common::jobs::settle(&store, second, Decision::Finish { keep: false }).await, Settled::Applied);
    assert_eq!(length(&db, "ZCARD", "retry").await, 1);
}

#[tokio::test]
async fn an_entry_that_no_page_can_show_stays_claimed_if_it_cannot_be_put_aside() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    spoil(&db, "dead").await;
    db.push("default", "no payload").await;
    db.push("default", &payload(1, json!({}))).await;
    assert_eq!(claim(&store, 10).await.len(), 1);
    assert_eq!(length(&db, "HLEN", &format!("jobs_rs:claimed:{ME}")).await, 2);
    mend(&db, "dead").await;
    let _reply = store.heartbeat(&process(ProcessStatus::Stopped)).await.unwrap();
    let others: Vec<Execution> = store.claim(&Claim::all(OTHER, 10)).await.unwrap();
    assert_eq!((others.len(), length(&db, "ZCARD", "dead").await), (1, 1));
}

#[tokio::test]
async fn a_lost_claim_whose_queue_cannot_take_its_jobs_is_released_later() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    enqueue(&store, 0..2).await;
    lose_a_claim(&store, &db).await;
    spoil(&db, "queue:default").await;
    for _ in 0..2 {
        assert_eq!(claim(&store, 10).await.len(), 0, "the queue cannot take them");
    }
    mend(&db, "queue:default").await;
    assert_eq!(claim(&store, 10).await.len(), 2, "they are not forgotten while the process lives");
}

#[tokio::test]
async fn a_number_of_crashes_that_is_none_costs_no_job() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    enqueue(&store, 0..1).await;
    let jid = db.list("queue:default").await.pop().unwrap();
    let jid: serde_json::Value = serde_json::from_str(&jid).unwrap();
    let _: i64 = db.run(&["HSET", "jobs_rs:crashes", jid["jid"].as_str().unwrap(), "many"]).await;
    assert_eq!(claim(&store, 10).await.first().map(|held| held.crashes), Some(0));
}

#[tokio::test]
async fn a_member_of_the_set_of_processes_that_is_none_stops_no_process() {
    let Some(db) = TestDb::new().await else { return };
    let mut connection = db.connection().await;
    spoil(&db, "not a hash").await;
    let _: () = db.run(&["SADD", "processes", "not a hash", "h:1:text", "h:2:old"]).await;
    let _: () = db.run(&["HSET", "h:2:old", "info", r#"{"hostname":"web-1","version":"7.3.2"}"#]).await;
    let mut pipe = redis::pipe();
    pipe.cmd("SADD").arg("processes").arg(b"h:3:\xff").ignore();
    pipe.cmd("HSET").arg("h:1:text").arg("info").arg(b"\xff").ignore();
    let _: () = pipe.query_async(&mut connection).await.unwrap();
    let store = db.open().await;
    let _reply = store.heartbeat(&process(ProcessStatus::Running)).await.unwrap();
    let names: Vec<_> = store.processes().await.unwrap().into_iter().map(|record| record.process.name).collect();
    assert_eq!(names, ["worker", "h:1:text", "h:2:old"]);
    let _new = enqueue(&store, 0..1).await;
    let text: serde_json::Value = serde_json::from_str(&db.list("queue:default").await[0]).unwrap();
    assert!(text["created_at"].is_f64(), "the form is that of the process that can be read: {text}");
}
