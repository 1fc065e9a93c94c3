//! The errors of `build()`.

use std::time::Duration;

use jobs::Worker;
use jobs::definition::Definition;
use jobs::prelude::*;

use crate::fixture::Fixture;

struct Shop;

#[job]
async fn sell(shop: &Shop) -> Result<(), std::io::Error> {
    let Shop = shop;
    Ok(())
}

#[job(name = "sell_too", aliases("sell_one"))]
async fn sell_two() -> Result<(), std::io::Error> {
    Ok(())
}

#[job(name = "sell_one")]
async fn sell_twice() -> Result<(), std::io::Error> {
    Ok(())
}

async fn refusal(builder: jobs::RuntimeBuilder) -> String {
    builder.build().await.expect_err("this cannot be built").to_string()
}

#[tokio::test]
async fn a_provided_type_that_is_missing_is_named_with_its_job() {
    let words = refusal(Fixture::new().builder(jobs::jobs![Sell])).await;
    assert!(words.contains("`sell`") && words.contains("Shop") && words.contains(".provide("), "{words}");
    let provided = Fixture::new().builder(jobs::jobs![Sell]).provide(Shop).build().await;
    assert!(provided.is_ok());
}

#[tokio::test]
async fn two_jobs_of_one_name_are_refused_with_both_places() {
    let words = refusal(Fixture::new().builder(jobs::jobs![SellTwo, SellTwice])).await;
    assert!(words.contains("`sell_one`") && words.matches("build_errors.rs:").count() == 2, "{words}");
}

#[tokio::test]
async fn an_empty_list_of_jobs_is_refused_with_the_remedy() {
    let words = refusal(Fixture::new().builder([] as [Definition; 0])).await;
    assert!(words.contains("use my_jobs as _;"), "{words}");
}

#[tokio::test]
async fn a_runtime_without_a_store_is_refused() {
    let words = refusal(Runtime::builder().register(jobs::jobs![SellTwo])).await;
    assert!(words.contains(".connect("), "{words}");
}

#[tokio::test]
async fn a_url_of_an_unknown_kind_is_refused_with_the_known_ones() {
    let words = refusal(Runtime::builder().register(jobs::jobs![SellTwo]).connect("carrier-pigeon:coop")).await;
    assert!(words.contains("`carrier-pigeon:`") && words.contains("`memory:`"), "{words}");
}

#[tokio::test]
async fn an_invalid_selector_is_refused() {
    let words = refusal(Fixture::new().builder(jobs::jobs![SellTwo]).worker(Worker::new(["a b"]))).await;
    assert!(words.contains("`a b`"), "{words}");
}

#[tokio::test]
async fn heartbeats_that_would_kill_live_processes_are_refused() {
    let builder = Fixture::new().builder(jobs::jobs![SellTwo]);
    let words = refusal(builder.heartbeat_interval(Duration::from_secs(5)).dead_after(Duration::from_secs(6))).await;
    assert!(words.contains("twice"), "{words}");
}

#[test]
fn a_job_is_a_value_with_a_queue_and_a_priority() {
    assert_eq!((SellTwo::new().queue_name().as_ref(), SellTwo::new().priority()), ("default", 0));
}
