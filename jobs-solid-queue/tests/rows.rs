//! Each move of a job leaves the rows that Solid Queue leaves.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::{KINDS, TestDb};
use jobs_core::{
    Claim, Decision, Due, ErrorRecord, Execution, Inspect, JobId, NewJob, Process, ProcessId, ProcessStatus,
    QueueSelector, Recovery, Settled, Store,
};
use jobs_solid_queue::{ConcurrencyLimit, SolidQueueStore};
use jobs_sql::SqlRow;
use serde_json::Value;

const ONE: ProcessId = ProcessId::new(1);

fn job(number: u8) -> NewJob {
    NewJob::new(JobId::from_bytes([number; 16]), "charge", r#"{"order_id":7}"#)
}

async fn claim(store: &SolidQueueStore, limit: usize) -> Vec<Execution> {
    store.claim(&Claim::all(ONE, limit)).await.unwrap()
}

async fn beat(store: &SolidQueueStore, status: ProcessStatus) {
    let mut process = Process::new(ONE, "web-1", "worker-1", 42);
    process.phase = status;
    let _alive = store.heartbeat(&process).await.unwrap();
}

async fn ends(store: &SolidQueueStore, execution: Execution, decision: Decision) {
    assert_eq!(store.settle(&[execution.settle(decision)]).await.unwrap(), [Settled::Applied]);
}

/// The only row of `solid_queue_jobs`: arguments, scheduled, finished, created, updated, key, queue, priority.
async fn job_row(db: &TestDb) -> SqlRow {
    let columns = "arguments, scheduled_at, finished_at, created_at, updated_at, concurrency_key, queue_name, priority";
    db.rows(&format!("SELECT {columns} FROM solid_queue_jobs ORDER BY id DESC")).await.remove(0)
}

fn fail() -> Decision {
    Decision::Fail { meta: None, error: ErrorRecord::new("PaymentError", "declined <b>") }
}

#[tokio::test]
async fn an_enqueue_leaves_one_job_and_one_ready_row_with_the_defaults_of_ruby() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        store.enqueue(&[job(1)]).await.unwrap();
        assert_eq!(db.states().await, [1, 0, 0, 0, 0], "{kind:?}");
        let row = job_row(&db).await;
        let created = row.time(3).unwrap();
        assert_eq!((row.time(1).unwrap(), row.time_or_null(2), row.time(4).unwrap()), (created, None, created));
        assert_eq!((row.text_or_null(5), row.text(6).unwrap(), row.int(7).unwrap()), (None, "default", 0));
        let hash: Value = serde_json::from_str(row.text(0).unwrap()).unwrap();
        let keys = [
            "job_class",
            "job_id",
            "provider_job_id",
            "queue_name",
            "priority",
            "arguments",
            "executions",
            "exception_executions",
            "locale",
            "timezone",
            "enqueued_at",
            "scheduled_at",
        ];
        assert!(keys.iter().all(|key| hash.get(key).is_some()), "{kind:?}: {hash}");
        assert!(hash["provider_job_id"].is_null() && hash["priority"].is_null() && hash["scheduled_at"].is_string());
    }
}

#[tokio::test]
async fn an_enqueue_that_the_database_refuses_is_one_error_and_leaves_no_row() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        // The rows of the jobs are written before the ready rows.
        db.run("ALTER TABLE solid_queue_ready_executions RENAME TO elsewhere", &[]).await;
        store.enqueue(&[job(1), job(2)]).await.unwrap_err();
        db.run("ALTER TABLE elsewhere RENAME TO solid_queue_ready_executions", &[]).await;
        assert_eq!((db.count("jobs").await, db.states().await), (0, [0; 5]), "{kind:?}");
    }
}

#[tokio::test]
async fn a_past_time_is_ready_at_once_and_a_later_one_is_scheduled_to_the_microsecond() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        let now = jobs_core::Clock::now(&*db.clock);
        let (past, later) = (now - Duration::from_secs(9), now + Duration::from_micros(60_000_007));
        let [mut one, mut other] = [job(1), job(2)];
        (one.due, other.due) = (Due::At(past), Due::At(later));
        store.enqueue(&[one, other]).await.unwrap();
        assert_eq!(db.states().await, [1, 1, 0, 0, 0], "{kind:?}");
        let at = db.rows("SELECT scheduled_at FROM solid_queue_jobs ORDER BY id").await;
        assert_eq!((at[0].time(0).unwrap(), at[1].time(0).unwrap()), (past, later), "{kind:?}");
        let scheduled = db.rows("SELECT scheduled_at FROM solid_queue_scheduled_executions").await;
        assert_eq!(scheduled[0].time(0).unwrap(), later, "{kind:?}");
        db.clock.advance(Duration::from_secs(120));
        assert_eq!(store.dispatch(10).await.unwrap().ready, 1);
        let ready = db.rows("SELECT created_at FROM solid_queue_ready_executions ORDER BY id").await;
        assert!(ready[1].time(0).unwrap() > later, "{kind:?}: the ready row is of the dispatch");
        assert_eq!(db.rows("SELECT scheduled_at FROM solid_queue_jobs ORDER BY id").await, at, "{kind:?}");
    }
}

#[tokio::test]
async fn the_priority_of_the_ready_row_decides_and_lower_numbers_run_first() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        store.enqueue(&[job(1), job(2), job(3)]).await.unwrap();
        let raise = "UPDATE solid_queue_ready_executions SET priority = ? WHERE job_id = (SELECT MAX(id) FROM solid_queue_jobs)";
        db.run(raise, &[(-3).into()]).await;
        let claimed = claim(&store, 1).await;
        assert_eq!((claimed[0].id(), claimed[0].priority), (job(3).id, 3), "{kind:?}");
    }
}

#[tokio::test]
async fn a_success_finishes_the_row_and_without_preservation_deletes_it() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        for (preserves, rows) in [(true, 1), (false, 0)] {
            db.run("DELETE FROM solid_queue_jobs", &[]).await;
            let store = db.by(db.clock.clone()).preserve_finished_jobs(preserves).connect().await.unwrap();
            store.enqueue(&[job(1)]).await.unwrap();
            ends(&store, claim(&store, 1).await.remove(0), Decision::Finish { keep: true }).await;
            assert_eq!((db.count("jobs").await, db.states().await), (rows, [0; 5]), "{kind:?}");
            if preserves {
                let row = job_row(&db).await;
                assert_eq!(row.time(2).unwrap(), row.time(4).unwrap(), "{kind:?}: finished_at is updated_at");
            }
        }
    }
}

#[tokio::test]
async fn a_failure_leaves_rubys_error_and_an_unfinished_job() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        store.enqueue(&[job(1)]).await.unwrap();
        let before = job_row(&db).await;
        ends(&store, claim(&store, 1).await.remove(0), fail()).await;
        assert_eq!(db.states().await, [0, 0, 0, 1, 0], "{kind:?}");
        let error = db.rows("SELECT error FROM solid_queue_failed_executions").await.remove(0);
        let expected = r#"{"exception_class":"PaymentError","message":"declined \u003cb\u003e","backtrace":null}"#;
        assert_eq!(error.text(0).unwrap(), expected, "{kind:?}");
        let after = job_row(&db).await;
        assert_eq!((after.time_or_null(2), after.time(4).unwrap()), (None, before.time(4).unwrap()), "{kind:?}");
    }
}

#[tokio::test]
async fn a_settlement_whose_claim_is_gone_writes_nothing() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        store.enqueue(&[job(1)]).await.unwrap();
        let stale = claim(&store, 1).await.remove(0);
        // As a supervisor of Ruby that takes the process for dead, and a person who retries the job.
        db.run("DELETE FROM solid_queue_claimed_executions", &[]).await;
        let again = "INSERT INTO solid_queue_ready_executions (job_id, queue_name, priority, created_at) \
             SELECT id, queue_name, 0, created_at FROM solid_queue_jobs";
        db.run(again, &[]).await;
        let current = claim(&store, 1).await.remove(0);
        assert_eq!(store.settle(&[stale.settle(fail())]).await.unwrap(), [Settled::Stale], "{kind:?}");
        assert_eq!(db.states().await, [0, 0, 1, 0, 0], "{kind:?}");
        ends(&store, current, Decision::Finish { keep: true }).await;
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_fails_alone_and_the_others_are_claimed() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        store.enqueue(&[job(1), job(2), job(3), job(4)]).await.unwrap();
        for (number, text) in [(1, "null"), (2, "[1]"), (3, "no json")] {
            let id = job(number).id.to_string();
            db.run("UPDATE solid_queue_jobs SET arguments = ? WHERE active_job_id = ?", &[text.into(), (*id).into()])
                .await;
        }
        let claimed = claim(&store, 10).await;
        assert_eq!(claimed.iter().map(Execution::id).collect::<Vec<_>>(), [job(4).id], "{kind:?}");
        assert_eq!(db.count("failed_executions").await, 3, "{kind:?}");
        assert!(store.find(job(2).id).await.unwrap().unwrap().errors[0].message.contains("cannot be read"), "{kind:?}");
    }
}

#[tokio::test]
async fn a_stop_releases_claims_with_the_jobs_own_queue_and_leaves_no_process_row() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        beat(&store, ProcessStatus::Running).await;
        store.enqueue(&[job(1)]).await.unwrap();
        let before = job_row(&db).await;
        assert_eq!(claim(&store, 1).await.len(), 1);
        beat(&store, ProcessStatus::Stopped).await;
        assert_eq!((db.states().await, db.count("processes").await), ([1, 0, 0, 0, 0], 0), "{kind:?}");
        assert_eq!(job_row(&db).await, before, "{kind:?}: the job's row is as it was");
    }
}

#[tokio::test]
async fn a_process_row_is_that_of_a_worker_and_a_heartbeat_moves_its_time() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        beat(&store, ProcessStatus::Running).await;
        let columns =
            "SELECT kind, name, pid, hostname, metadata, supervisor_id, last_heartbeat_at FROM solid_queue_processes";
        let row = db.rows(columns).await.remove(0);
        assert_eq!((row.text(0).unwrap(), row.int(2).unwrap(), row.text(3).unwrap()), ("Worker", 42, "worker-1"));
        assert_eq!(row.int_or_null(5), None, "{kind:?}: no supervisor of Ruby stops it");
        let metadata: Value = serde_json::from_str(row.text(4).unwrap()).unwrap();
        assert!(metadata["queues"].is_string() && metadata["thread_pool_size"].is_number(), "{kind:?}: {metadata}");
        db.clock.advance(Duration::from_secs(60));
        beat(&store, ProcessStatus::Running).await;
        let later = db.rows(columns).await.remove(0);
        assert_eq!(later.time(6).unwrap(), row.time(6).unwrap() + Duration::from_secs(60), "{kind:?}");
        assert_eq!(db.count("processes").await, 1, "{kind:?}");
    }
}

#[tokio::test]
async fn claims_of_rubys_processes_are_left_to_ruby() {
    for kind in KINDS {
        let Some(db) = TestDb::with_sample(kind, "running").await else { continue };
        let store = db.open().await;
        let before = (db.count("processes").await, db.count("claimed_executions").await);
        db.clock.advance(Duration::from_secs(400 * 365 * 86_400));
        let recovered = store.recover(&Recovery::new(Duration::from_secs(1), 3)).await.unwrap();
        assert!(recovered.processes.is_empty() && recovered.ready.is_empty(), "{kind:?}: {recovered:?}");
        assert_eq!((db.count("processes").await, db.count("claimed_executions").await), before, "{kind:?}");
    }
}

#[tokio::test]
async fn a_semaphore_is_taken_given_back_and_handed_to_the_job_of_highest_priority() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let limit = ConcurrencyLimit::new(1).by("order_id").duration(Duration::from_secs(300));
        let store = db.by(db.clock.clone()).limits_concurrency("charge", limit).connect().await.unwrap();
        let [first, second, mut urgent] = [job(1), job(2), job(3)];
        urgent.priority = 9;
        store.enqueue(&[first, second, urgent]).await.unwrap();
        assert_eq!(db.states().await, [1, 0, 0, 0, 2], "{kind:?}");
        let semaphore = "SELECT {key}, value, expires_at FROM solid_queue_semaphores";
        let row = db.rows(semaphore).await.remove(0);
        let expires = jobs_core::Clock::now(&*db.clock) + Duration::from_secs(300);
        assert_eq!(
            (row.text(0).unwrap(), row.int(1).unwrap(), row.time(2).unwrap()),
            ("charge/7", 0, expires),
            "{kind:?}"
        );
        let blocked = db.rows("SELECT concurrency_key, expires_at FROM solid_queue_blocked_executions").await;
        assert_eq!((blocked[0].text(0).unwrap(), blocked[0].time(1).unwrap()), ("charge/7", expires), "{kind:?}");
        let running = claim(&store, 5).await.remove(0);
        ends(&store, running, fail()).await;
        let next = claim(&store, 5).await;
        assert_eq!(next.iter().map(Execution::id).collect::<Vec<_>>(), [job(3).id], "{kind:?}");
        for execution in next {
            ends(&store, execution, Decision::Release).await;
        }
        assert_eq!(db.rows(semaphore).await[0].int(1).unwrap(), 0, "{kind:?}: a released job keeps its permit");
    }
}

#[tokio::test]
async fn a_program_claims_only_the_classes_that_it_has() {
    for kind in KINDS {
        let Some(db) = TestDb::with_sample(kind, "enqueue").await else { continue };
        let store = db.open().await;
        let claim = Claim::new(ONE, vec![QueueSelector::All], 10).with_names(vec!["GuestJob".to_owned()].into());
        let claimed = store.claim(&claim).await.unwrap();
        assert_eq!(claimed.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["GuestJob"], "{kind:?}");
        assert_eq!(db.count("ready_executions").await, 2, "{kind:?}: the others are left to Ruby");
    }
}
