//! The number of jobs that were ever enqueued, at an upgrade and beside programs of earlier versions.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use common::{ME, TestDb, enqueue, finish, id, work};
use jobs_core::{Claim, Recovery, Store, Totals};
use jobs_postgres::PostgresStore;

const RECOVERY: Recovery = Recovery::new(std::time::Duration::from_secs(60), 3);

async fn totals(store: &PostgresStore) -> Totals {
    store.inspect().unwrap().stats().await.unwrap().totals.unwrap()
}

/// Jobs 1 to 9, of which two are finished, one is discarded, and one was discarded and is ready again.
async fn some_jobs(store: &PostgresStore) {
    enqueue(store, 1..10).await;
    store.settle(&finish(store.claim(&Claim::all(ME, 2)).await.unwrap())).await.unwrap();
    let manage = store.manage().unwrap();
    assert_eq!(manage.discard(&[id(3), id(4)]).await.unwrap(), 2);
    assert_eq!(manage.retry(&[id(4)]).await.unwrap(), 1);
}

#[tokio::test]
async fn a_discarded_job_that_is_retried_was_enqueued_once_also_after_the_adjustments_are_summed_up() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    some_jobs(&store).await;
    assert_eq!(totals(&store).await.enqueued, 9);
    store.recover(&RECOVERY).await.unwrap();
    assert_eq!(totals(&store).await.enqueued, 9);
    let rows = db.stranger().await.query(&db.sql("SELECT FROM {schema}.enqueued_adjustments"), &[]).await.unwrap();
    assert_eq!(rows.len(), 1, "they are one row again");
}

#[tokio::test]
async fn numbers_that_no_job_has_are_not_counted() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    enqueue(&store, 1..301).await;
    enqueue(&store, 1..601).await;
    assert_eq!(work(&store, 1000).await.len(), 600);
    enqueue(&store, 1..301).await;
    assert_eq!(totals(&store).await.enqueued, 600);
}

/// What a program of the version before shows: the last number of the sequence.
const BEFORE: &str = "SELECT last_value FROM {schema}.jobs_seq_seq";

#[tokio::test]
async fn the_number_of_enqueued_jobs_goes_on_where_the_version_before_counted_it() {
    let Some(db) = TestDb::new() else { return };
    some_jobs(&db.open().await).await;
    db.back_to_step(10).await;
    let before: i64 = db.stranger().await.query_one(&db.sql(BEFORE), &[]).await.unwrap().get(0);
    let store = db.open().await;
    assert_eq!(totals(&store).await.enqueued, u64::try_from(before).unwrap());
    enqueue(&store, 10..510).await;
    assert_eq!(work(&store, 100).await.len(), 100);
    assert_eq!(totals(&store).await.enqueued, u64::try_from(before).unwrap() + 500);
}

/// What programs of the version before do from time to time.
const SUM_BEFORE: &str = "WITH old AS (DELETE FROM {schema}.tallies RETURNING finished, total, discarded)
    INSERT INTO {schema}.tallies (finished, total, discarded) SELECT sum(finished), sum(total), sum(discarded) FROM old";

#[tokio::test]
async fn programs_of_the_version_before_change_no_total_and_find_no_wrong_one() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    some_jobs(&store).await;
    let before = totals(&store).await;
    db.run(SUM_BEFORE).await;
    assert_eq!(totals(&store).await, before);
    let found = "SELECT FROM pg_sequences WHERE schemaname = $1 AND sequencename = 'jobs_seq_seq'";
    assert!(db.stranger().await.query(found, &[&db.schema]).await.unwrap().is_empty(), "they show no totals");
}
