//! A tick is taken once over the schedulers of Ruby and Rust: the unique index of Solid Queue decides.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use common::{KINDS, Kind, TestDb};
use jobs_core::{Clock, JobId, NewJob, Recurring, RecurringTask, Store, Tick, TickOutcome, Timestamp};
use jobs_solid_queue::ConcurrencyLimit;

const MINUTE: i64 = 60_000_000;

/// The tick at the next full minute, when it is due.
fn tick_of(db: &TestDb, number: u8) -> Tick {
    let at = Timestamp::from_micros((db.clock.now().as_micros() / MINUTE + 1) * MINUTE);
    db.clock.advance(std::time::Duration::from_secs(120));
    Tick::new("nightly", at, Some(NewJob::new(JobId::from_bytes([number; 16]), "clean_up", "{}")))
}

#[tokio::test]
async fn a_tick_leaves_its_job_and_its_row_and_is_taken_after_that() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        store.declare(&[RecurringTask::new("nightly", "clean_up", "* * * * *")]).await.unwrap();
        let tick = tick_of(&db, 1);
        let ticks = [tick.clone(), tick.clone()];
        let outcomes = store.ticks(&ticks).await.unwrap();
        assert!(matches!(outcomes[..], [TickOutcome::Enqueued(_), TickOutcome::Taken]), "{kind:?}: {outcomes:?}");
        assert_eq!((db.count("jobs").await, db.count("ready_executions").await), (1, 1), "{kind:?}");
        let row = db.rows("SELECT task_key, run_at FROM solid_queue_recurring_executions").await.remove(0);
        assert_eq!((row.text(0).unwrap(), row.time(1).unwrap()), ("nightly", tick.at), "{kind:?}");
        if kind == Kind::Sqlite {
            let text = row.text(1).unwrap();
            assert_eq!(text.len(), "2026-01-02 02:00:00".len(), "{text}: no fraction, as Ruby writes it");
        }
    }
}

#[tokio::test]
async fn a_tick_that_a_scheduler_of_ruby_took_leaves_no_second_job() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        store.declare(&[RecurringTask::new("nightly", "clean_up", "* * * * *")]).await.unwrap();
        let tick = tick_of(&db, 2);
        // Ruby's job and the row of its tick.
        store.enqueue(&[NewJob::new(JobId::from_bytes([9; 16]), "CleanUpJob", "[]")]).await.unwrap();
        let row = db.rows("SELECT id FROM solid_queue_jobs").await[0].int(0).unwrap();
        let taken =
            "INSERT INTO solid_queue_recurring_executions (job_id, task_key, run_at, created_at) VALUES (?, ?, ?, ?)";
        db.run(taken, &[row.into(), "nightly".into(), tick.at.into(), tick.at.into()]).await;
        assert_eq!(store.ticks(&[tick]).await.unwrap(), [TickOutcome::Taken], "{kind:?}");
        assert_eq!((db.count("jobs").await, db.count("recurring_executions").await), (1, 1), "{kind:?}");
    }
}

#[tokio::test]
async fn a_task_of_rust_is_dynamic_and_has_a_schedule_that_ruby_reads() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.by(db.clock.clone()).ruby_names().connect().await.unwrap();
        let task =
            RecurringTask::new("nightly", "clean_up", "0 2 * * *").zone("Europe/Berlin").arguments(r#"{"days":7}"#);
        store.declare(std::slice::from_ref(&task)).await.unwrap();
        let columns = "SELECT schedule, class_name, arguments, static FROM solid_queue_recurring_tasks";
        let row = db.rows(columns).await.remove(0);
        assert_eq!((row.text(0).unwrap(), row.text(1).unwrap()), ("0 2 * * * Europe/Berlin", "CleanUpJob"), "{kind:?}");
        assert_eq!((row.text(2).unwrap(), row.int(3).unwrap()), ("[7]", 0), "{kind:?}");
        assert_eq!(store.tasks().await.unwrap().tasks[0].task, task, "{kind:?}: it comes back");
    }
}

#[tokio::test]
async fn a_blocked_job_of_a_tick_that_ruby_took_meanwhile_gives_no_permit_back() {
    let db = TestDb::new(Kind::Sqlite).await.unwrap();
    let limit = ConcurrencyLimit::new(1);
    let store = db.by(db.clock.clone()).limits_concurrency("clean_up", limit).connect().await.unwrap();
    store.declare(&[RecurringTask::new("nightly", "clean_up", "* * * * *")]).await.unwrap();
    store.enqueue(&[NewJob::new(JobId::from_bytes([9; 16]), "clean_up", "{}")]).await.unwrap();
    let tick = tick_of(&db, 2);
    db.run("CREATE TABLE race (at text)", &[]).await;
    db.run("INSERT INTO race (at) VALUES (?)", &[tick.at.into()]).await;
    // Ruby takes the tick when its job is stored here.
    let ruby = "CREATE TRIGGER ruby AFTER INSERT ON solid_queue_jobs BEGIN \
        INSERT INTO solid_queue_recurring_executions (job_id, task_key, run_at, created_at) \
        SELECT MIN(j.id), 'nightly', MIN(r.at), MIN(r.at) FROM solid_queue_jobs j, race r; END";
    db.run(ruby, &[]).await;
    assert_eq!(store.ticks(&[tick]).await.unwrap(), [TickOutcome::Taken]);
    let value = db.rows("SELECT value FROM solid_queue_semaphores").await[0].int(0).unwrap();
    assert_eq!((value, db.count("jobs").await, db.states().await), (0, 1, [1, 0, 0, 0, 0]));
}
