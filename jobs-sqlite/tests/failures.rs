//! Failures around a store: its errors, and that no job is lost.

mod common;

use std::time::Duration;

use common::{File, ME, count, enqueue, id, job, work};
use jobs_core::{Claim, Clock, Due, Process, ProcessStatus, Recovery, State, Store, Timestamp};

#[tokio::test]
async fn a_lock_held_for_too_long_is_a_transient_error_and_passes() {
    let file = File::new();
    let store = file.options().busy_timeout(Duration::from_millis(20)).open().unwrap();
    let stranger = file.stranger();
    stranger.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.enqueue(&[job(1)]).await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("`busy_timeout`"), "{error}");
    assert!(store.inspect().unwrap().find(id(1)).await.unwrap().is_none(), "looking goes on meanwhile");
    stranger.execute_batch("ROLLBACK").unwrap();
    enqueue(&store, 1..2).await;
    assert_eq!(work(&store, 10).await, [id(1)]);
}

#[tokio::test]
async fn a_full_store_refuses_new_jobs_and_workers_can_empty_it() {
    let file = File::new();
    let store = file.options().max_size(256 << 10).open().unwrap();
    let mut stored = 0;
    let error = loop {
        match store.enqueue(&common::jobs(stored..stored + 100)).await {
            Ok(_) => stored += 100,
            Err(error) => break error,
        }
        assert!(stored < 100_000, "256 KiB cannot hold so many");
    };
    assert!(error.is_transient() && error.to_string().contains("`max_size`"), "{error}");
    assert_eq!(count(&store, State::Ready).await, stored, "all of a call or none");
    assert_eq!(work(&store, 100_000).await.len() as u64, stored, "what is there can still be worked off");
    assert_eq!(store.manage().unwrap().prune(Duration::ZERO, 100_000).await.unwrap(), stored);
    enqueue(&store, 0..100).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_call_does_not_fail_the_others_of_its_transaction() {
    let file = File::new();
    let store = std::sync::Arc::new(file.options().max_size(256 << 10).open().unwrap());
    let mut huge = job(0);
    huge.arguments = "x".repeat(1 << 20);
    let calls: Vec<_> = (0..50)
        .map(|number| {
            let (store, huge) = (store.clone(), huge.clone());
            let call = async move { store.enqueue(&[if number == 25 { huge } else { job(number + 1) }]).await.is_ok() };
            tokio::spawn(call)
        })
        .collect();
    let mut failed = Vec::new();
    for (number, call) in calls.into_iter().enumerate() {
        if !call.await.unwrap() {
            failed.push(number);
        }
    }
    assert_eq!(failed, [25]);
    assert_eq!(count(&*store, State::Ready).await, 49);
}

#[tokio::test]
async fn an_unreadable_job_fails_alone_and_the_others_are_claimed() {
    let file = File::new();
    let store = file.open();
    enqueue(&store, 1..6).await;
    let stranger = file.stranger();
    let spoil = |column: &str, value: &str, number: u64| {
        let sql = format!("UPDATE jobs SET {column} = {value} WHERE id = ?1");
        assert_eq!(stranger.execute(&sql, [id(number).as_bytes()]).unwrap(), 1);
    };
    spoil("arguments", "CAST(x'5bff' AS TEXT)", 1);
    spoil("version", "-1", 3);
    assert_eq!(work(&store, 3).await, [id(2), id(4), id(5)], "other jobs are claimed instead of the unreadable ones");
    for (number, column) in [(1, "arguments"), (3, "version")] {
        let record = store.inspect().unwrap().find(id(number)).await.unwrap().unwrap();
        assert_eq!(record.state, State::Failed);
        assert_eq!(record.errors[0].class, "jobs::Corrupt");
        assert!(record.errors[0].message.contains(column), "{}", record.errors[0].message);
    }
    spoil("version", "1", 3);
    assert_eq!(store.manage().unwrap().retry(&[id(3)]).await.unwrap(), 1);
    assert_eq!(work(&store, 3).await, [id(3)], "a repaired job runs");
}

#[tokio::test]
async fn a_row_of_the_wrong_types_can_still_be_inspected() {
    let file = File::new();
    let store = file.open();
    enqueue(&store, 1..3).await;
    file.stranger().execute_batch("UPDATE jobs SET arguments = CAST(x'ff' AS TEXT), priority = 9999999999").unwrap();
    assert_eq!(store.inspect().unwrap().list(&jobs_core::Filter::default()).await.unwrap().len(), 2);
    assert!(work(&store, 10).await.is_empty());
    assert_eq!(count(&store, State::Failed).await, 2);
}

#[tokio::test]
async fn a_clock_set_back_keeps_the_order_of_arrival() {
    let file = File::new();
    let store = file.open();
    enqueue(&store, 5..6).await;
    file.set_back(Duration::from_secs(3600));
    enqueue(&store, 1..2).await;
    assert_eq!(work(&store, 10).await, [id(5), id(1)]);
}

#[tokio::test]
async fn a_clock_set_back_does_not_hide_a_dead_process() {
    let file = File::new();
    let store = file.open();
    enqueue(&store, 1..2).await;
    let _pulse = store.heartbeat(&Process::new(ME, "w", "h", 1)).await.unwrap();
    let _held = store.claim(&Claim::all(ME, 1)).await.unwrap();
    file.set_back(Duration::from_secs(3600));
    let recovery = Recovery::new(Duration::from_secs(30), 3);
    assert!(store.recover(&recovery).await.unwrap().ready.is_empty());
    file.clock.advance(Duration::from_secs(31));
    assert_eq!(store.recover(&recovery).await.unwrap().ready, [id(1)]);
}

#[tokio::test]
async fn a_scheduled_job_waits_again_if_the_clock_is_set_back() {
    let file = File::new();
    let store = file.open();
    let mut later = job(1);
    later.due = Due::In(Duration::from_secs(10));
    let _stored = store.enqueue(&[later]).await.unwrap();
    file.set_back(Duration::from_secs(5));
    assert_eq!(store.dispatch(10).await.unwrap().next_in, Some(Duration::from_secs(15)));
    file.clock.advance(Duration::from_secs(15));
    assert_eq!(store.dispatch(10).await.unwrap().ready, 1);
}

#[tokio::test]
async fn a_stopped_process_releases_its_jobs() {
    let file = File::new();
    let store = file.open();
    enqueue(&store, 1..3).await;
    let mut process = Process::new(ME, "w", "h", 1);
    let _pulse = store.heartbeat(&process).await.unwrap();
    let _held = store.claim(&Claim::all(ME, 1)).await.unwrap();
    process.phase = ProcessStatus::Stopped;
    let _pulse = store.heartbeat(&process).await.unwrap();
    assert!(store.inspect().unwrap().processes().await.unwrap().is_empty());
    let again = store.claim(&Claim::all(ME, 1)).await.unwrap();
    assert_eq!((again[0].id(), again[0].attempt, again[0].token.claim), (id(1), 1, 2));
}

/// A clock that makes the thread of the store panic.
#[derive(Debug)]
struct BrokenClock;

impl Clock for BrokenClock {
    #[expect(clippy::panic, reason = "it is what the test is about")]
    fn now(&self) -> Timestamp {
        panic!("the clock is broken, on purpose")
    }
}

#[tokio::test]
async fn a_writer_that_died_is_an_error_and_no_hang() {
    let file = File::new();
    let store = file.options().clock(std::sync::Arc::new(BrokenClock)).open().unwrap();
    for _ in 0..2 {
        let error = store.enqueue(&[job(1)]).await.unwrap_err();
        assert!(error.to_string().contains("the thread of the SQLite store has ended"), "{error}");
    }
    drop(store);
}
