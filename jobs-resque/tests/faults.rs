//! What goes wrong with Redis loses no job.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::TestDb;
use common::jobs::{ME, claim, fail, job_in};
use common::log::Log;
use common::server::OwnServer;
use jobs_core::{Claim, Error, Execution, State, Store, connect};
use jobs_testing::plain::{count, enqueue, finish, jobs, work};

/// Calls until the answer is no transient error; every error before it is one.
async fn until_done<T>(mut call: impl AsyncFnMut() -> Result<T, Error>) -> T {
    for _ in 0..1_000 {
        match call().await {
            Ok(answer) => return answer,
            Err(error) => assert!(error.is_transient(), "{error:?}"),
        }
        tokio::task::yield_now().await;
    }
    panic!("every call failed");
}

#[tokio::test]
async fn scripts_run_again_after_the_server_has_forgotten_them() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for _ in 0..3 {
        let _: () = db.run(&["SCRIPT", "FLUSH"]).await;
        enqueue(&store, 0..3).await;
        let _: () = db.run(&["SCRIPT", "FLUSH"]).await;
        assert_eq!(work(&store, 10).await.len(), 3);
    }
}

#[tokio::test]
async fn calls_go_on_while_the_server_forgets_its_scripts_all_the_time() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let forget = async {
        loop {
            let _: () = db.run(&["SCRIPT", "FLUSH"]).await;
        }
    };
    let calls = async {
        for number in 0..200 {
            enqueue(&store, number..number + 1).await;
            assert_eq!(work(&store, 10).await.len(), 1);
        }
    };
    tokio::select! {
        () = forget => {}
        () = calls => {}
    }
}

#[tokio::test]
async fn a_killed_connection_costs_no_job() {
    let Some(server) = OwnServer::new().await else { return };
    let store = connect(&server.url()).await.unwrap();
    enqueue(&*store, 0..100).await;
    let mut finished = Vec::new();
    while finished.len() < 100 {
        let _: i64 = server.run(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]).await;
        let claimed: Vec<Execution> = until_done(async || store.claim(&Claim::all(ME, 7)).await).await;
        finished.extend(claimed.iter().map(Execution::id));
        let settlements = finish(claimed);
        let _: i64 = server.run(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]).await;
        until_done(async || store.settle(&settlements).await).await;
    }
    finished.sort();
    finished.dedup();
    assert_eq!((finished.len(), count(&*store, State::Claimed).await), (100, 0), "each once, and none is stuck");
}

#[tokio::test]
async fn a_server_that_is_killed_and_started_again_has_all_jobs() {
    let Some(mut server) = OwnServer::new().await else { return };
    let store = connect(&server.url()).await.unwrap();
    enqueue(&*store, 0..10).await;
    let claimed = store.claim(&Claim::all(ME, 4)).await.unwrap();
    server.kill();
    let error = store.enqueue(&jobs(10..11)).await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
    server.restart().await;
    let settlements = finish(claimed);
    let settled = until_done(async || store.settle(&settlements).await).await;
    assert_eq!(settled, [jobs_core::Settled::Applied; 4]);
    assert_eq!(work(&*store, 100).await.len(), 6);
}

#[tokio::test]
async fn a_full_memory_refuses_whole_enqueues_and_lets_jobs_end() {
    let Some(server) = OwnServer::new().await else { return };
    let store = connect(&server.url()).await.unwrap();
    enqueue(&*store, 0..3).await;
    let _: () = server.run(&["CONFIG", "SET", "maxmemory", "1"]).await;
    let error = store.enqueue(&jobs(3..5)).await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("maxmemory"), "{error:?}");
    assert_eq!(count(&*store, State::Ready).await, 3, "nothing of the batch is stored");
    // What frees memory is done, so the fleet gets out of it.
    assert_eq!(work(&*store, 2).await.len(), 2);
    let claimed = store.claim(&Claim::all(ME, 1)).await.unwrap();
    assert_eq!(store.settle(&fail_all(claimed)).await.unwrap(), [jobs_core::Settled::Applied]);
    assert_eq!(count(&*store, State::Failed).await, 1);
    let _: () = server.run(&["CONFIG", "SET", "maxmemory", "0"]).await;
    enqueue(&*store, 3..5).await;
    assert_eq!(work(&*store, 100).await.len(), 2);
}

fn fail_all(claimed: Vec<Execution>) -> Vec<jobs_core::Settlement> {
    claimed.into_iter().map(|execution| execution.settle(fail("no luck"))).collect()
}

#[tokio::test]
async fn a_replica_that_does_not_write_is_tried_again_later() {
    let Some(server) = OwnServer::new().await else { return };
    let store = connect(&server.url()).await.unwrap();
    enqueue(&*store, 0..2).await;
    let _: () = server.run(&["REPLICAOF", "127.0.0.1", "1"]).await;
    let error = store.claim(&Claim::all(ME, 1)).await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
    let _: () = server.run(&["REPLICAOF", "NO", "ONE"]).await;
    assert_eq!(work(&*store, 10).await.len(), 2);
}

#[tokio::test]
async fn many_callers_share_one_connection() {
    let Some(db) = TestDb::new().await else { return };
    let store: Arc<dyn Store> = Arc::new(db.open().await);
    let calls: Vec<_> = (0..50_u64)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { enqueue(&*store, number * 10..number * 10 + 10).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(claim(&db.open().await, 1_000).await.len(), 500);
}

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

#[tokio::test]
async fn a_queue_that_this_user_may_only_read_holds_up_no_other() {
    let Some(server) = OwnServer::new().await else { return };
    let rights =
        ["ACL", "SETUSER", "app", "on", ">secret", "%R~*:queue:a", "~resque:[^q]*", "~*:queue:[^a]*", "~*:queues"];
    let _: () = server.run(&[&rights[..], &["allchannels", "+@all"]].concat()).await;
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
    let rights =
        ["ACL", "SETUSER", "app", "on", ">secret", "%R~*:queue:a", "~resque:[^q]*", "~*:queue:[^a]*", "~*:queues"];
    let _: () = server.run(&[&rights[..], &["allchannels", "+@all"]].concat()).await;
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
    let rights = [&["ACL", "SETUSER", "app", "on", ">secret"], &keys[..], &["allchannels", "+@all"]].concat();
    let _: () = server.run(&rights).await;
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
