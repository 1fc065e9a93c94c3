//! Something is in the way for long: what is given up leaves nothing behind, and who lives can show it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;

use common::proxy::{Proxy, Way};
use common::{DEADLINE, ME, Place, enqueue, finish, id, jobs, until_done};
use jobs_core::{Claim, Decision, Process, Pulse, State, Store};
use jobs_postgres::PostgresStore;
use tokio::time::timeout;
use tokio_postgres::Client;

/// A store whose connections the server shows under the name of its schema.
async fn named(place: &Place, url: &str, more: &str) -> Arc<PostgresStore> {
    let sign = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{sign}application_name={}{more}", place.schema.replace(' ', "-"));
    Arc::new(until_done(async || place.by_url(&url).connect().await).await)
}

/// How many connections of the store are as this says.
async fn shown(client: &Client, place: &Place, condition: &str) -> usize {
    let name = place.schema.replace(' ', "-");
    let sql = format!("SELECT FROM pg_stat_activity WHERE application_name = '{name}' AND {condition}");
    client.query(&sql, &[]).await.unwrap().len()
}

async fn until(client: &Client, place: &Place, count: usize, condition: &str) {
    let look = async {
        while shown(client, place, condition).await != count {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, look).await.unwrap_or_else(|_| panic!("never {count} connections with {condition}"));
}

#[tokio::test]
async fn statements_that_were_given_up_do_not_run_later() {
    let Some(place) = Place::new() else { return };
    let (store, other) = (named(&place, &place.url, "&patience=300ms").await, place.open().await);
    enqueue(&other, 1..4).await;
    let (locker, watch) = (place.stranger().await, place.stranger().await);
    locker.batch_execute(&place.sql("BEGIN; LOCK TABLE {schema}.jobs")).await.unwrap();
    for _ in 0..4 {
        let error = store.claim(&Claim::all(ME, 1)).await.unwrap_err();
        assert!(error.is_transient() && error.to_string().contains("did not answer within"), "{error}");
    }
    // The one that stands by for the next call.
    until(&watch, &place, 1, "wait_event_type = 'Lock'").await;
    locker.batch_execute("ROLLBACK").await.unwrap();
    until(&watch, &place, 0, "wait_event_type = 'Lock'").await;
    for number in 1..4 {
        let record = other.inspect().unwrap().find(id(number)).await.unwrap().unwrap();
        assert_eq!((record.state, record.attempts), (State::Ready, 0), "nobody holds what nobody was given");
    }
    let claimed = until_done(async || store.claim(&Claim::all(ME, 10)).await).await;
    assert_eq!(claimed.iter().map(|it| it.attempt).collect::<Vec<_>>(), [1, 1, 1]);
}

#[tokio::test]
async fn heartbeats_go_through_while_the_jobs_are_locked() {
    let Some(place) = Place::new() else { return };
    let store = named(&place, &place.url, "").await;
    let (locker, watch) = (place.stranger().await, place.stranger().await);
    locker.batch_execute(&place.sql("BEGIN; LOCK TABLE {schema}.jobs")).await.unwrap();
    let stuck = store.clone();
    let claiming = tokio::spawn(async move { stuck.claim(&Claim::all(ME, 1)).await });
    until(&watch, &place, 1, "wait_event_type = 'Lock'").await;
    assert_eq!(store.heartbeat(&Process::new(ME, "worker", "host", 7)).await.unwrap(), Pulse::Alive);
    assert!(!claiming.is_finished(), "the lock is still held");
    locker.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(claiming.await.unwrap().unwrap().len(), 0);
}

#[tokio::test]
async fn a_host_that_vanishes_within_a_transaction_locks_nobody_out_for_longer_than_its_patience() {
    let Some(place) = Place::new() else { return };
    let proxy = Proxy::to(&place.url).await;
    let other = place.open().await;
    let gone = named(&place, &proxy.url, "&patience=300ms").await;
    enqueue(&other, 1..4).await;
    let mut held = other.claim(&Claim::all(ME, 2)).await.unwrap();
    let released = held.pop().unwrap().settle(Decision::Release);
    let settlements = [finish(held), vec![released]].concat();
    // BEGIN and the settlement pass, the claim and the COMMIT do not.
    proxy.pause_after(4);
    let watch = place.stranger().await;
    let claim = Claim::all(ME, 1);
    let open = until(&watch, &place, 1, "state = 'idle in transaction'");
    let (answer, ()) = tokio::join!(gone.settle_and_claim(&settlements, &claim), open);
    assert!(answer.unwrap_err().is_transient());
    drop(gone);
    // The way stays blocked: the server hears nothing of the end.
    until(&watch, &place, 0, "state = 'idle in transaction'").await;
    let settled = other.settle(&settlements).await.unwrap();
    assert_eq!(settled, [jobs_core::Settled::Applied; 2]);
    proxy.set(Way::Open);
}

#[tokio::test]
async fn a_caller_with_one_job_does_not_wait_for_one_with_many_who_is_held_up() {
    let Some(place) = Place::new() else { return };
    let store = named(&place, &place.url, "").await;
    let (other, watch) = (place.stranger().await, place.stranger().await);
    let same =
        "BEGIN; INSERT INTO {schema}.jobs (id, state, due_at, enqueued_at, version, priority, queue, name, arguments)
                VALUES ('{id}', 2, 0, 0, 1, 0, 'default', 'test', '{}')";
    other.batch_execute(&place.sql(&same.replace("{id}", &id(7).to_string()))).await.unwrap();
    let bulk = store.clone();
    let many = tokio::spawn(async move { bulk.enqueue(&jobs(1..1000)).await });
    until(&watch, &place, 1, "wait_event_type = 'Lock'").await;
    timeout(DEADLINE, store.enqueue(&jobs(1000..1001))).await.expect("it waits for nobody").unwrap();
    assert!(!many.is_finished());
    other.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(many.await.unwrap().unwrap().len(), 999);
    assert_eq!(store.inspect().unwrap().counts().await.unwrap().of(State::Ready), 1000);
}
