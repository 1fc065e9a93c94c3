//! What goes wrong with Redis loses no job.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::TestDb;
use common::jobs::{ME, claim};
use common::log::Log;
use common::server::OwnServer;
use jobs_core::{Claim, Error, Execution, HeartbeatReply, Process, Recovered, Recovery, State, Store, connect};
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

#[tokio::test]
async fn a_process_stays_alive_while_the_memory_is_full() {
    let Some(server) = OwnServer::new().await else { return };
    let store = connect(&server.url()).await.unwrap();
    let process = Process::new(ME, "worker", "host-1", 4711);
    enqueue(&*store, 0..2).await;
    let _: () = server.run(&["CONFIG", "SET", "maxmemory", "1"]).await;
    assert_eq!(store.claim(&Claim::all(ME, 2)).await.unwrap().len(), 2);
    let reply = store.heartbeat(&process).await.unwrap();
    assert_eq!(reply, HeartbeatReply::Alive);
    assert_eq!(store.recover(&Recovery::new(Duration::from_secs(60), 3)).await.unwrap(), Recovered::default());
}

#[tokio::test]
async fn a_user_of_redis_with_few_rights_can_work_and_loses_no_job_by_those_it_lacks() {
    let Some(server) = OwnServer::new().await else { return };
    // The rights that a new user has from Redis 7 on, without any channel, and without what is dangerous, as `INFO`.
    let rights = ["ACL", "SETUSER", "app", "on", ">secret", "~*", "resetchannels", "+@all", "-@dangerous"];
    let _: () = server.run(&rights).await;
    let store = connect(&server.url().replace("//", "//app:secret@")).await.unwrap();
    let mut listener = store.notifier().unwrap().listen();
    enqueue(&*store, 0..3).await;
    assert_eq!(work(&*store, 2).await.len(), 2);
    let _: i64 = server.run(&["LPUSH", "queue:mail", "{}"]).await;
    tokio::time::timeout(Duration::from_secs(60), listener.recv()).await.expect("the job of Ruby is found by looking");
    // Reading is allowed, writing is not.
    let held = store.claim(&Claim::new(ME, vec!["default".parse().unwrap()], 1)).await.unwrap();
    let _: () = server.run(&["ACL", "SETUSER", "app", "resetkeys", "%R~dead", "~[^d]*"]).await;
    let settlements = fail_all(held);
    let error = store.settle(&settlements).await.unwrap_err();
    assert!(error.to_string().contains("`dead`"), "{error}");
    let _: () = server.run(&["ACL", "SETUSER", "app", "~*"]).await;
    assert_eq!(store.settle(&settlements).await.unwrap(), [jobs_core::Settled::Applied]);
}

fn fail_all(claimed: Vec<Execution>) -> Vec<jobs_core::Settlement> {
    claimed.into_iter().map(|execution| execution.settle(common::jobs::fail("no luck"))).collect()
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
async fn a_redis_that_removes_keys_by_itself_is_warned_of() {
    let Some(server) = OwnServer::new().await else { return };
    let _: () = server.run(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]).await;
    let log = Log::default();
    let _logging = log.begin();
    connect(&server.url()).await.unwrap();
    let logged = log.text();
    assert!(logged.contains("WARN") && logged.contains("noeviction"), "{logged}");
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
async fn a_queue_that_this_user_may_only_read_holds_up_no_other() {
    let Some(server) = OwnServer::new().await else { return };
    let rights = [
        "ACL",
        "SETUSER",
        "app",
        "on",
        ">secret",
        "%R~queue:a",
        "%R~paused",
        "~[^pq]*",
        "~queue:[^a]*",
        "~queues",
        "~processes",
    ];
    let _: () = server.run(&[&rights[..], &["allchannels", "+@all"]].concat()).await;
    let store = connect(&server.url().replace("//", "//app:secret@")).await.unwrap();
    let _: i64 = server.run(&["SADD", "queues", "a", "b"]).await;
    for queue in ["a", "b"] {
        let _: i64 = server.run(&["LPUSH", &format!("queue:{queue}"), r#"{"class":"Charge","args":[]}"#]).await;
    }
    let held = store.claim(&Claim::all(ME, 10)).await.unwrap();
    assert_eq!(held.iter().map(|job| &*job.queue).collect::<Vec<_>>(), ["b"]);
}

#[tokio::test]
async fn all_queues_that_give_no_jobs_are_told_once_and_hold_up_no_other() {
    let Some(server) = OwnServer::new().await else { return };
    let rights = ["ACL", "SETUSER", "app", "on", ">secret", "~[^q]*", "~queues", "~queue:c", "allchannels", "+@all"];
    let _: () = server.run(&rights).await;
    let store = connect(&server.url().replace("//", "//app:secret@")).await.unwrap();
    for queue in ["a", "b", "c", "c"] {
        let _: i64 = server.run(&["SADD", "queues", queue]).await;
        let _: i64 = server.run(&["LPUSH", &format!("queue:{queue}"), r#"{"class":"Charge","args":[]}"#]).await;
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
}
