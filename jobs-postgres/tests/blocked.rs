//! Calls that are blocked for long: abandoned calls have no later effect, and heartbeats still succeed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;

use common::proxy::{Proxy, Way};
use common::{DEADLINE, ME, TestDb, enqueue, finish, id, jobs, until_done};
use jobs_core::{Claim, Decision, HeartbeatReply, Process, State, Store};
use jobs_postgres::PostgresStore;
use tokio::time::timeout;
use tokio_postgres::Client;

/// A store whose connections the server shows under the name of its schema.
async fn named(db: &TestDb, url: &str, more: &str) -> Arc<PostgresStore> {
    let separator = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{separator}application_name={}{more}", db.schema.replace(' ', "-"));
    Arc::new(until_done(async || db.by_url(&url).connect().await).await)
}

/// How many connections of the store match this condition.
async fn shown(client: &Client, db: &TestDb, condition: &str) -> usize {
    let name = db.schema.replace(' ', "-");
    let sql = format!("SELECT FROM pg_stat_activity WHERE application_name = '{name}' AND {condition}");
    client.query(&sql, &[]).await.unwrap().len()
}

async fn until(client: &Client, db: &TestDb, count: usize, condition: &str) {
    let look = async {
        while shown(client, db, condition).await != count {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, look).await.unwrap_or_else(|_| panic!("never {count} connections with {condition}"));
}

#[tokio::test]
async fn statements_of_abandoned_calls_do_not_run_later() {
    let Some(db) = TestDb::new() else { return };
    let (store, other) = (named(&db, &db.url, "&call_timeout=300ms").await, db.open().await);
    enqueue(&other, 1..4).await;
    let (locker, watch) = (db.stranger().await, db.stranger().await);
    locker.batch_execute(&db.sql("BEGIN; LOCK TABLE {schema}.jobs")).await.unwrap();
    for _ in 0..4 {
        let error = store.claim(&Claim::all(ME, 1)).await.unwrap_err();
        assert!(error.is_transient() && error.to_string().contains("did not answer within"), "{error}");
    }
    // The connection that replaced the abandoned one.
    until(&watch, &db, 1, "wait_event_type = 'Lock'").await;
    locker.batch_execute("ROLLBACK").await.unwrap();
    until(&watch, &db, 0, "wait_event_type = 'Lock'").await;
    for number in 1..4 {
        let record = other.inspect().unwrap().find(id(number)).await.unwrap().unwrap();
        assert_eq!(
            (record.state, record.attempts),
            (State::Ready, 0),
            "no process holds a job that it did not receive"
        );
    }
    let claimed = until_done(async || store.claim(&Claim::all(ME, 10)).await).await;
    assert_eq!(claimed.iter().map(|it| it.attempt).collect::<Vec<_>>(), [1, 1, 1]);
}

#[tokio::test]
async fn heartbeats_succeed_while_the_jobs_are_locked() {
    let Some(db) = TestDb::new() else { return };
    let store = named(&db, &db.url, "").await;
    let (locker, watch) = (db.stranger().await, db.stranger().await);
    locker.batch_execute(&db.sql("BEGIN; LOCK TABLE {schema}.jobs")).await.unwrap();
    let stuck = store.clone();
    let claiming = tokio::spawn(async move { stuck.claim(&Claim::all(ME, 1)).await });
    until(&watch, &db, 1, "wait_event_type = 'Lock'").await;
    assert_eq!(store.heartbeat(&Process::new(ME, "worker", "host", 7)).await.unwrap(), HeartbeatReply::Alive);
    assert!(!claiming.is_finished(), "the lock is still held");
    locker.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(claiming.await.unwrap().unwrap().len(), 0);
}

#[tokio::test]
async fn a_client_that_vanishes_in_a_transaction_keeps_its_locks_only_until_the_timeout() {
    let Some(db) = TestDb::new() else { return };
    let proxy = Proxy::to(&db.url).await;
    let other = db.open().await;
    let gone = named(&db, &proxy.url, "&call_timeout=300ms").await;
    enqueue(&other, 1..4).await;
    let mut held = other.claim(&Claim::all(ME, 2)).await.unwrap();
    let released = held.pop().unwrap().settle(Decision::Release);
    let settlements = [finish(held), vec![released]].concat();
    // BEGIN and the settlement pass, the claim and the COMMIT do not.
    proxy.pause_after(4);
    let watch = db.stranger().await;
    let claim = Claim::all(ME, 1);
    let open = until(&watch, &db, 1, "state = 'idle in transaction'");
    let (answer, ()) = tokio::join!(gone.settle_and_claim(&settlements, &claim), open);
    assert!(answer.unwrap_err().is_transient());
    drop(gone);
    // The proxy stays blocked, so the server does not notice that the client is gone.
    until(&watch, &db, 0, "state = 'idle in transaction'").await;
    let settled = other.settle(&settlements).await.unwrap();
    assert_eq!(settled, [jobs_core::Settled::Applied; 2]);
    proxy.set(Way::Open);
}

#[tokio::test]
async fn a_caller_with_one_job_does_not_wait_for_a_blocked_bulk_enqueue() {
    let Some(db) = TestDb::new() else { return };
    let store = named(&db, &db.url, "").await;
    let (other, watch) = (db.stranger().await, db.stranger().await);
    let same =
        "BEGIN; INSERT INTO {schema}.jobs (id, state, due_at, enqueued_at, version, priority, queue, name, arguments)
                VALUES ('{id}', 2, 0, 0, 1, 0, 'default', 'test', '{}')";
    other.batch_execute(&db.sql(&same.replace("{id}", &id(7).to_string()))).await.unwrap();
    let bulk = store.clone();
    let many = tokio::spawn(async move { bulk.enqueue(&jobs(1..1000)).await });
    until(&watch, &db, 1, "wait_event_type = 'Lock'").await;
    timeout(DEADLINE, store.enqueue(&jobs(1000..1001))).await.expect("it waits for no other caller").unwrap();
    assert!(!many.is_finished());
    other.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(many.await.unwrap().unwrap().len(), 999);
    assert_eq!(store.inspect().unwrap().counts().await.unwrap().of(State::Ready), 1000);
}
