//! Another session holds a lock on the tables.

use std::time::Duration;

use jobs::store::Store;
use jobs::{Event, Timestamp};
use jobs_postgres::PostgresStore;
use tokio::time::interval;

use crate::common::TestDb;
use crate::site::{Ledger, Running, SILENCE, is_accounted_for, open};

async fn last_beat(store: &PostgresStore) -> Timestamp {
    let processes = store.inspect().unwrap().processes().await.unwrap();
    processes.iter().map(|process| process.heartbeat_at).min().unwrap()
}

#[tokio::test]
async fn no_live_worker_loses_jobs_to_a_lock_held_for_longer_than_the_silence() {
    let Some(db) = TestDb::new() else { return };
    let (store, ledger) = (open(&db, &db.url).await, Ledger::default());
    let holding = Running::start(&db, &db.url, &ledger).await;
    holding.enqueue_lingering(0).await;
    holding.recorder.wait_for(|event| matches!(event, Event::PerformStarted(_))).await;
    let (another, locker) = (open(&db, &db.url).await, db.stranger().await);
    locker.batch_execute(&db.sql("BEGIN; LOCK TABLE {schema}.jobs IN SHARE MODE")).await.unwrap();
    let locked_at = last_beat(&store).await;
    let mut ticks = interval(Duration::from_millis(5));
    while last_beat(&store).await.duration_since(locked_at) < 2 * SILENCE {
        ticks.tick().await;
    }
    // A runtime that starts now may recover others at once.
    let fresh = Running::over(another, &ledger).await;
    locker.batch_execute("ROLLBACK").await.unwrap();
    ledger.open_gate();
    holding.enqueue(1..2).await;
    let records = is_accounted_for(&store, &ledger, 2).await;
    assert!(records.iter().all(|record| record.crashes == 0), "{records:?}");
    for running in [holding, fresh] {
        assert_eq!(running.recovered(), 0);
        running.handle.stop().await;
    }
}

#[tokio::test]
async fn workers_finish_each_job_once_if_their_tables_are_locked_again_and_again() {
    let Some(db) = TestDb::new() else { return };
    let (store, ledger) = (open(&db, &db.url).await, Ledger::default());
    let url = format!("{}?call_timeout=500ms", db.url);
    let runtimes = [Running::start(&db, &url, &ledger).await, Running::start(&db, &url, &ledger).await];
    let mut jobs = 0;
    for round in 1..=5 {
        let locker = db.stranger().await;
        locker
            .batch_execute(&db.sql("BEGIN; LOCK TABLE {schema}.jobs, {schema}.done, {schema}.tallies"))
            .await
            .unwrap();
        runtimes[0].says(round, "did not answer").await;
        locker.batch_execute("ROLLBACK").await.unwrap();
        let batch = jobs..jobs + 100;
        jobs = batch.end;
        crate::common::until_done(async || {
            let new: Vec<_> = batch.clone().map(|number| jobs::AnyJob::new(crate::site::Work::new(number))).collect();
            runtimes[0].handle.client().perform_all_later(new).await.map(|_| ()).map_err(jobs::Error::from)
        })
        .await;
    }
    is_accounted_for(&store, &ledger, jobs).await;
    for running in runtimes {
        running.handle.stop().await;
    }
}
