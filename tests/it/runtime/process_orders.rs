//! A process follows what a person asks of it through the store.

use std::time::Duration;

use jobs::prelude::*;
use jobs::store::{ProcessOrder, ProcessStatus};

use crate::fixture::Fixture;

#[job]
async fn rest() {}

#[tokio::test]
async fn a_process_is_quiet_and_then_stops_if_a_person_asks_for_it() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Rest]).heartbeat_interval(Duration::from_millis(20));
    let runtime = builder.build().await.unwrap();
    let (client, inspect) = (runtime.client(), fixture.inspect());
    let ended = tokio::spawn(runtime.run());
    let id = Rest::perform_later().on(&client).await.unwrap().id().unwrap();
    fixture.reaches(id, jobs::State::Finished).await;
    let process = inspect.processes().await.unwrap()[0].process.id;
    let orders = fixture.store.process_orders().unwrap();
    assert!(orders.order(process, ProcessOrder::Quiet).await.unwrap());
    assert_eq!(inspect.processes().await.unwrap()[0].process.phase, ProcessStatus::Quiet);
    assert!(orders.order(process, ProcessOrder::Stop).await.unwrap());
    ended.await.unwrap().unwrap();
    assert!(inspect.processes().await.unwrap().is_empty(), "it has said goodbye to the store");
}

#[tokio::test]
async fn a_process_tells_its_slots_its_queues_and_the_version_of_its_program() {
    let fixture = Fixture::new();
    let workers = [Worker::new(["mail", "reports*"]).concurrency(3), Worker::new(["mail"]).concurrency(2)];
    let builder = fixture.builder(jobs::jobs![Rest]).version("1.2.3");
    let builder = workers.into_iter().fold(builder, jobs::RuntimeBuilder::worker);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let known = fixture.inspect().processes().await.unwrap();
    let details = &known[0].process.details;
    assert_eq!((details.slots, details.version.as_deref()), (5, Some("1.2.3")));
    assert_eq!(details.queues, ["mail", "reports*"]);
    running.stop().await;
}
