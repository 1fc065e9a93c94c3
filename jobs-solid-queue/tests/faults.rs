//! What goes wrong between the store and its database: connections that end, locks, full and read-only databases, other columns.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{Kind, TestDb, locks};
use jobs_core::{
    Claim, Clock, Decision, Due, Execution, Inspect, JobId, Manage, NewJob, ProcessId, Settled, State, Store,
    SystemClock,
};
use jobs_solid_queue::{SolidQueueOptions, SolidQueueStore};

const KEEP: Decision = Decision::Finish { keep: true };

fn job(number: u8) -> NewJob {
    NewJob::new(JobId::from_bytes([number; 16]), "charge", "{}")
}

async fn claim(store: &SolidQueueStore) -> Vec<Execution> {
    store.claim(&Claim::all(ProcessId::new(1), 10)).await.unwrap()
}

/// The options with something more in the URL of the driver.
fn with(db: &TestDb, option: &str) -> SolidQueueOptions {
    let sign = if db.url.contains('?') { '&' } else { '?' };
    SolidQueueOptions::from_url(&format!("{}{sign}{option}", db.url)).unwrap()
}

/// Both servers.
async fn servers() -> Vec<TestDb> {
    TestDb::all().await.into_iter().filter(|db| db.kind != Kind::Sqlite).collect()
}

#[tokio::test]
async fn a_connection_killed_in_mid_statement_leaves_the_claim_to_be_settled_again() {
    for db in servers().await {
        let store = Arc::new(db.open().await);
        store.enqueue(&[job(1)]).await.unwrap();
        let settlement = claim(&store).await.remove(0).settle(KEEP);
        let mut other = db.database.begin(common::DOING).await.unwrap();
        other.query("SELECT id FROM solid_queue_claimed_executions {lock}", &[]).await.unwrap();
        let settling = tokio::spawn({
            let (store, settlement) = (Arc::clone(&store), settlement.clone());
            async move { store.settle(&[settlement]).await }
        });
        let waiting = locks::waiting_for(&db, &mut other).await;
        locks::kill(&db, waiting).await;
        let error = settling.await.unwrap().unwrap_err();
        assert!(error.is_transient(), "{:?}: {error}", db.kind);
        assert_eq!(db.states().await, [0, 0, 1, 0, 0], "{:?}: nothing was written", db.kind);
        drop(other);
        assert_eq!(store.settle(&[settlement]).await.unwrap(), [Settled::Applied], "{:?}", db.kind);
        assert_eq!(store.counts().await.unwrap().of(State::Finished), 1, "{:?}", db.kind);
    }
}

#[tokio::test]
async fn a_store_whose_connections_all_ended_goes_on() {
    for db in servers().await {
        let options = match db.kind {
            // The schema of the test.
            Kind::Postgres => with(&db, &format!("application_name={}", db.url.rsplit_once("%3D").unwrap().1)),
            _ => db.options(),
        };
        let store = options.clock(db.clock.clone()).connect().await.unwrap();
        for number in 1..4 {
            store.enqueue(&[job(number)]).await.unwrap();
            for connection in locks::others(&db).await {
                locks::kill(&db, connection).await;
            }
        }
        let mut claimed = claim(&store).await;
        assert_eq!(claimed.len(), 3, "{:?}", db.kind);
        let settled = store.settle(&[claimed.remove(0).settle(KEEP)]).await.unwrap();
        assert_eq!(settled, [Settled::Applied], "{:?}", db.kind);
    }
}

#[tokio::test]
async fn the_victim_of_a_deadlock_settles_after_the_other_transaction() {
    for db in servers().await {
        // PostgreSQL looks once for a deadlock, so long after the wait began: the other one is to wait by then.
        let url = db.url.replace("options=", "options=-c%20deadlock_timeout%3D5s%20");
        let options = SolidQueueOptions::from_url(&url).unwrap().clock(db.clock.clone());
        let store = Arc::new(options.connect().await.unwrap());
        store.enqueue(&[job(1)]).await.unwrap();
        let running = claim(&store).await.remove(0);
        let mut other = db.database.begin(common::DOING).await.unwrap();
        if db.kind == Kind::Postgres {
            other.execute("SET LOCAL deadlock_timeout = '1h'", &[]).await.unwrap();
            other.execute("SET LOCAL lock_timeout = 0", &[]).await.unwrap();
        }
        // It has written more, so MariaDB ends the other one.
        for number in 0..20 {
            let pause = "INSERT INTO solid_queue_pauses (queue_name, created_at) VALUES (?, ?)";
            other.execute(pause, &[format!("q{number}").into(), db.clock.now().into()]).await.unwrap();
        }
        other.execute("UPDATE solid_queue_jobs SET class_name = 'charge'", &[]).await.unwrap();
        let settling = tokio::spawn({
            let store = Arc::clone(&store);
            async move { store.settle(&[running.settle(KEEP)]).await }
        });
        let _waiting = locks::waiting_for(&db, &mut other).await;
        other.query("SELECT id FROM solid_queue_claimed_executions {lock}", &[]).await.unwrap();
        other.commit().await.unwrap();
        assert_eq!(settling.await.unwrap().unwrap(), [Settled::Applied], "{:?}", db.kind);
        assert_eq!(db.states().await, [0; 5], "{:?}", db.kind);
    }
}

#[tokio::test]
async fn a_database_that_is_only_read_for_now_is_tried_again() {
    let Some(db) = TestDb::new(Kind::Postgres).await else { return };
    let url = db.url.replace("options=", "options=-c%20default_transaction_read_only%3Don%20");
    let store = SolidQueueOptions::from_url(&url).unwrap().connect().await.unwrap();
    let error = store.enqueue(&[job(1)]).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    store.stats().await.unwrap();
}

#[tokio::test]
async fn a_full_table_is_an_error_that_may_be_tried_again() {
    let Some(db) = TestDb::new(Kind::MariaDb).await else { return };
    let store = db.open().await;
    let mut small = db.database.begin(common::DOING).await.unwrap();
    small.execute("SET max_heap_table_size = 16384", &[]).await.unwrap();
    small.execute("ALTER TABLE solid_queue_pauses ENGINE = MEMORY", &[]).await.unwrap();
    small.execute("SET max_heap_table_size = DEFAULT", &[]).await.unwrap();
    small.commit().await.unwrap();
    let mut number = 0;
    let error = loop {
        number += 1;
        match store.pause(&format!("queue{number}")).await {
            Ok(_) => assert!(number < 10_000, "the table is never full"),
            Err(error) => break error,
        }
    };
    assert!(error.is_transient(), "{error}");
}

#[tokio::test]
async fn a_column_of_a_newer_release_disturbs_no_call() {
    for db in TestDb::all().await {
        let store = db.open().await;
        store.enqueue(&[job(1)]).await.unwrap();
        for table in ["jobs", "ready_executions", "claimed_executions", "failed_executions", "processes", "semaphores"]
        {
            let alter = format!("ALTER TABLE solid_queue_{table} ADD COLUMN novelty varchar(20) NOT NULL DEFAULT 'x'");
            db.run(&alter, &[]).await;
        }
        for store in [&store, &db.open().await] {
            store.enqueue(&[job(2)]).await.unwrap();
            for execution in claim(store).await {
                let error = jobs_core::ErrorRecord::new("E", "no");
                let fail = Decision::Fail { meta: None, error };
                assert_eq!(store.settle(&[execution.settle(fail)]).await.unwrap(), [Settled::Applied], "{:?}", db.kind);
            }
            assert_eq!(store.stats().await.unwrap().counts.of(State::Failed), 2, "{:?}", db.kind);
        }
        assert_eq!(store.retry(&[job(1).id]).await.unwrap(), 1, "{:?}", db.kind);
    }
}

#[tokio::test]
async fn jobs_whose_priority_is_null_run_with_the_priority_of_ruby() {
    for db in servers().await {
        let (change, end) = match db.kind {
            Kind::Postgres => ("ALTER COLUMN priority DROP NOT NULL", ""),
            _ => ("MODIFY priority int", " NULL"),
        };
        for table in ["jobs", "ready_executions", "scheduled_executions"] {
            db.run(&format!("ALTER TABLE solid_queue_{table} {change}{end}"), &[]).await;
        }
        let store = db.open().await;
        let mut later = job(2);
        later.due = Due::In(Duration::from_secs(60));
        store.enqueue(&[job(1), later]).await.unwrap();
        for table in ["jobs", "ready_executions", "scheduled_executions"] {
            db.run(&format!("UPDATE solid_queue_{table} SET priority = NULL"), &[]).await;
        }
        db.clock.advance(Duration::from_secs(60));
        assert_eq!(store.dispatch(10).await.unwrap().ready, 1, "{:?}", db.kind);
        // Of several queues too.
        store.pause("other").await.unwrap();
        let claimed = claim(&store).await;
        assert_eq!(claimed.iter().map(|job| job.priority).collect::<Vec<_>>(), [0, 0], "{:?}", db.kind);
        assert!(store.find(job(1).id).await.unwrap().is_some(), "{:?}", db.kind);
    }
}

#[tokio::test]
async fn times_are_utc_whatever_the_zones_of_server_and_session_are() {
    for db in servers().await {
        let store = match db.kind {
            Kind::Postgres => {
                let url = db.url.replace("options=", "options=-c%20TimeZone%3DAsia%2FTokyo%20");
                SolidQueueOptions::from_url(&url).unwrap()
            }
            _ => with(&db, "timezone=%2B09%3A00"),
        };
        let store = store.connect().await.unwrap();
        let mut later = job(2);
        later.due = Due::In(Duration::from_secs(1800));
        store.enqueue(&[job(1), later]).await.unwrap();
        let now = SystemClock.now().as_micros();
        let near = |column: i64, of: i64| column.abs_diff(of) < 600_000_000;
        for row in db.rows("SELECT created_at, scheduled_at FROM solid_queue_jobs ORDER BY id").await {
            assert!(near(row.time(0).unwrap().as_micros(), now), "{:?}: {row:?}", db.kind);
        }
        let due = db.rows("SELECT scheduled_at FROM solid_queue_scheduled_executions").await[0].time(0).unwrap();
        assert!(near(due.as_micros(), now + 1_800_000_000), "{:?}: {due}", db.kind);
        assert_eq!(store.dispatch(10).await.unwrap().ready, 0, "{:?}", db.kind);
        let execution = claim(&store).await.remove(0);
        assert!(near(execution.enqueued_at.as_micros(), now), "{:?}", db.kind);
        store.settle(&[execution.settle(KEEP)]).await.unwrap();
        let found = store.find(job(1).id).await.unwrap().unwrap();
        assert!(near(found.done_at.unwrap().as_micros(), now), "{:?}", db.kind);
    }
}
