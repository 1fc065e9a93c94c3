//! Jobs that the plugin resque-retry has delayed go on with the attempts that it has counted.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::TestDb;
use common::jobs::{FINISH, claim, fail, retry_in, settle};
use jobs_core::{Filter, Inspect, Settled, Store};
use jobs_resque::FailureRecord;

const TEXT: &str = r#"{"class":"Retried","args":[1,"x"]}"#;
/// As the plugin has named it in the samples.
const COUNTER: &str = "resque:resque-retry:Retried:dcd001d38cbc03a246005c2195d7196bda0eeca7";

/// A job that has failed in Ruby so many times and is to be tried again.
async fn delayed_by_ruby(db: &TestDb, failures: i64) {
    let _: () = db.run(&["SET", COUNTER, &(failures - 1).to_string()]).await;
    db.push("default", TEXT).await;
}

#[tokio::test]
async fn a_job_that_resque_retry_delayed_goes_on_with_its_attempts() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    delayed_by_ruby(&db, 2).await;
    let listed = store.page(&Filter::default()).await.unwrap().jobs.remove(0);
    assert_eq!(listed.attempts, 2, "before it is claimed");
    let job = claim(&store, 1).await.pop().unwrap();
    assert_eq!(job.attempt, 3);
    assert_eq!(settle(&store, job, fail("declined")).await, Settled::Applied);
    let record = FailureRecord::parse(&db.list("resque:failed").await[0]).unwrap();
    assert_eq!((record.payload().unwrap().failures(), record.error().attempt), (3, 3));
    assert_eq!(store.page(&Filter::default()).await.unwrap().jobs[0].attempts, 3);
    assert_eq!(db.number(COUNTER).await, Some(1), "as Ruby wrote it");
}

#[tokio::test]
async fn attempts_of_both_sides_are_counted_once_over_a_retry_of_rust() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    delayed_by_ruby(&db, 1).await;
    let job = claim(&store, 1).await.pop().unwrap();
    assert_eq!(settle(&store, job, retry_in(Duration::from_secs(1))).await, Settled::Applied);
    db.clock.advance(Duration::from_secs(2));
    assert_eq!(store.dispatch(10).await.unwrap().ready, 1);
    assert_eq!(claim(&store, 1).await[0].attempt, 3);
}

#[tokio::test]
async fn another_handle_that_settles_the_job_knows_its_attempts_too() {
    let Some(db) = TestDb::new().await else { return };
    delayed_by_ruby(&db, 4).await;
    let job = claim(&db.open().await, 1).await.pop().unwrap();
    assert_eq!(settle(&db.open().await, job, fail("declined")).await, Settled::Applied);
    let record = FailureRecord::parse(&db.list("resque:failed").await[0]).unwrap();
    assert_eq!(record.payload().unwrap().failures(), 5);
}

#[tokio::test]
async fn the_count_ends_with_the_success_of_its_job_as_in_ruby() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    delayed_by_ruby(&db, 1).await;
    let _: () = db.run(&["SET", "resque:resque-retry:Retried", "0"]).await;
    let job = claim(&store, 1).await.pop().unwrap();
    assert_eq!(settle(&store, job, FINISH).await, Settled::Applied);
    assert_eq!(db.number(COUNTER).await, None);
    assert_eq!(db.number("resque:resque-retry:Retried").await, Some(0), "that of another job stays");
}

#[tokio::test]
async fn what_is_no_count_costs_no_job() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _: i64 = db.run(&["RPUSH", COUNTER, "no number"]).await;
    db.push("default", TEXT).await;
    assert_eq!(claim(&store, 1).await[0].attempt, 1);
}
