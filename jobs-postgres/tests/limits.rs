//! Limits that a server, or another session on it, may impose on a working store. Each gives an error that says what to
//! do, and when it is over the same store continues.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::proxy::{Proxy, Way};
use common::role::Role;
use common::{DEADLINE, ME, TestDb, count, enqueue, finish, id, job, until_done, work};
use jobs_core::{Claim, Error, Execution, Recovery, Settled, State, Store};
use jobs_postgres::PostgresStore;
use tokio::time::timeout;

const RECOVERY: Recovery = Recovery::new(Duration::from_secs(60), 3);

/// A store of this user with open connections. Opening is repeated, because a busy machine may be too slow for the
/// limits.
async fn opened(db: &TestDb, url: &str) -> PostgresStore {
    let store = until_done(async || db.by_url(url).connect().await).await;
    goes_on(&store, 0).await;
    store
}

#[track_caller]
fn says(error: &Error, words: &str) {
    assert!(error.to_string().contains(words), "{error}");
}

/// The error of a call with this message. The call is repeated while earlier calls still have an effect.
async fn comes_to_say(words: &str, call: impl AsyncFn() -> Result<(), Error>) -> Error {
    let look = async {
        loop {
            let error = call().await.expect_err(words);
            if error.to_string().contains(words) {
                return error;
            }
        }
    };
    timeout(DEADLINE, look).await.expect(words)
}

/// Enqueues, claims and finishes one job.
async fn goes_on(store: &PostgresStore, number: u64) {
    until_done(async || store.enqueue(&[job(number)]).await).await;
    let claimed = until_done(async || store.claim(&Claim::all(ME, 10)).await).await;
    assert_eq!(claimed.iter().map(Execution::id).collect::<Vec<_>>(), [id(number)]);
    let settlements = common::finish(claimed);
    until_done(async || store.settle(&settlements).await).await;
    until_done(async || store.recover(&RECOVERY).await).await;
}

#[tokio::test]
async fn a_lock_timeout_of_the_role_is_transient_and_named() {
    let Some(db) = TestDb::new() else { return };
    let role = Role::with(&db.url, "").await;
    role.alter("SET lock_timeout = '50ms'").await;
    let store = opened(&db, &role.url).await;
    let locker = db.stranger().await;
    locker.batch_execute(&db.sql("BEGIN; LOCK TABLE {schema}.jobs")).await.unwrap();
    for error in [
        store.enqueue(&[job(1)]).await.map(|_| ()).unwrap_err(),
        store.claim(&Claim::all(ME, 1)).await.map(|_| ()).unwrap_err(),
        store.dispatch(10).await.map(|_| ()).unwrap_err(),
    ] {
        assert!(error.is_transient(), "{error}");
        says(&error, "`lock_timeout`");
    }
    locker.batch_execute("ROLLBACK").await.unwrap();
    goes_on(&store, 1).await;
}

#[tokio::test]
async fn a_statement_timeout_of_the_role_is_transient_and_named() {
    let Some(db) = TestDb::new() else { return };
    let role = Role::with(&db.url, "").await;
    role.alter("SET statement_timeout = '100ms'").await;
    let store = opened(&db, &role.url).await;
    let locker = db.stranger().await;
    locker.batch_execute(&db.sql("BEGIN; LOCK TABLE {schema}.jobs")).await.unwrap();
    let error = store.claim(&Claim::all(ME, 1)).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    says(&error, "`statement_timeout`");
    locker.batch_execute("ROLLBACK").await.unwrap();
    goes_on(&store, 1).await;
}

#[tokio::test]
async fn an_idle_transaction_that_the_server_ends_is_transient_and_repeated() {
    let Some(db) = TestDb::new() else { return };
    let role = Role::with(&db.url, "").await;
    role.alter("SET idle_in_transaction_session_timeout = '20ms'").await;
    let proxy = Proxy::to(&role.url).await;
    let store = opened(&db, &proxy.url).await;
    // Its `BEGIN` still passes; then the proxy is blocked for longer than the server waits.
    proxy.pause_after(1);
    let recovering = store.recover(&RECOVERY);
    let (recovered, ()) = tokio::join!(recovering, async {
        let watch = db.stranger().await;
        let idle = format!(
            "SELECT FROM pg_stat_activity WHERE usename = '{}' AND application_name = 'jobs: admin'",
            role.name
        );
        while !watch.query(&idle, &[]).await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        proxy.set(Way::Open);
    });
    let error = recovered.unwrap_err();
    assert!(error.is_transient(), "{error}");
    goes_on(&store, 1).await;
}

#[tokio::test]
async fn a_dump_and_a_long_snapshot_do_not_block_work() {
    let Some(db) = TestDb::new() else { return };
    let store = opened(&db, &db.url).await;
    enqueue(&store, 1..101).await;
    let reader = db.stranger().await;
    // As pg_dump does it.
    let dump = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; LOCK TABLE {schema}.jobs, {schema}.done,
                {schema}.holders, {schema}.processes IN ACCESS SHARE MODE; SELECT count(*) FROM {schema}.jobs";
    reader.batch_execute(&db.sql(dump)).await.unwrap();
    assert_eq!(work(&store, 1000).await.len(), 100);
    goes_on(&store, 101).await;
    reader.batch_execute("COMMIT").await.unwrap();
    assert_eq!(count(&store, State::Finished).await, 102);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_that_are_rewritten_under_load_lose_nothing() {
    let Some(db) = TestDb::new() else { return };
    let store = opened(&db, &db.url).await;
    let cleaner = db.stranger().await;
    let tables = ["jobs", "done", "holders", "errors"].map(|table| db.sql(&format!("VACUUM FULL {{schema}}.{table}")));
    let mut done = 0;
    enqueue(&store, 1..1001).await;
    while done < 1000 {
        let vacuum = async {
            for table in &tables {
                // In a deadlock the server may end the cleaning statement instead.
                let _refused = cleaner.batch_execute(table).await;
            }
        };
        let working = until_done(async || store.claim(&Claim::all(ME, 50)).await);
        let (claimed, ()) = tokio::join!(working, vacuum);
        done += claimed.len();
        let settlements = common::finish(claimed);
        until_done(async || store.settle(&settlements).await).await;
    }
    assert_eq!(count(&store, State::Finished).await, 1001);
}

#[tokio::test]
async fn a_server_that_takes_no_writes_is_transient_and_named() {
    let Some(db) = TestDb::new() else { return };
    let role = Role::with(&db.url, "").await;
    let store = opened(&db, &role.url).await;
    role.alter("SET default_transaction_read_only = on").await;
    role.cut_off().await;
    let error = comes_to_say("takes no writes", async || store.enqueue(&[job(1)]).await.map(|_| ())).await;
    assert!(error.is_transient(), "{error}");
    assert_eq!(until_done(async || store.inspect().unwrap().counts().await).await.total(), 1, "reading goes on");
    // A store on an existing schema can be opened even now.
    drop(db.by_url(&role.url).connect().await.unwrap());
    role.alter("RESET default_transaction_read_only").await;
    role.cut_off().await;
    goes_on(&store, 1).await;
}

#[tokio::test]
async fn a_role_without_a_free_connection_is_transient_and_named() {
    let Some(db) = TestDb::new() else { return };
    let role = Role::with(&db.url, "CONNECTION LIMIT 1").await;
    let store = db.by_url(&role.url).connect().await.unwrap();
    let error = store.enqueue(&[job(1)]).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    says(&error, "no free connection");
    let error = db.by_url(&role.url).connect().await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    role.alter("CONNECTION LIMIT 5").await;
    goes_on(&store, 1).await;
}

#[tokio::test]
async fn large_batches_are_settled_without_a_free_connection() {
    let Some(db) = TestDb::new() else { return };
    let role = Role::with(&db.url, "CONNECTION LIMIT 1").await;
    let store = db.by_url(&role.url).connect().await.unwrap();
    enqueue(&db.open().await, 0..300).await;
    let held = finish(store.claim(&Claim::all(ME, 100)).await.unwrap());
    let error = store.settle_and_claim(&held, &Claim::all(ME, 100)).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    let (settled, next) = store.settle_and_claim(&held, &Claim::all(ME, 100)).await.unwrap();
    assert_eq!(settled, [Settled::Applied; 100], "the one connection is enough");
    assert_eq!(next.iter().map(Execution::id).collect::<Vec<_>>(), (100..200).map(id).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_changed_password_is_reported_and_keeps_open_connections() {
    let Some(db) = TestDb::new() else { return };
    let role = Role::with(&db.url, "").await;
    let store = opened(&db, &role.url).await;
    role.alter("PASSWORD 'second'").await;
    goes_on(&store, 1).await;
    role.cut_off().await;
    let error = comes_to_say("look at user and password", async || store.enqueue(&[job(2)]).await.map(|_| ())).await;
    assert!(!error.is_transient(), "{error}");
    assert!(!format!("{error:?}").contains("first"), "no error shows a password: {error:?}");
    role.alter("PASSWORD 'first'").await;
    goes_on(&store, 2).await;
}

#[tokio::test]
async fn a_dropped_schema_is_reported_and_work_continues_in_the_new_one() {
    let Some(db) = TestDb::new() else { return };
    let store = opened(&db, &db.url).await;
    db.run("DROP SCHEMA {schema} CASCADE").await;
    for error in [
        store.enqueue(&[job(1)]).await.map(|_| ()).unwrap_err(),
        store.claim(&Claim::all(ME, 1)).await.map(|_| ()).unwrap_err(),
        store.recover(&RECOVERY).await.map(|_| ()).unwrap_err(),
    ] {
        says(&error, "was it dropped? Open the store anew");
    }
    drop(db.open().await);
    goes_on(&store, 1).await;
}

#[tokio::test]
async fn a_schema_change_costs_a_connection_and_no_job() {
    let Some(db) = TestDb::new() else { return };
    let store = opened(&db, &db.url).await;
    enqueue(&store, 1..3).await;
    let held = store.claim(&Claim::all(ME, 1)).await.unwrap();
    // As a later version might do: prepared statements now return other types.
    db.run("ALTER TABLE {schema}.jobs ALTER COLUMN name TYPE varchar, ADD COLUMN later integer").await;
    let settlements = common::finish(held);
    let (settled, claimed) = until_done(async || store.settle_and_claim(&settlements, &Claim::all(ME, 10)).await).await;
    assert_eq!(settled, [Settled::Applied]);
    assert_eq!(claimed.iter().map(Execution::id).collect::<Vec<_>>(), [id(2)]);
}
