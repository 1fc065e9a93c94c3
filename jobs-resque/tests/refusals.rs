//! What Redis refuses in the middle of a script, as a key of another type: no job is lost by it, and it holds up no other job.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::TestDb;
use common::jobs::{FINISH, ME, claim, fail, job, job_in, lose_a_claim, retry_in};
use jobs_core::{Decision, Inspect, Process, ProcessStatus, Recovery, Settled, State, Store};
use jobs_testing::plain::enqueue;

/// A value of a type that none of the store's keys has.
async fn spoil(db: &TestDb, key: &str) {
    let _: i64 = db.run(&["DEL", key]).await;
    let _: () = db.run(&["PFADD", key, "a visitor"]).await;
}

async fn mend(db: &TestDb, key: &str) {
    let _: i64 = db.run(&["DEL", key]).await;
}

#[tokio::test]
async fn a_settlement_that_redis_refuses_changes_no_job_of_its_call() {
    let minute = Duration::from_secs(60);
    let cases = [
        ("resque:failed", fail("no luck")),
        ("resque:queue:low", Decision::Release),
        ("resque:queues", Decision::Release),
        ("resque:jobs_rs:soon", retry_in(Duration::from_secs(1))),
        ("resque:delayed_queue_schedule", retry_in(minute)),
        ("resque:jobs_rs:sequence", retry_in(minute)),
    ];
    for (key, decision) in cases {
        let Some(db) = TestDb::new().await else { return };
        let store = db.open().await;
        store.enqueue(&[job(1), job(2), job(3)]).await.unwrap();
        let held = claim(&store, 3).await;
        let decisions = [FINISH, decision, FINISH];
        let settlements: Vec<_> = held.into_iter().zip(decisions).map(|(held, how)| held.settle(how)).collect();
        spoil(&db, key).await;
        let error = store.settle(&settlements).await.unwrap_err();
        assert!(!error.is_transient() && error.to_string().contains(key), "{error:?}");
        mend(&db, key).await;
        assert_eq!(store.settle(&settlements).await.unwrap(), [Settled::Applied; 3], "{key}: nothing was done before");
    }
}

#[tokio::test]
async fn a_due_job_whose_queue_cannot_take_it_stays_and_stops_no_other() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let mut other = job_in(2, Duration::from_secs(60));
    "high".clone_into(&mut other.queue);
    store.enqueue(&[job_in(1, Duration::from_secs(60)), other]).await.unwrap();
    db.clock.advance(Duration::from_secs(61));
    spoil(&db, "resque:queue:low").await;
    let dispatched = store.dispatch(10).await.unwrap();
    let refused: Vec<_> = dispatched.refused.iter().map(|refused| refused.job).collect();
    assert_eq!((dispatched.ready, dispatched.next_in, refused), (1, None, vec![job(1).id]));
    assert_eq!(claim(&store, 10).await.len(), 1, "the claim passes by a key that is no queue");
    mend(&db, "resque:queue:low").await;
    db.clock.advance(Duration::from_secs(2));
    assert_eq!(store.dispatch(10).await.unwrap().ready, 1, "it was not lost");
}

#[tokio::test]
async fn a_claim_that_cannot_be_kept_takes_nothing() {
    let claims = format!("resque:jobs_rs:claims:{ME}");
    for key in [&*claims, "resque:workers", "resque:workers:heartbeat", "resque:jobs_rs:claimers"] {
        let Some(db) = TestDb::new().await else { return };
        let store = db.open().await;
        enqueue(&store, 0..3).await;
        spoil(&db, key).await;
        let error = store.claim(&jobs_core::Claim::all(ME, 3)).await.unwrap_err();
        assert!(error.to_string().contains(key), "{error:?}");
        mend(&db, key).await;
        assert_eq!(claim(&store, 10).await.len(), 3, "{key}");
    }
}

#[tokio::test]
async fn a_job_of_a_dead_process_whose_queue_cannot_take_it_is_recovered_later() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _reply = store.heartbeat(&Process::new(ME, "me", "worker-1", 42)).await.unwrap();
    store.enqueue(&[job(1)]).await.unwrap();
    assert_eq!(claim(&store, 1).await.len(), 1);
    db.clock.advance(Duration::from_secs(120));
    spoil(&db, "resque:queue:low").await;
    let recovery = Recovery::new(Duration::from_secs(60), 3);
    let recovered = store.recover(&recovery).await.unwrap();
    assert_eq!((recovered.ready.len(), recovered.refused.len()), (0, 1));
    mend(&db, "resque:queue:low").await;
    db.clock.advance(Duration::from_secs(2));
    assert_eq!(store.recover(&recovery).await.unwrap().ready.len(), 1, "it was not lost");
}

#[tokio::test]
async fn a_job_of_a_stopped_process_whose_queue_cannot_take_it_is_recovered_later() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let mut process = Process::new(ME, "me", "worker-1", 42);
    let _reply = store.heartbeat(&process).await.unwrap();
    store.enqueue(&[job(1)]).await.unwrap();
    assert_eq!(claim(&store, 1).await.len(), 1);
    process.phase = ProcessStatus::Stopped;
    spoil(&db, "resque:jobs_rs:lost").await;
    let error = store.heartbeat(&process).await.unwrap_err();
    assert!(error.to_string().contains("resque:jobs_rs:lost"), "{error:?}");
    mend(&db, "resque:jobs_rs:lost").await;
    spoil(&db, "resque:queue:low").await;
    let _reply = store.heartbeat(&process).await.unwrap();
    mend(&db, "resque:queue:low").await;
    let recovered = store.recover(&Recovery::new(Duration::from_secs(60), 3)).await.unwrap();
    assert_eq!(recovered.ready.len(), 1, "it was not lost");
}

#[tokio::test]
async fn a_due_second_that_is_no_list_stops_no_other_and_the_lock_is_given_back() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    store.enqueue(&[job_in(1, Duration::from_secs(60)), job_in(2, Duration::from_secs(70))]).await.unwrap();
    let seconds: Vec<String> = db.run(&["ZRANGE", "resque:delayed_queue_schedule", "0", "-1"]).await;
    spoil(&db, &format!("resque:delayed:{}", seconds[0])).await;
    db.clock.advance(Duration::from_secs(71));
    assert_eq!(store.dispatch(10).await.unwrap().ready, 1);
    assert_eq!(db.keys(&[]).await.iter().filter(|key| key.ends_with("master_lock")).count(), 0);
}

#[tokio::test]
async fn a_lost_claim_whose_queue_cannot_take_its_jobs_is_released_later() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    store.enqueue(&[job(1), job(2)]).await.unwrap();
    lose_a_claim(&store, &db, "low").await;
    spoil(&db, "resque:queue:low").await;
    for _ in 0..2 {
        assert_eq!(claim(&store, 10).await.len(), 0, "the queue cannot take them");
    }
    mend(&db, "resque:queue:low").await;
    assert_eq!(claim(&store, 10).await.len(), 2, "they are not forgotten while the process lives");
}

#[tokio::test]
async fn a_value_that_cannot_be_read_is_told_as_corrupt_without_showing_it() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _: i64 = db.run(&["SADD", "resque:jobs_rs:claimers", &ME.to_string()]).await;
    let _: i64 = db.run(&["HSET", &format!("resque:jobs_rs:claims:{ME}"), "secret", "worker"]).await;
    let error = store.recover(&Recovery::new(Duration::from_secs(60), 3)).await.unwrap_err();
    assert!(error.is_corrupt() && !error.is_transient(), "{error:?}");
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}

#[tokio::test]
async fn a_number_of_crashes_that_is_none_costs_no_job() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    store.enqueue(&[job(1)]).await.unwrap();
    let _: i64 = db.run(&["HSET", "resque:jobs_rs:crashes", &job(1).id.to_string(), "many"]).await;
    assert_eq!(claim(&store, 10).await.first().map(|held| held.crashes), Some(0));
    assert_eq!(store.counts().await.unwrap().of(State::Claimed), 1);
}
