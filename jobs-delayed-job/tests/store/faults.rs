//! Faults of a database: each call says that it may be tried again, and tried again it succeeds. No job is lost or run twice.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Claim, Clock, Decision, Error, JobId, Process, ProcessId, Recovery, Settled, Settlement, Store};
use jobs_delayed_job::DelayedJobStore;
use jobs_sql::{Dialect, Transaction};
use jobs_testing::ManualClock;
use tempfile::tempdir;

use crate::application::{Application, Kind, NO_SERVER};
use crate::rows::{ONE, claim_one, job};
use crate::server::Server;

const SERVERS: [Kind; 2] = [Kind::Postgres, Kind::MariaDb];

fn finish(token: jobs_core::ClaimToken) -> Settlement {
    Settlement::new(token, Decision::Finish { keep: false })
}

/// The answer of a call that is tried again as long as the store says that it may be.
async fn retried<T>(call: impl AsyncFn() -> Result<T, Error>) -> T {
    loop {
        match call().await {
            Ok(answer) => return answer,
            Err(error) => assert!(error.is_transient(), "{error}"),
        }
    }
}

/// Claims that hold so many jobs, which were enqueued for it.
async fn claimed(store: &DelayedJobStore, jobs: u8) -> Vec<Settlement> {
    store.enqueue(&(1..=jobs).map(job).collect::<Vec<_>>()).await.unwrap();
    let claimed = store.claim(&Claim::all(ONE, jobs.into())).await.unwrap();
    assert_eq!(claimed.len(), usize::from(jobs));
    claimed.into_iter().map(|execution| finish(execution.token)).collect()
}

/// A transaction of another program that has locked these rows.
async fn locked(application: &Application, rows: &str) -> Transaction {
    let mut transaction = application.database.begin("lock rows").await.unwrap();
    let lock = format!(
        "SELECT id FROM {} WHERE id = (SELECT {rows}(id) FROM {}) {{lock}}",
        application.table, application.table
    );
    transaction.query(&lock, &[]).await.unwrap();
    transaction
}

/// Waits until a statement on the table waits for a lock; the number of its connection.
async fn waiting(application: &Application) -> i64 {
    waiting_on(application, "{jobs} ").await
}

/// Waits until a statement with this text waits for a lock; the number of its connection.
async fn waiting_on(application: &Application, text: &str) -> i64 {
    let look = match application.database.dialect() {
        Dialect::Postgres => {
            "SELECT MIN(pid)::bigint FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{text}%'"
        }
        _ => {
            "SELECT CAST(MIN(t.trx_mysql_thread_id) AS SIGNED) FROM information_schema.innodb_trx t
             WHERE t.trx_state = 'LOCK WAIT' AND t.trx_query LIKE '%{text}%'"
        }
    };
    // MariaDB does not look anew at its transactions while it is asked more often than ten times a second.
    let mut pause = tokio::time::interval(Duration::from_millis(200));
    loop {
        pause.tick().await;
        if let Some(connection) = application.query(&look.replace("{text}", text)).await[0].int_or_null(0) {
            return connection;
        }
    }
}

#[tokio::test]
async fn after_a_crash_of_the_server_claims_still_hold_and_the_work_goes_on() {
    for kind in SERVERS {
        let Some(server) = Server::start(kind).await else { continue };
        let application = Application::at(server.url.clone(), tempdir().unwrap()).await;
        let store = application.store(application.options()).await;
        let held = claimed(&store, 3).await;
        store.enqueue(&[job(4), job(5)]).await.unwrap();
        server.crash().await;
        assert_eq!(retried(async || store.settle(&held).await).await, [Settled::Applied; 3], "{kind:?}");
        let claimed = retried(async || store.claim(&Claim::all(ONE, 9)).await).await;
        let ids: Vec<JobId> = claimed.iter().map(jobs_core::Execution::id).collect();
        assert_eq!(ids, [job(4).id, job(5).id], "{kind:?}");
        retried(async || store.enqueue(&[job(6)]).await).await;
    }
}

#[tokio::test]
async fn a_connection_that_is_killed_in_mid_statement_loses_nothing() {
    for kind in SERVERS {
        let Some(application) = Application::new(kind).await else { continue };
        let store = application.store(application.options()).await;
        let held = claimed(&store, 2).await;
        let lock = locked(&application, "MAX").await;
        let kill = async {
            let connection = waiting(&application).await;
            let kill = match kind {
                Kind::Postgres => format!("SELECT pg_terminate_backend({connection})::int"),
                _ => format!("KILL {connection}"),
            };
            // The server may end this connection's own answer with it.
            let _answer = application.database.query(&kill, &[], "kill a connection").await;
        };
        let (answer, ()) = tokio::join!(store.settle(&held), kill);
        let error = answer.unwrap_err();
        assert!(error.is_transient(), "{kind:?}: {error}");
        drop(lock);
        assert_eq!(retried(async || store.settle(&held).await).await, [Settled::Applied; 2], "{kind:?}");
    }
}

#[tokio::test]
async fn the_victim_of_a_deadlock_settles_after_the_other_transaction() {
    for kind in SERVERS {
        let Some(application) = Application::new(kind).await else { continue };
        // PostgreSQL looks once for a deadlock, so long after the wait began: the other one is to wait by then.
        let options = match kind {
            Kind::Postgres => application.with_option("options=-c%20deadlock_timeout%3D5s"),
            _ => application.options(),
        };
        let store = application.store(options).await;
        let held = claimed(&store, 2).await;
        let mut other = locked(&application, "MAX").await;
        // A server ends the transaction that has written less.
        let weight = format!("INSERT INTO {} (handler, run_at) VALUES ('x', NULL)", application.table);
        for _ in 0..20 {
            other.execute(&weight, &[]).await.unwrap();
        }
        let crosses = async {
            waiting(&application).await;
            if kind == Kind::Postgres {
                other.execute("SET LOCAL deadlock_timeout = '1h'", &[]).await.unwrap();
                other.execute("SET LOCAL lock_timeout = 0", &[]).await.unwrap();
            }
            let first = format!("SELECT id FROM {0} WHERE id = (SELECT MIN(id) FROM {0}) {{lock}}", application.table);
            other.query(&first, &[]).await.unwrap();
            drop(other);
        };
        let (answer, ()) = tokio::join!(store.settle(&held), crosses);
        assert_eq!(answer.unwrap(), [Settled::Applied; 2], "{kind:?}");
    }
}

#[tokio::test]
async fn a_row_that_its_ruby_worker_takes_again_while_rust_looks_for_lost_ones_stays_with_it() {
    for kind in SERVERS {
        let Some(application) = Application::new(kind).await else { continue };
        let (clock, hour) = (ManualClock::new(), Duration::from_secs(3600));
        let store = application.store(application.by(Arc::new(clock.clone())).max_run_time(hour)).await;
        application.insert("--- !ruby/struct:SendMail\nuser_id: 7\n", None, "2020-01-02 03:04:05.000001").await;
        let lock = async || {
            let now = jobs_delayed_job::row::time_text(clock.now());
            let lock = format!("UPDATE {{jobs}} SET locked_at = '{now}', locked_by = 'delayed_job.0 host:h pid:1'");
            application.execute(&lock, &[]).await
        };
        lock().await;
        clock.advance(hour + Duration::from_micros(1));
        let _reply = store.heartbeat(&Process::new(ONE, "worker", "host", 7)).await.unwrap();
        // A recovery reads the rows, then the processes, and then locks the rows that are lost.
        let mut between = application.database.begin("lock the processes").await.unwrap();
        let processes = format!("SELECT id FROM {}_rs_processes {{lock}}", application.table);
        between.query(&processes, &[]).await.unwrap();
        let takes_again = async {
            waiting_on(&application, "{jobs}_rs_processes").await;
            lock().await;
            drop(between);
        };
        let recovery = Recovery::new(Duration::from_secs(60), 3);
        let (recovered, ()) = tokio::join!(store.recover(&recovery), takes_again);
        assert!(recovered.unwrap().ready.is_empty(), "{kind:?}");
        assert!(application.query("SELECT locked_by FROM {jobs}").await[0].text_or_null(0).is_some(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_row_or_a_file_that_stays_locked_ends_a_call_after_some_seconds() {
    let locked_for = async |kind: Kind| {
        let Some(application) = Application::new(kind).await else { return };
        let store = application.store(application.options()).await;
        let held = claimed(&store, 1).await;
        let lock = locked(&application, "MAX").await;
        let error = store.settle(&held).await.unwrap_err();
        assert!(error.is_transient(), "{kind:?}: {error}");
        drop(lock);
        assert_eq!(retried(async || store.settle(&held).await).await, [Settled::Applied], "{kind:?}");
    };
    // At the same time, since each waits for up to ten seconds.
    tokio::join!(locked_for(Kind::Postgres), locked_for(Kind::MariaDb), locked_for(Kind::Sqlite));
}

#[tokio::test]
async fn a_server_that_is_read_only_refuses_for_now() {
    let Some(application) = Application::new(Kind::Postgres).await else { return jobs_testing::skip(NO_SERVER) };
    let writes = application.store(application.options()).await;
    let options = application.with_option("options=-c%20default_transaction_read_only%3Don");
    refuses_to_write(&writes, &options.create_tables(false).connect().await.unwrap()).await;
    let Some(server) = Server::start(Kind::MariaDb).await else { return };
    let application = Application::at(server.url.clone(), tempdir().unwrap()).await;
    let writes = application.store(application.options()).await;
    claim_nothing(&writes).await;
    server.execute("SET GLOBAL tx_read_only = 1").await;
    let reads = application.options().connect().await.unwrap();
    refuses_to_write(&writes, &reads).await;
}

async fn claim_nothing(store: &DelayedJobStore) {
    assert!(store.claim(&Claim::all(ONE, 1)).await.unwrap().is_empty());
}

async fn refuses_to_write(writes: &DelayedJobStore, reads: &DelayedJobStore) {
    writes.enqueue(&[job(1)]).await.unwrap();
    let error = reads.enqueue(&[job(2)]).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    let error = reads.claim(&Claim::all(ONE, 1)).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert_eq!(reads.inspect().unwrap().counts().await.unwrap().total(), 1, "it can be read");
    assert_eq!(claim_one(writes).await.id(), job(1).id);
}

#[tokio::test]
async fn a_disk_that_is_full_refuses_for_now_and_stores_no_part() {
    for application in Application::all().await {
        // Stands for the server, which answers so to a write that it has no room for.
        let full = match application.database.dialect() {
            Dialect::Postgres => [
                "CREATE FUNCTION {jobs}_full() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$",
                "CREATE TRIGGER {jobs}_full BEFORE INSERT OR UPDATE ON {jobs} FOR EACH ROW EXECUTE FUNCTION {jobs}_full()",
            ],
            Dialect::MySql => [
                "SELECT 1",
                "CREATE TRIGGER {jobs}_full BEFORE INSERT ON {jobs} FOR EACH ROW \
                 SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'The table is full'",
            ],
            // Its file ends where the disk does, which a test cannot arrange.
            Dialect::Sqlite => continue,
        };
        let store = application.store(application.options()).await;
        store.enqueue(&[job(1)]).await.unwrap();
        for statement in full {
            application.execute(statement, &[]).await;
        }
        let error = store.enqueue(&[job(2), job(3)]).await.unwrap_err();
        assert!(error.is_transient(), "{error}");
        let on = if application.database.dialect() == Dialect::Postgres { " ON {jobs}" } else { "" };
        application.execute(&format!("DROP TRIGGER {{jobs}}_full{on}"), &[]).await;
        store.enqueue(&[job(2), job(3)]).await.unwrap();
        assert_eq!(store.claim(&Claim::all(ONE, 9)).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn a_server_in_another_time_zone_changes_no_time() {
    for kind in SERVERS {
        let Some(server) = Server::start(kind).await else { continue };
        server
            .execute(match kind {
                Kind::Postgres => "ALTER DATABASE postgres SET TimeZone = 'Asia/Kolkata'",
                _ => "SET GLOBAL time_zone = '+05:30'",
            })
            .await;
        let application = Application::at(server.url.clone(), tempdir().unwrap()).await;
        let store = application.store(application.options()).await;
        let mut later = job(2);
        later.due = jobs_core::Due::In(Duration::from_secs(3600));
        store.enqueue(&[job(1), later]).await.unwrap();
        assert_eq!(store.dispatch(9).await.unwrap().ready, 0, "{kind:?}");
        assert_eq!(claim_one(&store).await.id(), job(1).id, "{kind:?}");
        let utc = match kind {
            Kind::Postgres => "clock_timestamp() AT TIME ZONE 'utc'",
            _ => "UTC_TIMESTAMP(6)",
        };
        let rows = application.query(&format!("SELECT {utc}, locked_at, run_at FROM {{jobs}} ORDER BY id")).await;
        let now = rows[0].time(0).unwrap();
        for column in [1, 2] {
            let time = rows[0].time(column).unwrap();
            let apart = now.duration_since(time).max(time.duration_since(now));
            assert!(apart < Duration::from_secs(900), "{kind:?}: {rows:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_that_claim_at_once_share_the_jobs_out() {
    const JOBS: usize = 200;
    for application in Application::all().await {
        let (one, two) =
            (application.store(application.options()).await, application.store(application.options()).await);
        application.insert_many(JOBS, "--- !ruby/struct:SendMail\nuser_id: 7\n", "2020-01-02 03:04:05.000001").await;
        let take = async |store: &DelayedJobStore, process| {
            let mut ids = Vec::new();
            loop {
                let claimed = retried(async || store.claim(&Claim::all(process, 7)).await).await;
                if claimed.is_empty() {
                    return ids;
                }
                ids.extend(claimed.iter().map(jobs_core::Execution::id));
            }
        };
        let (first, second) = tokio::join!(take(&one, ONE), take(&two, ProcessId::new(2)));
        let all: BTreeSet<JobId> = first.iter().chain(&second).copied().collect();
        assert_eq!((all.len(), first.len() + second.len()), (JOBS, JOBS), "{:?}", application.database);
    }
}
