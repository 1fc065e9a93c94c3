//! Logs of attempts, in tables of the version before and beside programs of it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::{ME, TestDb, enqueue, id, work};
use jobs_core::{AttemptLog, Claim, Decision, ErrorRecord, Execution, LogLevel, LogLine, Store, Timestamp};
use jobs_postgres::PostgresStore;

fn logged(message: &str) -> AttemptLog {
    AttemptLog::new(vec![LogLine::new(Timestamp::default(), LogLevel::Info, "shop", message)], 0, Vec::new())
}

async fn claimed(store: &PostgresStore) -> Execution {
    store.claim(&Claim::all(ME, 1)).await.unwrap().remove(0)
}

#[tokio::test]
async fn logs_are_kept_in_tables_of_the_version_before() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    enqueue(&store, 1..3).await;
    let retry = |words: &str| {
        let error = ErrorRecord::new("E", words);
        Decision::Retry { wait: Duration::ZERO, queue: None, priority: None, meta: None, error }
    };
    let _settled = store.settle(&[claimed(&store).await.settle(retry("old"))]).await.unwrap();
    drop(store);
    db.back_to_step(10).await;
    let store = db.open().await;
    store.dispatch(1).await.unwrap();
    for (decision, log) in [(retry("new"), "failed"), (Decision::Finish { keep: true }, "finished")] {
        let settlement = claimed(&store).await.settle(decision).with_log(Some(logged(log)));
        let _settled = store.settle(&[settlement]).await.unwrap();
    }
    let find = async |number| store.inspect().unwrap().find(id(number)).await.unwrap().unwrap();
    let logs: Vec<_> = find(1).await.errors.into_iter().map(|error| error.log.map(|log| *log)).collect();
    assert_eq!(logs, [None, Some(logged("failed"))]);
    assert_eq!((find(2).await.log, find(2).await.finished_by), (Some(Box::new(logged("finished"))), Some(ME)));
}

/// What a program of the version before this one writes and removes, beside one of this version.
#[tokio::test]
async fn a_program_that_knows_no_logs_works_beside_one_that_does() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    enqueue(&store, 1..3).await;
    let finish = claimed(&store).await.settle(Decision::Finish { keep: true }).with_log(Some(logged("finished")));
    let _settled = store.settle(&[finish]).await.unwrap();
    let error = "'{\"class\":\"E\",\"message\":\"old\",\"attempt\":1}'";
    db.run(&format!("INSERT INTO {{schema}}.errors (job, error) SELECT id, {error} FROM {{schema}}.jobs")).await;
    db.run("DELETE FROM {schema}.done").await;
    let failed = store.inspect().unwrap().find(id(2)).await.unwrap().unwrap();
    assert_eq!((failed.errors.len(), &failed.errors[0].log), (1, &None));
    let stranger = db.stranger().await;
    let count = db.sql("SELECT count(*) FROM {schema}.finished_logs");
    let left = async || stranger.query_one(&count, &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(left().await, 1, "the older program left the log behind");
    assert_eq!(work(&store, 1).await, [id(2)]);
    db.clock.advance(Duration::from_secs(3600));
    assert_eq!(store.manage().unwrap().prune(Duration::from_secs(60), 10).await.unwrap(), 1);
    assert_eq!(left().await, 0, "it goes with the next jobs that are pruned");
}

/// A role that may use all tables but that of the logs, as after an update without a new grant.
#[tokio::test]
async fn jobs_without_logs_of_success_do_not_need_the_table_of_logs() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    enqueue(&store, 1..4).await;
    db.run("ALTER TABLE {schema}.finished_logs RENAME TO out_of_reach").await;
    let fail = Decision::Fail { meta: None, error: ErrorRecord::new("E", "e") };
    let failed = claimed(&store).await.settle(fail).with_log(Some(logged("failed")));
    let finished = claimed(&store).await.settle(Decision::Finish { keep: true });
    assert_eq!(store.settle(&[failed, finished]).await.unwrap(), [jobs_core::Settled::Applied; 2]);
    assert_eq!(work(&store, 1).await, [id(3)]);
    db.run("ALTER TABLE {schema}.out_of_reach RENAME TO finished_logs").await;
}
