//! A pooler between workers and server is restarted.

use jobs_testing::skip;

use crate::common::pooler::Pooler;
use crate::common::{TestDb, until_done};
use crate::site::{Ledger, Running, Work, finished, is_accounted_for, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_continue_after_their_pooler_was_restarted_under_load() {
    let Some(db) = TestDb::new() else { return };
    let pooler = match Pooler::start(&db.url, &[]).await {
        Ok(pooler) => pooler,
        Err(why) => return skip(&format!("no pgbouncer: {why}")),
    };
    let ledger = Ledger::default();
    let runtimes = [Running::start(&db, &pooler.url, &ledger).await, Running::start(&db, &pooler.url, &ledger).await];
    runtimes[0].enqueue(0..1000).await;
    let store = open(&db, &db.url).await;
    for round in 1..=3 {
        finished(&store, 100 * round).await;
        pooler.restart().await;
    }
    until_done(async || Work::perform_later(1000).on(&runtimes[0].handle.client()).await).await;
    is_accounted_for(&store, &ledger, 1001).await;
    for running in runtimes {
        running.says(1, "").await;
        running.handle.stop().await;
    }
}
