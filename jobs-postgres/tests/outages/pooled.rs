//! A pooler stands between, and is restarted.

use jobs_testing::skip;

use crate::common::pooler::Pooler;
use crate::common::{Place, until_done};
use crate::site::{Ledger, Running, Work, finished, is_accounted_for, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_whose_pooler_is_restarted_under_load_go_on_by_themselves() {
    let Some(place) = Place::new() else { return };
    let pooler = match Pooler::start(&place.url, &[]).await {
        Ok(pooler) => pooler,
        Err(why) => return skip(&format!("no pgbouncer: {why}")),
    };
    let ledger = Ledger::default();
    let runtimes =
        [Running::start(&place, &pooler.url, &ledger).await, Running::start(&place, &pooler.url, &ledger).await];
    runtimes[0].enqueue(0..1000).await;
    let store = open(&place, &place.url).await;
    for round in 1..=3 {
        finished(&store, 100 * round).await;
        pooler.restart().await;
    }
    until_done(async || Work::perform_later(1000).on(&runtimes[0].handle.jobs()).await).await;
    is_accounted_for(&store, &ledger, 1001).await;
    for running in runtimes {
        running.says(1, "").await;
        running.handle.stop().await;
    }
}
