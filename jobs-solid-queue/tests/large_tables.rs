//! Large tables: what is read of them, and what is counted.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use common::{KINDS, Kind, TestDb};
use jobs_core::{Claim, Clock, Execution, Inspect, JobId, Manage, NewJob, ProcessId, State, Store};
use jobs_solid_queue::SolidQueueStore;
use jobs_sql::SqlValue;

const ME: ProcessId = ProcessId::new(7);

fn job(number: i64, queue: &str, priority: i32) -> NewJob {
    let mut job = NewJob::new(JobId::from_number(number), "ChargeJob", "[]");
    (job.queue, job.priority) = (queue.into(), priority);
    job
}

async fn claimed(store: &SolidQueueStore, limit: usize) -> Vec<JobId> {
    store.claim(&Claim::all(ME, limit)).await.unwrap().iter().map(Execution::id).collect()
}

fn ids(numbers: impl IntoIterator<Item = i64>) -> Vec<JobId> {
    numbers.into_iter().map(JobId::from_number).collect()
}

#[tokio::test]
async fn several_queues_beside_a_paused_one_are_served_by_priority_and_age() {
    for db in TestDb::all().await {
        let store = db.open().await;
        assert!(store.pause("paused").await.unwrap());
        let queues = ["a", "paused", "b", "c"].iter().cycle();
        let jobs: Vec<_> = (0..40).zip(queues).map(|(n, queue)| job(n, queue, if n < 20 { 1 } else { 5 })).collect();
        store.enqueue(&jobs).await.unwrap();
        let order = (20..40).chain(0..20).filter(|n| n % 4 != 1);
        let mut taken = claimed(&store, 7).await;
        taken.extend(claimed(&store, 100).await);
        assert_eq!(taken, ids(order), "{:?}", db.kind);
    }
}

#[tokio::test]
async fn locked_jobs_of_several_queues_are_passed_over_for_the_next_ones() {
    for db in TestDb::all().await.into_iter().filter(|db| db.kind != Kind::Sqlite) {
        let store = db.open().await;
        store.pause("paused").await.unwrap();
        let jobs: Vec<_> = (0..30).map(|n| job(n, if n % 2 == 0 { "a" } else { "b" }, 0)).collect();
        store.enqueue(&jobs).await.unwrap();
        let mut other = db.database.begin(common::DOING).await.unwrap();
        let lock = "SELECT id FROM solid_queue_ready_executions ORDER BY priority, job_id LIMIT 20 {lock}";
        other.query(lock, &[]).await.unwrap();
        assert_eq!(claimed(&store, 3).await, ids(20..23), "{:?}", db.kind);
        drop(other);
    }
}

/// How many rows of the table of ready jobs the server has read.
async fn ready_rows_read(db: &TestDb) -> i64 {
    let statement = "SELECT CAST(rows_read AS SIGNED) FROM information_schema.table_statistics \
                     WHERE table_schema = DATABASE() AND table_name = 'solid_queue_ready_executions'";
    db.rows(statement).await.first().map_or(0, |row| row.int(0).unwrap())
}

#[tokio::test]
async fn a_claim_on_mariadb_does_not_read_a_long_queue_that_is_paused() {
    let Some(db) = TestDb::new(Kind::MariaDb).await else { return };
    db.run("SET GLOBAL userstat = 1", &[]).await;
    let store = db.open().await;
    store.pause("paused").await.unwrap();
    let waiting: Vec<_> = (0..2000).map(|n| job(n, "paused", 5)).collect();
    store.enqueue(&waiting).await.unwrap();
    store.enqueue(&[job(3000, "a", 0), job(3001, "b", 0), job(3002, "a", 0)]).await.unwrap();
    // The first claim looks for names that differ in case alone.
    assert_eq!(claimed(&store, 1).await, ids([3000]));
    let before = ready_rows_read(&db).await;
    assert_eq!(claimed(&store, 10).await, ids([3001, 3002]));
    let read = ready_rows_read(&db).await - before;
    assert!((1..200).contains(&read), "{read} rows were read");
}

#[tokio::test]
async fn a_claim_on_mariadb_reads_the_few_jobs_that_it_takes_from_a_long_queue() {
    let Some(db) = TestDb::new(Kind::MariaDb).await else { return };
    db.run("SET GLOBAL userstat = 1", &[]).await;
    let store = db.open().await;
    let waiting: Vec<_> = (0..2000).map(|n| job(n, "mail", 5)).collect();
    store.enqueue(&waiting).await.unwrap();
    for first in 0..3 {
        let before = ready_rows_read(&db).await;
        assert_eq!(claimed(&store, 10).await, ids(first * 10..first * 10 + 10));
        let read = ready_rows_read(&db).await - before;
        assert!((1..200).contains(&read), "{read} rows were read");
    }
}

#[tokio::test]
async fn queues_whose_names_differ_in_case_alone_are_all_served_beside_a_paused_one() {
    for db in TestDb::all().await {
        let store = db.open().await;
        store.pause("mail").await.unwrap();
        store.enqueue(&[job(1, "mail", 0), job(2, "Mail", 0), job(3, "MAIL", 0), job(4, "b", 0)]).await.unwrap();
        assert_eq!(claimed(&store, 10).await, ids([2, 3, 4]), "{:?}", db.kind);
    }
}

/// Stores so many finished jobs, of which so many were discarded.
async fn put_finished(db: &TestDb, jobs: i64, discarded: i64) {
    let now: SqlValue = db.clock.now().into();
    let numbers = if db.kind == Kind::Postgres {
        format!("(SELECT n FROM generate_series(1, {jobs}) AS numbers (n)) q")
    } else {
        let digits = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 \
                      UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
        let all = "1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d";
        let from = format!("{digits} a, {digits} b, {digits} c, {digits} e, {digits} f");
        format!("(SELECT {all} AS n FROM {from} WHERE {all} <= {jobs}) q")
    };
    let later = jobs_core::Timestamp::from_micros(db.clock.now().as_micros() + 1);
    let insert = format!(
        "INSERT INTO solid_queue_jobs (queue_name, class_name, scheduled_at, finished_at, created_at, updated_at) \
         SELECT 'default', 'ChargeJob', ?, ?, ?, CASE WHEN q.n <= {discarded} THEN ? ELSE ? END FROM {numbers}"
    );
    db.run(&insert, &[now.clone(), now.clone(), now.clone(), later.into(), now]).await;
    match db.kind {
        Kind::Postgres => drop(db.run("ANALYZE solid_queue_jobs", &[]).await),
        Kind::MariaDb => drop(db.rows("ANALYZE TABLE solid_queue_jobs").await),
        Kind::Sqlite => {}
    }
}

#[tokio::test]
async fn up_to_ten_thousand_finished_jobs_are_counted_one_by_one_and_more_are_estimated() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        put_finished(&db, 9_000, 7).await;
        store.enqueue(&[job(1, "a", 0)]).await.unwrap();
        let counts = store.stats().await.unwrap().counts;
        let of = |state| counts.of(state);
        assert_eq!((of(State::Finished), of(State::Discarded), of(State::Ready)), (8_993, 7, 1), "{kind:?}");
        put_finished(&db, 31_000, 0).await;
        let finished = store.counts().await.unwrap().of(State::Finished);
        // MariaDB estimates the size of its tables by a sample.
        let expected = if kind == Kind::MariaDb { 10_000..=80_000 } else { 39_900..=40_100 };
        assert!(expected.contains(&finished), "{kind:?}: {finished}");
    }
}
