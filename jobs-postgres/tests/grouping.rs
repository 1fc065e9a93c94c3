//! How many transactions it takes to store what many callers hand in, and what many jobs of one caller cost.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;

use common::{Place, job};
use futures_util::future::join_all;
use jobs_core::Store;

const CALLERS: u64 = 8;
const CALLS: u64 = 25;

/// How many transactions stored what is there.
async fn transactions(place: &Place) -> i64 {
    let words = place.sql("SELECT count(DISTINCT xmin::text) FROM {schema}.jobs");
    place.stranger().await.query_one(&words, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn callers_that_are_answered_together_are_stored_together_again() {
    let Some(place) = Place::new() else { return };
    let store = Arc::new(place.open().await);
    let caller = |number: u64| {
        let store = store.clone();
        tokio::spawn(async move {
            for call in 0..CALLS {
                store.enqueue(&[job(number * CALLS + call + 1)]).await.unwrap();
            }
        })
    };
    for ended in join_all((0..CALLERS).map(caller)).await {
        ended.unwrap();
    }
    let (transactions, calls) = (transactions(&place).await, i64::try_from(CALLS).unwrap());
    assert!(transactions < calls * 3 / 2, "{transactions} transactions for {calls} calls of each of {CALLERS} callers");
}
