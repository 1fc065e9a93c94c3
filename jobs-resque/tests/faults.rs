//! What goes wrong with Redis loses no job.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;
#[path = "../../jobs-redis/tests/common/outages.rs"]
mod outages;

use std::time::Duration;

use common::TestDb;
use common::jobs::{ME, job_in};
use common::log::Log;
use common::server::OwnServer;
use jobs_core::{Claim, Execution, State, connect};
use jobs_testing::plain::{count, finish, jobs};
use outages::fail_all;

#[tokio::test]
async fn a_clock_of_this_machine_that_is_wrong_by_an_hour_changes_nothing() {
    let Some(db) = TestDb::new().await else { return };
    // By the server's clock, as a program opens it; the job of Ruby is delayed by Ruby's clock.
    let store = connect(&db.url).await.unwrap();
    let (seconds, _micros): (i64, i64) = db.run(&["TIME"]).await;
    db.schedule(seconds + 3_600, r#"{"class":"Charge","args":[],"queue":"low"}"#).await;
    store.enqueue(&[job_in(1, Duration::from_secs(3_600))]).await.unwrap();
    assert_eq!(store.dispatch(10).await.unwrap().ready, 0);
    db.schedule(seconds - 3_600, r#"{"class":"Charge","args":[],"queue":"low"}"#).await;
    assert_eq!(store.dispatch(10).await.unwrap().ready, 1);
}

/// The rights of a user who may only read the queue `a`.
const MAY_ONLY_READ_A: [&str; 6] =
    ["%R~*:queue:a", "~resque:[^q]*", "~*:queue:[^a]*", "~*:queues", "allchannels", "+@all"];

#[tokio::test]
async fn a_queue_that_this_user_may_only_read_holds_up_no_other() {
    let Some(server) = OwnServer::new().await else { return };
    server.add_user(&MAY_ONLY_READ_A).await;
    let store = connect(&server.url().replace("//", "//app:secret@")).await.unwrap();
    let _: () = server.run(&["SADD", "resque:queues", "a", "b"]).await;
    for queue in ["a", "b"] {
        let _: () = server.run(&["RPUSH", &format!("resque:queue:{queue}"), r#"{"class":"Charge","args":[]}"#]).await;
    }
    let held = store.claim(&Claim::all(ME, 10)).await.unwrap();
    assert_eq!(held.iter().map(|job| &*job.queue).collect::<Vec<_>>(), ["b"]);
}

#[tokio::test]
async fn manual_changes_go_on_beside_one_that_is_refused_and_name_it() {
    let Some(server) = OwnServer::new().await else { return };
    server.add_user(&MAY_ONLY_READ_A).await;
    let admin = connect(&server.url()).await.unwrap();
    let [mut first, mut second]: [jobs_core::NewJob; 2] = jobs(0..2).try_into().unwrap();
    "a".clone_into(&mut first.queue);
    "b".clone_into(&mut second.queue);
    let both = [first.id, second.id];
    admin.enqueue(&[first, second]).await.unwrap();
    let claimed = admin.claim(&Claim::all(ME, 10)).await.unwrap();
    admin.settle(&fail_all(claimed)).await.unwrap();
    let store = connect(&server.url().replace("//", "//app:secret@")).await.unwrap();
    let error = store.manage().unwrap().retry(&both).await.unwrap_err();
    assert!(error.to_string().contains("resque:queue:a") && error.to_string().contains("1 others"), "{error}");
    assert_eq!(count(&*admin, State::Ready).await, 1);
    assert_eq!(admin.manage().unwrap().retry(&both).await.unwrap(), 1, "it is still a failure");
}

#[tokio::test]
async fn queues_without_any_right_are_told_once_and_hold_up_no_other() {
    let Some(server) = OwnServer::new().await else { return };
    let keys = ["~resque:[^q]*", "~*:queues", "~*:queue:c", "~*pause*"];
    server.add_user(&[&keys[..], &["allchannels", "+@all"]].concat()).await;
    let store = connect(&server.url().replace("//", "//app:secret@")).await.unwrap();
    for queue in ["a", "b", "c", "c"] {
        let _: i64 = server.run(&["SADD", "resque:queues", queue]).await;
        let text = r#"{"class":"Charge","args":[]}"#;
        let _: i64 = server.run(&["RPUSH", &format!("resque:queue:{queue}"), text]).await;
    }
    let log = Log::default();
    let _logging = log.begin();
    for _ in 0..2 {
        let held = store.claim(&Claim::all(ME, 1)).await.unwrap();
        assert_eq!(held.iter().map(|job| &*job.queue).collect::<Vec<_>>(), ["c"]);
        store.settle(&finish(held)).await.unwrap();
    }
    let logged = log.text();
    assert!(logged.contains("`a` gives no jobs") && logged.contains("`b` gives no jobs"), "{logged}");
    assert_eq!(logged.matches("`a` gives no jobs").count(), 1, "{logged}");
    assert!(store.inspect().unwrap().queues().await.is_ok(), "they hide no other queue");
}

#[tokio::test]
async fn one_call_enqueues_more_jobs_than_redis_takes_words_in_a_command() {
    let Some(server) = OwnServer::new().await else { return };
    let store = connect(&server.url()).await.unwrap();
    let jobs = jobs(0..75_000);
    let ids: Vec<_> = jobs.iter().map(|job| job.id).collect();
    assert_eq!(store.enqueue(&jobs).await.unwrap().len(), ids.len());
    assert_eq!(count(&*store, State::Ready).await, 75_000);
    let claimed = store.claim(&Claim::all(ME, 2)).await.unwrap();
    assert_eq!(claimed.iter().map(Execution::id).collect::<Vec<_>>(), ids[..2]);
}
