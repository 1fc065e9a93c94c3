//! What tools list is all that there is, whatever happens meanwhile and whatever else is in the keys.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::task::Poll;

use common::TestDb;
use common::jobs::payload;
use jobs_core::{Filter, Inspect, JobId, Manage};
use jobs_testing::plain::enqueue;
use serde_json::json;

#[tokio::test]
async fn a_list_of_scheduled_jobs_has_all_that_stay_while_others_become_due() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let mut commands = redis::pipe();
    for number in 0..2_000_u64 {
        commands.cmd("ZADD").arg("schedule").arg(1_800_000_000 + number).arg(payload(number, json!({}))).ignore();
    }
    let _: () = commands.query_async(&mut db.connection().await).await.unwrap();
    let filter = Filter { limit: 2_000, ..Filter::default() };
    let (mut page, mut left) = (store.page(&filter), 0_u64);
    let page = loop {
        match poll_fn(|context| Poll::Ready(page.as_mut().poll(context))).await {
            Poll::Ready(page) => break page.unwrap(),
            Poll::Pending if left < 1_000 => {
                let _: Vec<String> = db.run(&["ZPOPMIN", "schedule", "100"]).await;
                left += 100;
            }
            Poll::Pending => tokio::task::yield_now().await,
        }
    };
    let listed: BTreeSet<String> = page.jobs.into_iter().map(|job| job.id.to_string()).collect();
    let missing: Vec<u64> = (left..2_000).filter(|number| !listed.contains(&format!("{number:024x}"))).collect();
    assert_eq!(missing, Vec::<u64>::new());
}

#[tokio::test]
async fn a_queue_whose_name_is_no_text_hides_no_job() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _new = enqueue(&store, 0..2).await;
    let mut pipe = redis::pipe();
    pipe.cmd("SADD").arg("queues").arg(b"\xff").ignore();
    pipe.cmd("SADD").arg("paused").arg(b"\xff").ignore();
    pipe.cmd("LPUSH").arg(b"queue:\xff").arg(payload(9, json!({}))).ignore();
    let _: () = pipe.query_async(&mut db.connection().await).await.unwrap();
    let queues: Vec<_> = store.queues().await.unwrap().into_iter().map(|queue| (queue.name, queue.paused)).collect();
    assert_eq!(queues, [("default".to_owned(), false), ("\u{fffd}".to_owned(), true)]);
    assert_eq!(store.counts().await.unwrap().total(), 3);
    assert_eq!(store.stats().await.unwrap().queues.len(), 2);
    let jobs: Vec<JobId> = store.page(&Filter::default()).await.unwrap().jobs.iter().map(|job| job.id).collect();
    assert_eq!(jobs.len(), 3);
    for job in &jobs {
        assert!(store.find(*job).await.unwrap().is_some());
    }
    assert_eq!(store.discard(&jobs).await.unwrap(), 2, "those that can be named");
}
