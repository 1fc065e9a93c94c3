//! A real pgbouncer in transaction mode: the whole contract, and cases that only a pooler brings.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;

use common::pooler::Pooler;
use common::{ME, TestDb, enqueue, finish, id, until_done};
use jobs_core::{Claim, Clock, Decision, Execution, HeartbeatReply, Process, Recovery, Settled, Store};
use jobs_postgres::{PostgresOptions, PostgresStore};
use jobs_testing::contract::StoreUnderTest;
use jobs_testing::skip;

const NO_POOLER: &str =
    "JOBS_TEST_PGBOUNCER names no pgbouncer; `bin/pgbouncer start \"$JOBS_TEST_POSTGRES\"` starts one";

async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
    let pooler = std::env::var("JOBS_TEST_PGBOUNCER").ok().filter(|url| !url.is_empty());
    let (Some(db), Some(pooler)) = (TestDb::found(), pooler) else { return StoreUnderTest::skipped(NO_POOLER) };
    let options = PostgresOptions::from_url(&pooler).unwrap().schema(&db.schema).clock(clock);
    let store: Arc<dyn Store> = Arc::new(options.clone().connect().await.expect("a new schema is made"));
    let reopen = move || {
        let options = options.clone();
        async move { Arc::new(options.connect().await.expect("the schema is opened again")) as Arc<dyn Store> }
    };
    StoreUnderTest::new(store).reopen(reopen).hears_only_itself().keeping(db)
}

jobs_testing::store_contract!(open);

/// A schema, and a pooler in front of its server.
async fn pooled(settings: &[&str]) -> Option<(TestDb, Pooler)> {
    let db = TestDb::new()?;
    match Pooler::start(&db.url, settings).await {
        Ok(pooler) => Some((db, pooler)),
        Err(why) => {
            skip(&format!("no pgbouncer with {settings:?}: {}", why.lines().last().unwrap_or_default()));
            None
        }
    }
}

/// Makes each call many times, so that each connection of the pooler runs statements of all the store's connections.
async fn everything_goes_through(db: &TestDb, store: &Arc<PostgresStore>) {
    let mut calls = Vec::new();
    for part in 0..8 {
        let store = store.clone();
        calls.push(tokio::spawn(async move { whole_way(&store, part).await }));
    }
    for call in calls {
        call.await.unwrap();
    }
    let listeners = "SELECT FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND query LIKE '%' || $1 || '%'";
    let mut listener = store.notifier().unwrap().listen();
    enqueue(&**store, 9000..9001).await;
    listener.recv().await;
    let heard = db.stranger().await.query(listeners, &[&db.schema]).await.unwrap();
    assert!(heard.is_empty(), "no connection listens where no notification can arrive");
}

async fn whole_way(store: &PostgresStore, part: u64) {
    for round in 0..10 {
        let numbers = 1000 * part + 10 * round..1000 * part + 10 * round + 10;
        let _stored = store.enqueue(&common::jobs(numbers)).await.unwrap();
        let mut held = store.claim(&Claim::all(ME, 5)).await.unwrap();
        let last = held.pop().map(|it| it.settle(Decision::Release));
        let settlements: Vec<_> = finish(held).into_iter().chain(last).collect();
        let (settled, next) = store.settle_and_claim(&settlements, &Claim::all(ME, 5)).await.unwrap();
        assert!(settled.iter().all(|settled| *settled == Settled::Applied));
        let (settled, _) = store.settle_and_claim(&finish(next), &Claim::all(ME, 0)).await.unwrap();
        assert!(settled.iter().all(|settled| *settled == Settled::Applied));
        let _dispatched = store.dispatch(10).await.unwrap();
        assert_eq!(store.heartbeat(&Process::new(ME, "worker", "host", 7)).await.unwrap(), HeartbeatReply::Alive);
        let recovery = Recovery::new(std::time::Duration::from_secs(60), 3);
        let _recovered = store.recover(&recovery).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_that_refuses_session_settings_is_detected() {
    let Some((db, pooler)) = pooled(&[]).await else { return };
    let store = Arc::new(db.by_url(&pooler.url).connect().await.unwrap());
    everything_goes_through(&db, &store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_that_drops_session_settings_is_detected() {
    let Some((db, pooler)) = pooled(&["ignore_startup_parameters = options"]).await else { return };
    let store = Arc::new(db.by_url(&pooler.url).connect().await.unwrap());
    everything_goes_through(&db, &store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_that_keeps_prepared_statements_works_too() {
    let settings = ["ignore_startup_parameters = options", "max_prepared_statements = 100"];
    let Some((db, pooler)) = pooled(&settings).await else { return };
    let store = Arc::new(db.by_url(&pooler.url).connect().await.unwrap());
    everything_goes_through(&db, &store).await;
}

#[tokio::test]
async fn a_pooler_that_is_restarted_costs_a_call_and_no_job() {
    let Some((db, pooler)) = pooled(&[]).await else { return };
    let store = db.by_url(&pooler.url).connect().await.unwrap();
    enqueue(&store, 1..4).await;
    let held = finish(store.claim(&Claim::all(ME, 2)).await.unwrap());
    pooler.restart().await;
    let (settled, next) = until_done(async || store.settle_and_claim(&held, &Claim::all(ME, 2)).await).await;
    assert_eq!(settled, [Settled::Applied; 2]);
    assert_eq!(next.iter().map(Execution::id).collect::<Vec<_>>(), [id(3)]);
    until_done(async || store.enqueue(&common::jobs(4..5)).await).await;
}

#[tokio::test]
async fn options_that_a_pooler_does_not_take_are_an_error_that_says_where_to_set_them() {
    let Some((db, pooler)) = pooled(&[]).await else { return };
    let url = format!("{}?options=-c%20jit%3Doff", pooler.url);
    let error = db.by_url(&url).connect().await.unwrap_err();
    assert!(!error.is_transient() && error.to_string().contains("ALTER ROLE"), "{error}");
}
