//! Claims and their ends in the tables, on each database that is there, beside what Ruby leaves.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{Kind, TestDb};
use jobs_core::{
    Claim, Decision, ErrorRecord, Execution, HeartbeatReply, JobId, NewJob, Process, ProcessId, Recovery, Settled,
    Store,
};
use jobs_solid_queue::{ConcurrencyLimit, SolidQueueStore};
use jobs_sql::SqlValue;

const ME: ProcessId = ProcessId::new(7);

fn job(number: i64, class: &str) -> NewJob {
    NewJob::new(JobId::from_number(number), class, format!("[{number}]"))
}

async fn claim(store: &SolidQueueStore, limit: usize) -> Vec<Execution> {
    store.claim(&Claim::all(ME, limit)).await.unwrap()
}

async fn settle(store: &SolidQueueStore, execution: Execution, decision: Decision) -> Settled {
    store.settle(&[execution.settle(decision)]).await.unwrap()[0]
}

fn retry() -> Decision {
    let error = ErrorRecord::new("shop::Declined", "declined");
    Decision::Retry { wait: Duration::from_secs(5), queue: None, priority: None, meta: None, error }
}

/// A job as a Rails application writes it.
async fn put_of_ruby(db: &TestDb, arguments: &str) {
    let now: SqlValue = jobs_core::Clock::now(&*db.clock).into();
    let insert = "INSERT INTO solid_queue_jobs \
                  (queue_name, class_name, arguments, active_job_id, scheduled_at, created_at, updated_at) \
                  VALUES ('default', 'ChargeJob', ?, '30f870aa-2463-4f3c-b299-c7e589dbc786', ?, ?, ?)";
    db.run(insert, &[arguments.into(), now.clone(), now.clone(), now.clone()]).await;
    let insert = "INSERT INTO solid_queue_ready_executions (job_id, queue_name, created_at) \
                  SELECT MAX(id), 'default', ? FROM solid_queue_jobs";
    db.run(insert, &[now]).await;
}

const OF_RUBY: &str = r#"{"job_class":"ChargeJob","job_id":"30f870aa-2463-4f3c-b299-c7e589dbc786","provider_job_id":null,
    "queue_name":"default","priority":null,"arguments":[42],"executions":0,"exception_executions":{},"locale":"en",
    "timezone":"UTC","enqueued_at":"2026-01-01T00:00:00.000000000Z","scheduled_at":"2026-01-01T00:00:00.000000000Z"}"#;

#[tokio::test]
async fn what_a_process_claims_whose_row_was_taken_away_is_not_taken_away_too() {
    for db in TestDb::all().await {
        let store = db.open().await;
        let me = Process::new(ME, "worker", "here", 1);
        assert_eq!(store.heartbeat(&me).await.unwrap(), HeartbeatReply::Alive);
        store.enqueue(&[job(1, "RustJob")]).await.unwrap();
        db.run("DELETE FROM solid_queue_processes", &[]).await;
        let claimed = claim(&store, 1).await.remove(0);
        let recovered = db.open().await.recover(&Recovery::new(Duration::from_secs(60), 3)).await.unwrap();
        assert!(recovered.ready.is_empty(), "{:?}", db.kind);
        assert_eq!(store.heartbeat(&me).await.unwrap(), HeartbeatReply::WasRecovered, "{:?}: it hears of it", db.kind);
        assert_eq!(store.heartbeat(&me).await.unwrap(), HeartbeatReply::Alive, "{:?}: once", db.kind);
        assert_eq!(settle(&store, claimed, Decision::Finish { keep: true }).await, Settled::Applied, "{:?}", db.kind);
    }
}

#[tokio::test]
async fn only_classes_that_the_program_knows_are_claimed() {
    for db in TestDb::all().await {
        let store = db.open().await;
        store.enqueue(&[job(1, "RubyJob"), job(2, "RustJob"), job(3, "SolidQueue::RecurringJob")]).await.unwrap();
        let names: Arc<[String]> = ["RustJob".to_owned(), "OtherJob".to_owned()].into();
        let claimed = store.claim(&Claim::all(ME, 10).with_names(names)).await.unwrap();
        assert_eq!(claimed.iter().map(Execution::id).collect::<Vec<_>>(), [JobId::from_number(2)], "{:?}", db.kind);
        assert_eq!(db.states().await, [2, 0, 1, 0, 0], "{:?}", db.kind);
    }
}

#[tokio::test]
async fn a_ready_row_that_another_connection_locks_is_skipped() {
    for db in TestDb::all().await.into_iter().filter(|db| db.kind != Kind::Sqlite) {
        let store = db.open().await;
        store.enqueue(&[job(1, "ChargeJob"), job(2, "ChargeJob")]).await.unwrap();
        let mut other = db.database.begin(common::DOING).await.unwrap();
        let lock = "SELECT id FROM solid_queue_ready_executions ORDER BY priority, job_id LIMIT 1 {lock}";
        other.query(lock, &[]).await.unwrap();
        let claimed = claim(&store, 10).await;
        assert_eq!(claimed.iter().map(Execution::id).collect::<Vec<_>>(), [JobId::from_number(2)], "{:?}", db.kind);
    }
}

#[tokio::test]
async fn a_process_that_claims_has_the_row_of_a_worker() {
    for db in TestDb::all().await {
        let store = db.open().await;
        store.enqueue(&[job(1, "ChargeJob")]).await.unwrap();
        let process = Process::new(ME, "web-1", "host", 42);
        let _alive = store.heartbeat(&process).await.unwrap();
        let _claimed = claim(&store, 5).await;
        let _alive = store.heartbeat(&process).await.unwrap();
        let select = "SELECT p.kind, p.pid, p.hostname, p.metadata, p.supervisor_id, p.name FROM solid_queue_processes p \
                      JOIN solid_queue_claimed_executions c ON c.process_id = p.id";
        let rows = db.rows(select).await;
        let [row] = &rows[..] else { panic!("{:?}: {rows:?}", db.kind) };
        assert_eq!((row.text(0).unwrap(), row.int(1).unwrap(), row.text(2).unwrap()), ("Worker", 42, "host"));
        let metadata: serde_json::Value = serde_json::from_str(row.text(3).unwrap()).unwrap();
        assert_eq!((&metadata["queues"], &metadata["thread_pool_size"]), (&"*".into(), &5.into()));
        assert!(metadata["polling_interval"].is_number() && row.int_or_null(4).is_none());
        assert_eq!(row.text(5).unwrap(), "worker-rs-0000000000000007");
    }
}

#[tokio::test]
async fn a_job_that_is_ready_and_claimed_at_once_stops_no_claim() {
    for db in TestDb::all().await {
        let store = db.open().await;
        store.enqueue(&[job(1, "ChargeJob")]).await.unwrap();
        let first = claim(&store, 1).await;
        let now: SqlValue = jobs_core::Clock::now(&*db.clock).into();
        let stray = "INSERT INTO solid_queue_ready_executions (job_id, queue_name, created_at) \
                     SELECT id, 'default', ? FROM solid_queue_jobs";
        db.run(stray, &[now]).await;
        store.enqueue(&[job(2, "ChargeJob")]).await.unwrap();
        let claimed = claim(&store, 10).await;
        assert_eq!(claimed.iter().map(Execution::id).collect::<Vec<_>>(), [JobId::from_number(2)], "{:?}", db.kind);
        assert_eq!((first.len(), db.states().await), (1, [0, 0, 2, 0, 0]), "{:?}", db.kind);
    }
}

#[tokio::test]
async fn arguments_that_cannot_be_read_fail_that_job_alone() {
    for db in TestDb::all().await {
        let store = db.open().await;
        for arguments in ["[1]", "null", "no json"] {
            put_of_ruby(&db, arguments).await;
        }
        store.enqueue(&[job(1, "ChargeJob")]).await.unwrap();
        let claimed = claim(&store, 10).await;
        assert_eq!(claimed.iter().map(Execution::id).collect::<Vec<_>>(), [JobId::from_number(1)], "{:?}", db.kind);
        assert_eq!(db.states().await, [0, 0, 1, 3, 0], "{:?}", db.kind);
    }
}

#[tokio::test]
async fn a_finished_job_keeps_its_row_or_loses_it_as_the_application_says() {
    for db in TestDb::all().await {
        for preserve in [true, false] {
            let options = db.by(db.clock.clone()).preserve_finished_jobs(preserve);
            let store = options.connect().await.unwrap();
            store.enqueue(&[job(1, "ChargeJob")]).await.unwrap();
            let execution = claim(&store, 1).await.pop().unwrap();
            assert_eq!(settle(&store, execution, Decision::Finish { keep: true }).await, Settled::Applied);
            assert_eq!(db.states().await, [0; 5], "{:?}", db.kind);
            let finished = db.rows("SELECT finished_at, updated_at FROM solid_queue_jobs").await;
            assert_eq!(finished.len(), usize::from(preserve), "{:?}", db.kind);
            assert!(finished.iter().all(|row| row.time(0).unwrap() == row.time(1).unwrap()));
            db.run("DELETE FROM solid_queue_jobs", &[]).await;
        }
    }
}

#[tokio::test]
async fn a_retried_job_of_ruby_is_another_row_of_the_same_job() {
    for db in TestDb::all().await {
        let store = db.open().await;
        put_of_ruby(&db, OF_RUBY).await;
        let execution = claim(&store, 1).await.pop().unwrap();
        let _settled = settle(&store, execution, retry()).await;
        let rows = db.rows("SELECT id, active_job_id, arguments, finished_at FROM solid_queue_jobs ORDER BY id").await;
        let [old, new] = &rows[..] else { panic!("{:?}: {rows:?}", db.kind) };
        assert_eq!(old.text(1).unwrap(), new.text(1).unwrap());
        assert!(old.time_or_null(3).is_some() && new.time_or_null(3).is_none(), "{:?}", db.kind);
        let serialized: serde_json::Value = serde_json::from_str(new.text(2).unwrap()).unwrap();
        assert_eq!(serialized["executions"], 1, "{:?}", db.kind);
        assert_eq!(serialized["provider_job_id"], old.int(0).unwrap(), "{:?}", db.kind);
        assert_eq!(db.states().await, [0, 1, 0, 0, 0], "{:?}", db.kind);
    }
}

#[tokio::test]
async fn a_retried_job_of_rust_waits_in_its_row() {
    for db in TestDb::all().await {
        let store = db.open().await;
        store.enqueue(&[job(1, "ChargeJob")]).await.unwrap();
        let execution = claim(&store, 1).await.pop().unwrap();
        let _settled = settle(&store, execution, retry()).await;
        assert_eq!((db.count("jobs").await, db.states().await), (1, [0, 1, 0, 0, 0]), "{:?}", db.kind);
        db.clock.advance(Duration::from_secs(5));
        store.dispatch(10).await.unwrap();
        assert_eq!(claim(&store, 1).await[0].attempt, 2, "{:?}", db.kind);
    }
}

#[tokio::test]
async fn what_an_older_worker_of_ruby_wrote_of_a_claimed_job_gives_way() {
    for db in TestDb::all().await {
        let store = db.open().await;
        store.enqueue(&[job(1, "ChargeJob")]).await.unwrap();
        let execution = claim(&store, 1).await.pop().unwrap();
        let now: SqlValue = jobs_core::Clock::now(&*db.clock).into();
        db.run("UPDATE solid_queue_jobs SET finished_at = ?", std::slice::from_ref(&now)).await;
        db.run("INSERT INTO solid_queue_failed_executions (job_id, error, created_at) SELECT id, '{}', ? FROM solid_queue_jobs", &[now]).await;
        db.clock.advance(Duration::from_secs(1));
        assert_eq!(settle(&store, execution, Decision::Finish { keep: true }).await, Settled::Applied);
        assert_eq!((db.count("jobs").await, db.states().await), (1, [0; 5]), "{:?}", db.kind);
    }
}

#[tokio::test]
async fn the_end_of_a_limited_job_lets_the_next_one_run() {
    for db in TestDb::all().await {
        let limit = ConcurrencyLimit::new(1);
        let store = db.by(db.clock.clone()).limits_concurrency("ChargeJob", limit).connect().await.unwrap();
        store.enqueue(&[job(1, "ChargeJob"), job(2, "ChargeJob"), job(3, "ChargeJob")]).await.unwrap();
        let fail = Decision::Fail { meta: None, error: ErrorRecord::new("shop::Declined", "declined") };
        for (number, decision) in [(1, Decision::Finish { keep: true }), (2, fail)] {
            let mut claimed = claim(&store, 10).await;
            assert_eq!(claimed.iter().map(Execution::id).collect::<Vec<_>>(), [JobId::from_number(number)]);
            let _settled = settle(&store, claimed.pop().unwrap(), decision).await;
        }
        assert_eq!(db.states().await, [1, 0, 0, 1, 0], "{:?}", db.kind);
        let released = claim(&store, 1).await.pop().unwrap();
        let _settled = settle(&store, released, Decision::Release).await;
        let value = db.rows("SELECT value FROM solid_queue_semaphores").await[0].int(0).unwrap();
        assert_eq!((db.states().await[0], value), (1, 0), "a released job keeps its permit ({:?})", db.kind);
    }
}

#[tokio::test]
async fn a_permit_that_ran_out_is_free_again_and_that_of_a_running_job_is_renewed() {
    for db in TestDb::all().await {
        let limit = ConcurrencyLimit::new(1).duration(Duration::from_secs(60));
        let store = db.by(db.clock.clone()).limits_concurrency("ChargeJob", limit).connect().await.unwrap();
        store.enqueue(&[job(1, "ChargeJob"), job(2, "ChargeJob")]).await.unwrap();
        let running = claim(&store, 10).await;
        for _ in 0..5 {
            db.clock.advance(Duration::from_secs(31));
            store.dispatch(10).await.unwrap();
        }
        assert_eq!((running.len(), db.states().await), (1, [0, 0, 1, 0, 1]), "{:?}", db.kind);
        let select = "SELECT expires_at FROM solid_queue_blocked_executions";
        assert!(db.rows(select).await[0].time(0).unwrap() > jobs_core::Clock::now(&*db.clock), "{:?}", db.kind);
        // A holder that never gives it back, and is not there any more.
        db.run("DELETE FROM solid_queue_claimed_executions", &[]).await;
        db.clock.advance(Duration::from_secs(61));
        store.dispatch(10).await.unwrap();
        assert_eq!(db.states().await, [1, 0, 0, 0, 0], "{:?}", db.kind);
    }
}

#[tokio::test]
async fn processes_of_ruby_and_their_claims_are_left_to_ruby() {
    for db in TestDb::all().await {
        let store = db.open().await;
        put_of_ruby(&db, OF_RUBY).await;
        let now: SqlValue = jobs_core::Clock::now(&*db.clock).into();
        let insert = "INSERT INTO solid_queue_processes (kind, last_heartbeat_at, pid, hostname, created_at, name) \
                      VALUES ('Worker', ?, 7, 'host', ?, 'worker-0123456789abcdef0123')";
        db.run(insert, &[now.clone(), now.clone()]).await;
        let insert = "INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at) \
                      SELECT j.id, p.id, ? FROM solid_queue_jobs j, solid_queue_processes p";
        db.run(insert, &[now]).await;
        db.run("DELETE FROM solid_queue_ready_executions", &[]).await;
        db.clock.advance(Duration::from_secs(100_000));
        let recovered = store.recover(&Recovery::new(Duration::from_secs(60), 3)).await.unwrap();
        assert_eq!((recovered.ready.len(), recovered.processes.len()), (0, 0), "{:?}", db.kind);
        assert_eq!((db.count("processes").await, db.states().await), (1, [0, 0, 1, 0, 0]), "{:?}", db.kind);
    }
}

#[tokio::test]
async fn a_process_whose_row_ruby_has_pruned_settles_nothing_and_registers_anew() {
    for db in TestDb::all().await {
        let store = db.open().await;
        store.enqueue(&[job(1, "ChargeJob"), job(2, "ChargeJob")]).await.unwrap();
        let process = Process::new(ME, "web-1", "host", 42);
        let _alive = store.heartbeat(&process).await.unwrap();
        let lost = claim(&store, 1).await.pop().unwrap();
        for table in ["claimed_executions", "processes"] {
            db.run(&format!("DELETE FROM solid_queue_{table}"), &[]).await;
        }
        assert_eq!(settle(&store, lost, Decision::Finish { keep: true }).await, Settled::Stale, "{:?}", db.kind);
        let finished = db.rows("SELECT id FROM solid_queue_jobs WHERE finished_at IS NOT NULL").await;
        assert!(finished.is_empty(), "{:?}", db.kind);
        assert_eq!(store.heartbeat(&process).await.unwrap(), jobs_core::HeartbeatReply::WasRecovered, "{:?}", db.kind);
        assert_eq!((claim(&store, 5).await.len(), db.count("processes").await), (1, 1), "{:?}", db.kind);
    }
}

#[tokio::test]
async fn a_row_that_is_refused_does_not_stop_the_recovery_of_other_processes() {
    let db = TestDb::new(Kind::Sqlite).await.unwrap();
    let store = db.open().await;
    store.enqueue(&[job(1, "ChargeJob"), job(2, "ChargeJob")]).await.unwrap();
    for process in [1, 2].map(ProcessId::new) {
        let _alive = store.heartbeat(&Process::new(process, "web", "host", 42)).await.unwrap();
        assert_eq!(store.claim(&Claim::all(process, 1)).await.unwrap().len(), 1);
    }
    let refuse = "CREATE TRIGGER refuse BEFORE UPDATE ON solid_queue_jobs WHEN OLD.id = 1 \
                  BEGIN SELECT RAISE(ABORT, 'refused'); END";
    db.run(refuse, &[]).await;
    db.clock.advance(Duration::from_secs(100));
    let recovery = Recovery::new(Duration::from_secs(60), 3);
    assert_eq!(store.recover(&recovery).await.unwrap().ready, [JobId::from_number(2)]);
    assert!(store.recover(&recovery).await.unwrap_err().to_string().contains("refused"));
}

#[tokio::test]
async fn arguments_that_leave_no_room_for_a_crash_do_not_stop_recovery() {
    for db in TestDb::all().await {
        let store = db.open().await;
        let long = format!("[\"{}\"]", "a".repeat(65_535 - OF_RUBY.len()));
        put_of_ruby(&db, &OF_RUBY.replace("[42]", &long)).await;
        let _alive = store.heartbeat(&Process::new(ME, "web", "host", 42)).await.unwrap();
        assert_eq!(claim(&store, 1).await.len(), 1, "{:?}", db.kind);
        db.clock.advance(Duration::from_secs(100));
        let recovered = store.recover(&Recovery::new(Duration::from_secs(60), 3)).await.unwrap();
        assert_eq!((recovered.ready.len(), db.states().await), (1, [1, 0, 0, 0, 0]), "{:?}", db.kind);
    }
}

#[tokio::test]
async fn in_sqlite_a_claim_waits_for_another_writer_and_sees_what_it_wrote() {
    let Some(db) = TestDb::new(Kind::Sqlite).await else { return };
    let store = db.open().await;
    store.enqueue(&[job(1, "ChargeJob")]).await.unwrap();
    let running = claim(&store, 1).await.remove(0);
    // No lock is held while a job runs: another program writes at once.
    let mut other = db.database.begin(common::DOING).await.unwrap();
    let now: SqlValue = jobs_core::Clock::now(&*db.clock).into();
    let insert = "INSERT INTO solid_queue_jobs (queue_name, class_name, arguments, created_at, updated_at) \
                  VALUES ('default', 'ChargeJob', ?, ?, ?)";
    let row = other.insert(insert, &[OF_RUBY.into(), now.clone(), now.clone()]).await.unwrap();
    let ready = "INSERT INTO solid_queue_ready_executions (job_id, queue_name, created_at) VALUES (?, 'default', ?)";
    other.execute(ready, &[row.into(), now]).await.unwrap();
    let settlements = [running.settle(Decision::Finish { keep: true })];
    let all = Claim::all(ME, 5);
    let both = store.settle_and_claim(&settlements, &all);
    let (both, committed) = tokio::join!(both, other.commit());
    committed.unwrap();
    let (settled, claimed) = both.unwrap();
    assert_eq!((settled, claimed.len()), (vec![Settled::Applied], 1));
}
