//! What an enqueue and a dispatch leave in the tables, on each database that is there.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{Kind, TestDb};
use jobs_core::{Clock, Due, Enqueued, JobId, NewJob, Store};
use jobs_solid_queue::ConcurrencyLimit;
use jobs_testing::plain::enqueue_at_once;

fn job(number: i64) -> NewJob {
    NewJob::new(JobId::from_number(number), "ChargeJob", format!("[{number}]"))
}

#[tokio::test]
async fn a_new_job_is_one_row_of_a_job_and_one_ready_row() {
    for db in TestDb::all().await {
        let store = db.open().await;
        store.enqueue(&[job(1)]).await.unwrap();
        let rows = db
            .rows(
                "SELECT queue_name, class_name, priority, scheduled_at, finished_at, concurrency_key, created_at, updated_at \
                 FROM solid_queue_jobs",
            )
            .await;
        let [row] = &rows[..] else { panic!("{:?}: {rows:?}", db.kind) };
        assert_eq!((row.text(0).unwrap(), row.text(1).unwrap(), row.int(2).unwrap()), ("default", "ChargeJob", 0));
        let now = db.clock.now();
        assert_eq!([3, 6, 7].map(|column| row.time(column).unwrap()), [now; 3], "{:?}", db.kind);
        assert!(row.time_or_null(4).is_none() && row.text_or_null(5).is_none());
        assert_eq!(db.states().await, [1, 0, 0, 0, 0]);
    }
}

#[tokio::test]
async fn a_database_without_the_tables_is_refused_with_what_to_do() {
    for db in TestDb::all().await {
        db.run("DROP TABLE solid_queue_processes", &[]).await;
        let error = db.options().connect().await.unwrap_err();
        assert!(!error.is_transient() && error.to_string().contains("create_tables=yes"), "{:?}: {error}", db.kind);
        db.options().create_tables(true).connect().await.unwrap();
    }
}

#[tokio::test]
async fn tables_with_32_bits_are_served_until_their_numbers_are_used_up() {
    let Some(db) = TestDb::new(common::Kind::Postgres).await else { return };
    for table in ["ready", "scheduled", "claimed", "blocked", "failed"] {
        db.run(&format!("ALTER TABLE solid_queue_{table}_executions ALTER job_id TYPE integer"), &[]).await;
    }
    let store = db.open().await;
    store.enqueue(&[job(1)]).await.unwrap();
    let claimed = store.claim(&jobs_core::Claim::all(jobs_core::ProcessId::new(1), 5)).await.unwrap();
    assert_eq!(claimed.len(), 1);
    db.run("DELETE FROM solid_queue_jobs", &[]).await;
    let last = "INSERT INTO solid_queue_jobs (id, queue_name, class_name, created_at, updated_at) \
                VALUES (2147483647, 'default', 'A', now(), now())";
    db.run(last, &[]).await;
    let error = db.options().connect().await.unwrap_err().to_string();
    assert!(error.contains("bigint") && error.contains("2147483647"), "{error}");
}

#[tokio::test]
async fn a_later_job_is_scheduled_at_its_very_time_and_a_past_one_is_ready_with_it() {
    for db in TestDb::all().await {
        let store = db.open().await;
        let [mut later, mut past] = [job(1), job(2)];
        let due = db.clock.now() + Duration::from_micros(60_000_123);
        (later.due, past.due) = (Due::At(due), Due::At(db.clock.now() - Duration::from_secs(60)));
        store.enqueue(&[later, past]).await.unwrap();
        assert_eq!(db.states().await, [1, 1, 0, 0, 0], "{:?}", db.kind);
        let row = &db
            .rows(
                "SELECT s.scheduled_at, j.scheduled_at FROM solid_queue_scheduled_executions s \
                            JOIN solid_queue_jobs j ON j.id = s.job_id",
            )
            .await[0];
        assert_eq!((row.time(0).unwrap(), row.time(1).unwrap()), (due, due), "{:?}", db.kind);
        db.clock.advance(Duration::from_secs(61));
        assert_eq!(store.dispatch(10).await.unwrap().ready, 1);
        let row = &db
            .rows(
                "SELECT r.created_at, j.scheduled_at FROM solid_queue_ready_executions r \
                            JOIN solid_queue_jobs j ON j.id = r.job_id ORDER BY r.id DESC",
            )
            .await[0];
        assert_eq!((row.time(0).unwrap(), row.time(1).unwrap()), (db.clock.now(), due), "{:?}", db.kind);
    }
}

#[tokio::test]
async fn a_scheduled_row_that_another_connection_locks_is_skipped() {
    for db in TestDb::all().await.into_iter().filter(|db| db.kind != common::Kind::Sqlite) {
        let store = db.open().await;
        let mut jobs = [job(1), job(2), job(3)];
        for job in &mut jobs {
            job.due = Due::In(Duration::from_secs(1));
        }
        store.enqueue(&jobs).await.unwrap();
        db.clock.advance(Duration::from_secs(1));
        let mut other = db.database.begin(common::DOING).await.unwrap();
        let lock = "SELECT id FROM solid_queue_scheduled_executions ORDER BY id LIMIT 1 {lock}";
        other.query(lock, &[]).await.unwrap();
        assert_eq!(store.dispatch(10).await.unwrap().ready, 2, "{:?}", db.kind);
    }
}

#[tokio::test]
async fn a_job_without_a_permit_is_blocked_or_discarded() {
    for db in TestDb::all().await {
        let limit = || ConcurrencyLimit::new(1).duration(Duration::from_secs(60));
        let options = db.by(db.clock.clone()).limits_concurrency("ChargeJob", limit());
        let store = options.limits_concurrency("OnceJob", limit().discard()).connect().await.unwrap();
        let once = |number| NewJob::new(JobId::from_number(number), "OnceJob", "[]");
        let answers = store.enqueue(&[job(1), job(2), once(3), once(4)]).await.unwrap();
        let stored = |number| Enqueued::New(JobId::from_number(number));
        assert_eq!(answers, [stored(1), stored(2), stored(3), Enqueued::Halted], "{:?}", db.kind);
        assert_eq!((db.count("jobs").await, db.states().await), (3, [2, 0, 0, 0, 1]), "{:?}", db.kind);
        let select = "SELECT concurrency_key, expires_at FROM solid_queue_blocked_executions";
        let row = &db.rows(select).await[0];
        let expires = db.clock.now() + Duration::from_secs(60);
        assert_eq!((row.text(0).unwrap(), row.time(1).unwrap()), ("ChargeJob", expires), "{:?}", db.kind);
        let select = "SELECT value, expires_at FROM solid_queue_semaphores ORDER BY id";
        let row = &db.rows(select).await[0];
        assert_eq!((row.int(0).unwrap(), row.time(1).unwrap()), (0, expires), "{:?}", db.kind);
    }
}

#[tokio::test]
async fn a_key_of_a_class_without_a_known_limit_makes_no_semaphore() {
    for db in TestDb::all().await {
        let store = db.open().await;
        let mut keyed = job(1);
        keyed.concurrency_key = Some("a".to_owned());
        store.enqueue(&[keyed]).await.unwrap();
        assert_eq!((db.states().await, db.count("semaphores").await), ([1, 0, 0, 0, 0], 0), "{:?}", db.kind);
    }
}

#[tokio::test]
async fn only_the_row_of_this_call_becomes_ready_and_no_other_row_of_the_same_job() {
    let db = TestDb::new(Kind::Sqlite).await.unwrap();
    let store = db.open().await;
    // Another program stores a row of the same job between the check and the insert, and one after it.
    for when in ["BEFORE", "AFTER"] {
        let race = format!(
            "CREATE TRIGGER race_{when} {when} INSERT ON solid_queue_jobs BEGIN INSERT INTO solid_queue_jobs \
             (queue_name, class_name, arguments, priority, active_job_id, created_at, updated_at) VALUES \
             ('{when}', NEW.class_name, NEW.arguments, 0, NEW.active_job_id, NEW.created_at, NEW.updated_at); END"
        );
        db.run(&race, &[]).await;
    }
    let mut later = NewJob::new(JobId::from_bytes([2; 16]), "charge", "{}");
    later.due = Due::In(Duration::from_secs(60));
    store.enqueue(&[NewJob::new(JobId::from_bytes([1; 16]), "charge", "{}"), later]).await.unwrap();
    assert_eq!(db.states().await, [1, 1, 0, 0, 0]);
    for table in ["ready", "scheduled"] {
        let rows = db.rows(&format!("SELECT queue_name FROM solid_queue_{table}_executions")).await;
        assert_eq!(rows[0].text(0).unwrap(), "default");
    }
}

/// Enqueues jobs 0 to 19 by a caller each, at the same time; job 7 in the queue `refused`. Which of them failed.
async fn enqueued_at_the_same_time(db: &TestDb) -> Vec<usize> {
    let jobs = (0..20).map(|number| {
        let mut job = job(number);
        if number == 7 { "refused" } else { "default" }.clone_into(&mut job.queue);
        job
    });
    enqueue_at_once(&Arc::new(db.open().await), jobs).await
}

#[tokio::test]
async fn callers_at_the_same_time_share_a_transaction() {
    let Some(db) = TestDb::new(Kind::Postgres).await else { return };
    assert!(enqueued_at_the_same_time(&db).await.is_empty());
    let rows = db.rows("SELECT COUNT(*), COUNT(DISTINCT xmin::text) FROM solid_queue_jobs").await;
    let (jobs, transactions) = (rows[0].int(0).unwrap(), rows[0].int(1).unwrap());
    assert!(jobs == 20 && transactions < 10, "{jobs} jobs in {transactions} transactions");
    assert_eq!(db.states().await, [20, 0, 0, 0, 0]);
}

#[tokio::test]
async fn callers_that_enqueue_one_job_at_the_same_time_store_it_once() {
    for db in TestDb::all().await {
        let jobs = (0..20).map(|number| job(number % 5));
        assert!(enqueue_at_once(&Arc::new(db.open().await), jobs).await.is_empty(), "{:?}", db.kind);
        assert_eq!((db.count("jobs").await, db.states().await), (5, [5, 0, 0, 0, 0]), "{:?}", db.kind);
    }
}

#[tokio::test]
async fn a_job_that_the_database_refuses_fails_alone_among_callers_at_the_same_time() {
    for db in TestDb::all().await {
        let refuse = match db.kind {
            Kind::Sqlite => {
                "CREATE TRIGGER refuse BEFORE INSERT ON solid_queue_jobs WHEN NEW.queue_name = 'refused' \
                 BEGIN SELECT RAISE(ABORT, 'refused'); END"
            }
            _ => "ALTER TABLE solid_queue_jobs ADD CONSTRAINT refuse CHECK (queue_name <> 'refused')",
        };
        db.run(refuse, &[]).await;
        assert_eq!(enqueued_at_the_same_time(&db).await, [7], "{:?}", db.kind);
        assert_eq!(db.states().await, [19, 0, 0, 0, 0], "{:?}", db.kind);
    }
}
