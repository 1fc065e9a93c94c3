//! What goes wrong with Redis loses no job: the tests of both stores.

use std::sync::Arc;

use jobs_core::{Claim, Error, Execution, Settlement, State, Store, connect};
use jobs_testing::plain::{count, enqueue, finish, jobs, work};

use crate::common::TestDb;
use crate::common::jobs::{ME, claim, fail};
use crate::common::server::OwnServer;

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

/// The settlements that fail these executions for good.
pub(crate) fn fail_all(claimed: Vec<Execution>) -> Vec<Settlement> {
    claimed.into_iter().map(|execution| execution.settle(fail("no luck"))).collect()
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
