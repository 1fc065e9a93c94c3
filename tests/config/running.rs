//! The settings of the file apply to running jobs.

use std::io;

use jobs::prelude::*;
use jobs::store::Filter;
use jobs::{Config, State};

#[job(queue = "critical")]
async fn bill(_order: u64) -> Result<(), io::Error> {
    Ok(())
}

#[job(queue = "mail_news")]
async fn greet(_name: String) -> Result<(), io::Error> {
    Ok(())
}

#[job]
async fn count() -> Result<(), io::Error> {
    Ok(())
}

const FILE: &str = r#"
default: &default
  prefix: shop
  queues: { critical: critical_queue }
  workers:
    - { queues: [critical, "mail*"], threads: 2 }
    - { queues: { default: 3, low: 1 }, threads: 1 }
test: { <<: *default, store: "memory:" }
"#;

async fn started(text: &str) -> jobs::RuntimeHandle {
    let config = Config::parse(text, "test", |_| None).unwrap();
    let builder = config.builder().register(jobs::jobs![Bill, Greet, Count]).signals(false);
    builder.build().await.unwrap().start().await.unwrap()
}

async fn records(jobs: &Client) -> Vec<(String, State)> {
    let stored = jobs.store().inspect().unwrap().list(&Filter::default()).await.unwrap();
    let mut records: Vec<_> = stored.into_iter().map(|record| (record.queue, record.state)).collect();
    records.sort_by(|one, other| one.0.cmp(&other.0));
    records
}

#[tokio::test]
async fn jobs_run_on_mapped_and_prefixed_queues_by_strict_and_by_weighted_workers() {
    let running = started(FILE).await;
    let jobs = running.client();
    let _stored = Bill::perform_later(1).on(&jobs).await.unwrap();
    let _stored = Greet::perform_later("Ada").on(&jobs).await.unwrap();
    let _stored = Count::perform_later().on(&jobs).await.unwrap();
    running.drained().await.unwrap();
    let queues = ["shop_critical_queue", "shop_default", "shop_mail_news"];
    assert_eq!(records(&jobs).await, queues.map(|queue| (queue.to_owned(), State::Finished)));
    running.stop().await;
}

#[tokio::test]
async fn a_queue_that_no_worker_of_the_file_serves_waits() {
    let running = started("test:\n  store: \"memory:\"\n  workers: [{ queues: low }]\n").await;
    let jobs = running.client();
    let _stored = Count::perform_later().on(&jobs).await.unwrap();
    let _stored = Count::perform_later().queue("low").on(&jobs).await.unwrap();
    let watched = jobs.clone();
    until(async || records(&watched).await[1].1 == State::Finished).await;
    let expected = [("default".to_owned(), State::Ready), ("low".to_owned(), State::Finished)];
    assert_eq!(records(&jobs).await, expected);
    running.stop().await;
}

async fn until(is_so: impl AsyncFn() -> bool) {
    while !is_so().await {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_file_without_a_store_leaves_it_to_the_program() {
    let config = Config::parse("test:", "test", |_| None).unwrap();
    assert_eq!(config.store, None);
    let jobs = config.builder().connect("memory:").register(jobs::jobs![Count]).build().await.unwrap().client();
    let _stored = Count::perform_later().on(&jobs).await.unwrap();
}
