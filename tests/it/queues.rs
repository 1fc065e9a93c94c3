//! Names of queues, chosen and mapped, and priorities.

use std::io;
use std::time::Duration;

use jobs::prelude::*;
use jobs::{AnyJob, Naming, State, Worker};

use crate::setup::{Notes, World, id};

#[job(queue = by_customer, priority = by_amount, retry_on(io::Error, wait = 1s, queue = "slow"))]
async fn bill(customer: String, _amount: i32, ctx: &Context, notes: &Notes) -> Result<(), io::Error> {
    notes.add(format!("{} {}", ctx.queue(), ctx.priority()));
    if customer == "broke" && ctx.attempt() == 1 { Err(io::Error::other("no money")) } else { Ok(()) }
}

fn by_customer(job: &Bill) -> String {
    if job.customer == "premium" { "high".to_owned() } else { "low".to_owned() }
}

fn by_amount(job: &Bill) -> i32 {
    job.amount / 100
}

async fn jobs_of(world: &World, naming: Naming) -> Jobs {
    world.noting(&Notes::default(), jobs::jobs![Bill]).naming(naming).build().await.unwrap().jobs()
}

#[tokio::test]
async fn functions_choose_queue_and_priority_by_the_arguments_and_the_call_has_the_last_word() {
    let world = World::new();
    let jobs = jobs_of(&world, Naming::new()).await;
    for (customer, amount, queue, priority) in [("premium", 900, "high", 9), ("ada", 100, "low", 1)] {
        let record = world.record(id(Bill::perform_later(customer, amount).on(&jobs).await.unwrap())).await;
        assert_eq!((record.queue.as_str(), record.priority), (queue, priority));
    }
    let said = Bill::perform_later("premium", 900).queue("other").priority(0).on(&jobs).await.unwrap();
    let record = world.record(id(said)).await;
    assert_eq!((record.queue.as_str(), record.priority), ("other", 0));
}

#[tokio::test]
async fn functions_choose_also_for_each_job_of_a_bulk() {
    let world = World::new();
    let jobs = jobs_of(&world, Naming::new()).await;
    let bulk = [Bill::new("premium", 500), Bill::new("ada", 200)].map(AnyJob::new);
    let answers = jobs.perform_all_later(bulk).await.unwrap();
    let [first, second] = [world.record(id(answers[0])).await, world.record(id(answers[1])).await];
    assert_eq!((first.queue.as_str(), first.priority), ("high", 5));
    assert_eq!((second.queue.as_str(), second.priority), ("low", 2));
}

#[tokio::test]
async fn prefix_delimiter_and_map_hold_for_jobs_options_and_rules() {
    let world = World::new();
    let naming = Naming::new().prefix("shop").delimiter(".").map("low", "lower").map("slow", "slower");
    let builder = world.noting(&Notes::default(), jobs::jobs![Bill]).naming(naming);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let jobs = running.jobs();
    let of_job = id(Bill::perform_later("ada", 1).on(&jobs).await.unwrap());
    assert_eq!(world.record(of_job).await.queue, "shop.lower");
    let of_call = id(Bill::perform_later("ada", 1).queue("slow").on(&jobs).await.unwrap());
    assert_eq!(world.record(of_call).await.queue, "shop.slower");
    let of_rule = id(Bill::perform_later("broke", 1).on(&jobs).await.unwrap());
    assert_eq!(world.reaches(of_rule, State::Scheduled).await.queue, "shop.slower");
}

#[job]
async fn tidy_up() -> Result<(), io::Error> {
    Ok(())
}

#[tokio::test]
async fn the_queue_of_all_jobs_that_name_none_may_be_set_by_mapping_its_name() {
    let world = World::new();
    let builder = world.builder(jobs::jobs![TidyUp]).naming(Naming::new().map("default", "house"));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(TidyUp::perform_later().on(&running.jobs()).await.unwrap());
    assert_eq!(world.reaches(id, State::Finished).await.queue, "house");
}

#[tokio::test]
async fn a_blank_prefix_is_none() {
    let world = World::new();
    let jobs = jobs_of(&world, Naming::new().prefix("  ")).await;
    assert_eq!(world.record(id(Bill::perform_later("ada", 1).on(&jobs).await.unwrap())).await.queue, "low");
}

#[tokio::test]
async fn selectors_of_workers_are_named_as_the_queues_are() {
    let world = World::new();
    let naming = Naming::new().prefix("shop").map("low", "lower");
    let builder = world.noting(&Notes::default(), jobs::jobs![Bill]).naming(naming);
    let workers = builder.worker(Worker::new(["low"])).worker(Worker::new(["hi*"]));
    let running = workers.build().await.unwrap().start().await.unwrap();
    let jobs = running.jobs();
    for (customer, queue) in [("ada", "shop_lower"), ("premium", "shop_high")] {
        let id = id(Bill::perform_later(customer, 1).on(&jobs).await.unwrap());
        assert_eq!(world.reaches(id, State::Finished).await.queue, queue);
    }
    // The same names without the prefix are those of somebody else.
    let foreign = world.store_raw("bill", r#"["ada",1]"#, |new| new.queue = "lower".to_owned()).await;
    let own = id(Bill::perform_later("ada", 1).on(&jobs).await.unwrap());
    world.reaches(own, State::Finished).await;
    assert_eq!(world.record(foreign).await.state, State::Ready);
}

#[tokio::test]
async fn two_programs_with_prefixes_of_their_own_share_a_store_in_peace() {
    let world = World::new();
    let mut kept = Vec::new();
    for prefix in ["north", "south"] {
        let notes = Notes::default();
        let builder = world.noting(&notes, jobs::jobs![Bill]).naming(Naming::new().prefix(prefix));
        let running = builder.worker(Worker::new(["low"])).build().await.unwrap().start().await.unwrap();
        kept.push((running, notes, prefix));
    }
    for (running, notes, prefix) in &kept {
        let id = id(Bill::perform_later("ada", 1).on(&running.jobs()).await.unwrap());
        world.reaches(id, State::Finished).await;
        assert_eq!(notes.all(), [format!("{prefix}_low 0")]);
    }
}

#[tokio::test]
async fn the_running_job_sees_queue_and_priority_of_the_call() {
    let (world, notes) = (World::new(), Notes::default());
    let running = world.noting(&notes, jobs::jobs![Bill]).build().await.unwrap().start().await.unwrap();
    let id = id(Bill::perform_later("ada", 1).queue("other").priority(4).on(&running.jobs()).await.unwrap());
    world.reaches(id, State::Finished).await;
    assert_eq!(notes.all(), ["other 4"]);
}

#[tokio::test]
async fn a_job_performed_now_sees_the_queue_and_priority_it_would_be_stored_with() {
    let (world, notes) = (World::new(), Notes::default());
    let builder = world.noting(&notes, jobs::jobs![Bill]).naming(Naming::new().prefix("shop"));
    let jobs = builder.build().await.unwrap().jobs();
    Bill::perform_now("premium", 700).on(&jobs).await.unwrap();
    assert_eq!(notes.all(), ["shop_high 7"]);
}

#[tokio::test]
async fn a_retry_stored_by_perform_now_goes_to_the_queue_of_its_rule() {
    let world = World::new();
    let jobs = jobs_of(&world, Naming::new().prefix("shop")).await;
    let error = Bill::perform_now("broke", 300).on(&jobs).await.unwrap_err();
    assert_eq!(error.to_string(), "no money");
    let stored = world.inspect().list(&jobs::Filter::default()).await.unwrap();
    assert_eq!((stored[0].queue.as_str(), stored[0].priority, stored[0].state), ("shop_slow", 3, State::Scheduled));
    let wait = stored[0].due_at.since(stored[0].enqueued_at);
    assert!((Duration::from_secs(1)..=Duration::from_millis(1150)).contains(&wait), "{wait:?}");
}
