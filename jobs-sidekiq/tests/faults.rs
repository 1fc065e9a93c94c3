//! What goes wrong with Redis loses no job.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;
#[path = "../../jobs-redis/tests/common/outages.rs"]
mod outages;

use std::time::Duration;

use common::jobs::ME;
use common::log::Log;
use common::server::OwnServer;
use jobs_core::{Claim, HeartbeatReply, Process, Recovered, Recovery, connect};
use jobs_testing::plain::{enqueue, finish, work};
use outages::fail_all;

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
    server.add_user(&["~*", "resetchannels", "+@all", "-@dangerous"]).await;
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
async fn a_queue_that_this_user_may_only_read_holds_up_no_other() {
    let Some(server) = OwnServer::new().await else { return };
    let rights =
        ["%R~queue:a", "%R~paused", "~[^pq]*", "~queue:[^a]*", "~queues", "~processes", "allchannels", "+@all"];
    server.add_user(&rights).await;
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
    server.add_user(&["~[^q]*", "~queues", "~queue:c", "allchannels", "+@all"]).await;
    let store = connect(&server.url().replace("//", "//app:secret@")).await.unwrap();
    for queue in ["a", "b", "c", "c"] {
        let _: i64 = server.run(&["SADD", "queues", queue]).await;
        let _: i64 = server.run(&["LPUSH", &format!("queue:{queue}"), r#"{"class":"Charge","args":[]}"#]).await;
    }
    let log = Log::default();
    let _logging = log.begin();
    for jobs in [2, 0] {
        let held = store.claim(&Claim::all(ME, 10)).await.unwrap();
        assert!(held.len() == jobs && held.iter().all(|job| job.queue == "c"), "{held:?}");
        store.settle(&finish(held)).await.unwrap();
    }
    let logged = log.text();
    assert!(logged.contains("`a` gives no jobs") && logged.contains("`b` gives no jobs"), "{logged}");
    assert_eq!(logged.matches("`a` gives no jobs").count(), 1, "{logged}");
}
