//! Several stores on one file, and one file opened again.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use common::{File, ME, count, enqueue, id, job, work};
use jobs_core::{Claim, Due, ProcessId, State, Store, Unique, UniqueKey, UniqueUntil};
use jobs_sqlite::SqliteStore;

#[tokio::test]
async fn stored_jobs_survive_closing_and_opening_the_file() {
    let file = File::new();
    let store = file.open();
    let mut rich = job(1);
    rich.queue = "mail".to_owned();
    rich.priority = -3;
    rich.due = Due::In(Duration::from_secs(60));
    rich.version = 4;
    rich.meta = Some("{}".to_owned());
    rich.unique_key = UniqueKey::of("test", &Unique::until(UniqueUntil::Done), "[1]", None).unwrap();
    let key = rich.unique_key.map(|key| key.to_string());
    rich.concurrency_key = Some("c".to_owned());
    rich.batch_id = Some("b".to_owned());
    rich.expires_at = Some(jobs_core::Timestamp::from_micros(5));
    let _stored = store.enqueue(&[rich]).await.unwrap();
    let before = store.inspect().unwrap().find(id(1)).await.unwrap().unwrap();
    drop(store);
    let after = file.open().inspect().unwrap().find(id(1)).await.unwrap().unwrap();
    assert_eq!(before, after);
    assert_eq!((after.queue.as_str(), after.priority, after.version, after.state), ("mail", -3, 4, State::Scheduled));
    assert_eq!((after.unique_key.is_some(), after.unique_key), (true, key));
    assert_eq!(after.concurrency_key.as_deref(), Some("c"));
    assert_eq!(after.batch_id.as_deref(), Some("b"));
    assert_eq!(after.expires_at, Some(jobs_core::Timestamp::from_micros(5)));
}

#[tokio::test]
async fn a_dropped_store_leaves_one_file_without_a_log() {
    let file = File::new();
    let store = file.open();
    enqueue(&store, 0..100).await;
    drop(store);
    let names: Vec<_> = std::fs::read_dir(file.folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["jobs.db"]);
}

#[tokio::test]
async fn a_claim_survives_a_restart_of_the_store() {
    let file = File::new();
    let store = file.open();
    enqueue(&store, 0..1).await;
    let held = store.claim(&Claim::all(ME, 1)).await.unwrap();
    drop(store);
    let store = file.open();
    assert_eq!(store.settle(&common::finish(held)).await.unwrap(), [jobs_core::Settled::Applied]);
}

/// Works until no job is ready. Returns the jobs that it claimed.
async fn drain(store: Arc<SqliteStore>, process: i64) -> Vec<jobs_core::JobId> {
    let claim = Claim::all(ProcessId::new(process), 7);
    let (mut seen, mut settlements) = (Vec::new(), Vec::new());
    loop {
        let (_settled, executions) = store.settle_and_claim(&settlements, &claim).await.unwrap();
        if executions.is_empty() {
            return seen;
        }
        seen.extend(executions.iter().map(jobs_core::Execution::id));
        settlements = common::finish(executions);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stores_on_one_file_never_give_out_the_same_job() {
    let file = File::new();
    let stores = [Arc::new(file.open()), Arc::new(file.open())];
    enqueue(&*stores[0], 0..2000).await;
    let workers: Vec<_> = (1..=6)
        .map(|number| tokio::spawn(drain(Arc::clone(&stores[number % 2]), number.try_into().unwrap())))
        .collect();
    let mut given = Vec::new();
    for worker in workers {
        given.extend(worker.await.unwrap());
    }
    assert_eq!(given.len(), 2000);
    assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), 2000);
    assert_eq!(count(&*stores[1], State::Finished).await, 2000);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_callers_all_get_results() {
    let file = File::new();
    let store = Arc::new(file.open());
    let callers: Vec<_> = (0..500)
        .map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { enqueue(&*store, number..number + 1).await })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(work(&*store, 1000).await.len(), 500);
}

#[tokio::test]
async fn a_listener_is_notified_of_jobs_of_another_store() {
    let file = File::new();
    let (here, there) = (file.open(), file.open());
    // Repeated, because a job that is enqueued while the listener is made is the easiest to miss.
    for number in 0..50 {
        let mut listener = here.notifier().unwrap().listen();
        enqueue(&there, number..number + 1).await;
        tokio::time::timeout(Duration::from_secs(10), listener.recv()).await.unwrap();
        assert_eq!(work(&here, 1).await, [id(number)]);
    }
}

#[tokio::test]
async fn a_notification_before_the_wait_is_kept() {
    let file = File::new();
    let store = file.open();
    let mut listener = store.notifier().unwrap().listen();
    enqueue(&store, 0..1).await;
    enqueue(&store, 1..2).await;
    tokio::time::timeout(Duration::from_secs(10), listener.recv()).await.unwrap();
}
