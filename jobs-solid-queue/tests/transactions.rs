//! Jobs in the caller's own transaction, on PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::{Kind, TestDb};
use jobs_core::transaction::lend;
use jobs_core::{
    Claim, Decision, Due, Enqueued, ErrorRecord, Execution, JobId, NewJob, ProcessId, Settled, Settlement, Store,
};
// Its implementations for drivers.
use jobs_postgres as _;
use jobs_solid_queue::{ConcurrencyLimit, SolidQueueStore};
use tokio_postgres::{Client, NoTls};

fn job(number: u8) -> NewJob {
    NewJob::new(JobId::from_bytes([number; 16]), "charge", "{}")
}

/// A connection of the caller, with the tables of the test in its `search_path` or not.
async fn connect(db: &TestDb, sees_tables: bool) -> Client {
    let (server, options) = db.url.strip_prefix("solid_queue+").unwrap().split_once('?').unwrap();
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
    tokio::spawn(connection);
    let schema = options.rsplit_once("%3D").unwrap().1;
    if sees_tables {
        client.batch_execute(&format!("SET search_path = {schema}")).await.unwrap();
    }
    client
}

async fn limited() -> Option<(TestDb, SolidQueueStore, Client)> {
    let db = TestDb::new(Kind::Postgres).await?;
    let options = db.by(db.clock.clone()).limits_concurrency("charge", ConcurrencyLimit::new(1));
    let (store, client) = (options.connect().await.unwrap(), connect(&db, true).await);
    Some((db, store, client))
}

async fn claim(store: &SolidQueueStore) -> Vec<Execution> {
    store.claim(&Claim::all(ProcessId::new(1), 10)).await.unwrap()
}

#[tokio::test]
async fn jobs_enqueued_in_a_callers_transaction_vanish_with_its_rollback() {
    let Some((db, store, mut client)) = limited().await else { return };
    let mut later = job(3);
    later.due = Due::In(Duration::from_micros(60_000_123));
    let jobs = [job(1), job(2), later];
    for commits in [false, true] {
        let mut transaction = client.transaction().await.unwrap();
        let stored = store.transactional().unwrap().enqueue(&mut lend(&mut transaction), &jobs).await.unwrap();
        assert_eq!(stored, jobs.each_ref().map(|job| Enqueued::New(job.id)));
        assert_eq!((db.count("jobs").await, db.count("semaphores").await), (0, 0), "not before the commit");
        if commits {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
            assert_eq!((db.count("jobs").await, db.count("semaphores").await), (0, 0));
        }
    }
    assert_eq!(db.states().await, [1, 1, 0, 0, 1], "ready, scheduled and blocked");
    // The rows are those that the store writes by itself.
    let columns = "SELECT queue_name, class_name, arguments, priority, scheduled_at, concurrency_key, created_at, updated_at \
                   FROM solid_queue_jobs ORDER BY id";
    let lent = db.rows(columns).await;
    db.run("DELETE FROM solid_queue_jobs", &[]).await;
    db.run("DELETE FROM solid_queue_semaphores", &[]).await;
    store.enqueue(&jobs).await.unwrap();
    assert_eq!(db.rows(columns).await, lent);
}

#[tokio::test]
async fn a_job_settled_in_a_callers_transaction_ends_with_its_commit() {
    let Some((db, store, mut client)) = limited().await else { return };
    store.enqueue(&[job(1), job(2)]).await.unwrap();
    let execution = claim(&store).await.remove(0);
    let finish = Settlement::new(execution.token, Decision::Finish { keep: true });
    for (commits, expected) in [(false, Settled::Applied), (true, Settled::Applied), (true, Settled::Stale)] {
        let mut transaction = client.transaction().await.unwrap();
        let transactional = store.transactional().unwrap();
        assert_eq!(transactional.settle(&mut lend(&mut transaction), &finish).await.unwrap(), expected);
        if commits {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
            assert_eq!(db.states().await, [0, 0, 1, 0, 1], "it still runs");
        }
    }
    assert_eq!(db.states().await, [1, 0, 0, 0, 0], "the next has the permit");
    let error = ErrorRecord::new("shop::Declined", "it's \"declined\" \\ é");
    let fail = Settlement::new(claim(&store).await.remove(0).token, Decision::Fail { meta: None, error });
    let mut transaction = client.transaction().await.unwrap();
    let settled = store.transactional().unwrap().settle(&mut lend(&mut transaction), &fail).await.unwrap();
    assert_eq!(settled, Settled::Applied);
    transaction.commit().await.unwrap();
    let failed = jobs_core::Inspect::find(&store, job(2).id).await.unwrap().unwrap();
    assert_eq!(failed.errors.last().unwrap().message, "it's \"declined\" \\ é");
}

#[tokio::test]
async fn a_transaction_that_sees_other_tables_is_refused() {
    let Some(db) = TestDb::new(Kind::Postgres).await else { return };
    let store = db.open().await;
    let mut client = connect(&db, false).await;
    let mut transaction = client.transaction().await.unwrap();
    let error = store.transactional().unwrap().enqueue(&mut lend(&mut transaction), &[job(1)]).await.unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("search_path"), "{error}");
    let of_file = TestDb::new(Kind::Sqlite).await.unwrap().open().await;
    assert!(of_file.transactional().is_none());
}

/// As a Rails application with `datetime_type = :timestamptz` has them.
#[tokio::test]
async fn times_with_a_zone_are_those_of_utc_in_a_transaction_of_any_zone() {
    let Some(db) = TestDb::new(Kind::Postgres).await else { return };
    let zoned = "SELECT 'ALTER TABLE ' || table_name || ' ALTER COLUMN ' || column_name || ' TYPE timestamptz(6)' \
                 FROM information_schema.columns WHERE table_schema = current_schema() AND data_type LIKE 'timestamp%'";
    for change in db.rows(zoned).await {
        db.run(change.text(0).unwrap(), &[]).await;
    }
    let options = db.by(db.clock.clone()).limits_concurrency("charge", ConcurrencyLimit::new(1));
    let (store, mut client) = (options.connect().await.unwrap(), connect(&db, true).await);
    client.batch_execute("SET TimeZone = 'Asia/Tokyo'").await.unwrap();
    let mut later = job(2);
    later.due = Due::In(Duration::from_secs(60));
    let mut transaction = client.transaction().await.unwrap();
    store.transactional().unwrap().enqueue(&mut lend(&mut transaction), &[job(1), later]).await.unwrap();
    let zone: String = transaction.query_one("SELECT current_setting('TimeZone')", &[]).await.unwrap().get(0);
    assert_eq!(zone, "Asia/Tokyo", "the caller's zone is as it was");
    transaction.commit().await.unwrap();
    let execution = claim(&store).await.remove(0);
    let found = jobs_core::Inspect::find(&store, job(2).id).await.unwrap().unwrap();
    assert_eq!(found.due_at, jobs_core::Clock::now(&*db.clock) + Duration::from_secs(60));
    let error = ErrorRecord::new("shop::Declined", "no");
    let fail = Settlement::new(execution.token, Decision::Fail { meta: None, error });
    let mut transaction = client.transaction().await.unwrap();
    assert_eq!(
        store.transactional().unwrap().settle(&mut lend(&mut transaction), &fail).await.unwrap(),
        Settled::Applied
    );
    transaction.commit().await.unwrap();
    let failed = jobs_core::Inspect::find(&store, job(1).id).await.unwrap().unwrap();
    assert_eq!(failed.errors.last().unwrap().message, "no");
}
