//! Names of queues, chosen and mapped, and priorities.

use std::io;
use std::time::Duration;

use jobs::prelude::*;
use jobs::runtime::QueueNaming;
use jobs::{AnyJob, State, Worker};

use crate::fixture::{CallLog, Fixture, id};

#[job(queue = by_customer, priority = by_amount, retry_on(io::Error, wait = 1s, queue = "slow"))]
async fn bill(customer: String, _amount: i32, ctx: &Context, calls: &CallLog) -> Result<(), io::Error> {
    calls.add(format!("{} {}", ctx.queue(), ctx.priority()));
    if customer == "broke" && ctx.attempt() == 1 { Err(io::Error::other("no money")) } else { Ok(()) }
}

fn by_customer(job: &Bill) -> String {
    if job.customer == "premium" { "high".to_owned() } else { "low".to_owned() }
}

fn by_amount(job: &Bill) -> i32 {
    job.amount / 100
}

async fn jobs_of(fixture: &Fixture, naming: QueueNaming) -> Client {
    fixture.builder_logging(&CallLog::default(), jobs::jobs![Bill]).naming(naming).build().await.unwrap().client()
}

#[job]
async fn note() {}

#[job(priority = 0)]
async fn stay_at_zero() {}

#[tokio::test]
async fn a_job_without_a_priority_has_that_of_the_runtime_and_any_other_its_own() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Bill, Note, StayAtZero]).default_priority(7);
    let client = builder.build().await.unwrap().client();
    let mut stored = vec![
        Note::perform_later().on(&client).await.unwrap(),
        StayAtZero::perform_later().on(&client).await.unwrap(),
        Bill::perform_later("ada", 0).on(&client).await.unwrap(),
        Note::perform_later().priority(-3).on(&client).await.unwrap(),
    ];
    stored.extend(client.perform_all_later([AnyJob::from(Note::new()), StayAtZero::new().into()]).await.unwrap());
    let task = jobs::recurring::RecurringTask::new("nightly", "note", "0 2 * * *");
    stored.push(client.run_recurring(&task).await.unwrap());
    let mut priorities = Vec::new();
    for one in stored {
        priorities.push(fixture.record(id(one)).await.priority);
    }
    assert_eq!(priorities, [7, 0, 0, -3, 7, 0, 7]);
}

#[tokio::test]
async fn functions_choose_queue_and_priority_unless_the_call_does() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, QueueNaming::new()).await;
    for (customer, amount, queue, priority) in [("premium", 900, "high", 9), ("ada", 100, "low", 1)] {
        let record = fixture.record(id(Bill::perform_later(customer, amount).on(&jobs).await.unwrap())).await;
        assert_eq!((record.queue.as_str(), record.priority), (queue, priority));
    }
    let said = Bill::perform_later("premium", 900).queue("other").priority(0).on(&jobs).await.unwrap();
    let record = fixture.record(id(said)).await;
    assert_eq!((record.queue.as_str(), record.priority), ("other", 0));
}

#[tokio::test]
async fn functions_choose_also_for_each_job_of_a_bulk() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, QueueNaming::new()).await;
    let bulk = [Bill::new("premium", 500), Bill::new("ada", 200)].map(AnyJob::new);
    let answers = jobs.perform_all_later(bulk).await.unwrap();
    let [first, second] = [fixture.record(id(answers[0])).await, fixture.record(id(answers[1])).await];
    assert_eq!((first.queue.as_str(), first.priority), ("high", 5));
    assert_eq!((second.queue.as_str(), second.priority), ("low", 2));
}

#[tokio::test]
async fn prefix_delimiter_and_map_hold_for_jobs_options_and_rules() {
    let fixture = Fixture::new();
    let naming = QueueNaming::new().prefix("shop").delimiter(".").map("low", "lower").map("slow", "slower");
    let builder = fixture.builder_logging(&CallLog::default(), jobs::jobs![Bill]).naming(naming);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let jobs = running.client();
    let of_job = id(Bill::perform_later("ada", 1).on(&jobs).await.unwrap());
    assert_eq!(fixture.record(of_job).await.queue, "shop.lower");
    let of_call = id(Bill::perform_later("ada", 1).queue("slow").on(&jobs).await.unwrap());
    assert_eq!(fixture.record(of_call).await.queue, "shop.slower");
    let of_rule = id(Bill::perform_later("broke", 1).on(&jobs).await.unwrap());
    assert_eq!(fixture.reaches(of_rule, State::Scheduled).await.queue, "shop.slower");
}

#[job]
async fn tidy_up() -> Result<(), io::Error> {
    Ok(())
}

#[tokio::test]
async fn the_default_queue_can_be_renamed_by_a_mapping() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![TidyUp]).naming(QueueNaming::new().map("default", "house"));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(TidyUp::perform_later().on(&running.client()).await.unwrap());
    assert_eq!(fixture.reaches(id, State::Finished).await.queue, "house");
}

#[tokio::test]
async fn a_blank_prefix_is_none() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, QueueNaming::new().prefix("  ")).await;
    assert_eq!(fixture.record(id(Bill::perform_later("ada", 1).on(&jobs).await.unwrap())).await.queue, "low");
}

#[tokio::test]
async fn selectors_of_workers_are_named_as_the_queues_are() {
    let fixture = Fixture::new();
    let naming = QueueNaming::new().prefix("shop").map("low", "lower");
    let builder = fixture.builder_logging(&CallLog::default(), jobs::jobs![Bill]).naming(naming);
    let workers = builder.worker(Worker::new(["low"])).worker(Worker::new(["hi*"]));
    let running = workers.build().await.unwrap().start().await.unwrap();
    let jobs = running.client();
    for (customer, queue) in [("ada", "shop_lower"), ("premium", "shop_high")] {
        let id = id(Bill::perform_later(customer, 1).on(&jobs).await.unwrap());
        assert_eq!(fixture.reaches(id, State::Finished).await.queue, queue);
    }
    // The same names without the prefix belong to another program.
    let foreign = fixture.store_raw("bill", r#"["ada",1]"#, |new| new.queue = "lower".to_owned()).await;
    let own = id(Bill::perform_later("ada", 1).on(&jobs).await.unwrap());
    fixture.reaches(own, State::Finished).await;
    assert_eq!(fixture.record(foreign).await.state, State::Ready);
}

#[tokio::test]
async fn two_programs_with_different_prefixes_share_a_store() {
    let fixture = Fixture::new();
    let mut kept = Vec::new();
    for prefix in ["north", "south"] {
        let calls = CallLog::default();
        let builder = fixture.builder_logging(&calls, jobs::jobs![Bill]).naming(QueueNaming::new().prefix(prefix));
        let running = builder.worker(Worker::new(["low"])).build().await.unwrap().start().await.unwrap();
        kept.push((running, calls, prefix));
    }
    for (running, calls, prefix) in &kept {
        let id = id(Bill::perform_later("ada", 1).on(&running.client()).await.unwrap());
        fixture.reaches(id, State::Finished).await;
        assert_eq!(calls.all(), [format!("{prefix}_low 0")]);
    }
}

#[tokio::test]
async fn the_running_job_sees_queue_and_priority_of_the_call() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![Bill]).build().await.unwrap().start().await.unwrap();
    let id = id(Bill::perform_later("ada", 1).queue("other").priority(4).on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    assert_eq!(calls.all(), ["other 4"]);
}

#[tokio::test]
async fn a_job_performed_now_sees_the_queue_and_priority_it_would_be_stored_with() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Bill]).naming(QueueNaming::new().prefix("shop"));
    let jobs = builder.build().await.unwrap().client();
    Bill::perform_now("premium", 700).on(&jobs).await.unwrap();
    assert_eq!(calls.all(), ["shop_high 7"]);
}

#[tokio::test]
async fn a_retry_stored_by_perform_now_goes_to_the_queue_of_its_rule() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, QueueNaming::new().prefix("shop")).await;
    let error = Bill::perform_now("broke", 300).on(&jobs).await.unwrap_err();
    assert_eq!(error.to_string(), "no money");
    let stored = fixture.inspect().list(&jobs::store::Filter::default()).await.unwrap();
    assert_eq!((stored[0].queue.as_str(), stored[0].priority, stored[0].state), ("shop_slow", 3, State::Scheduled));
    let wait = stored[0].due_at.duration_since(stored[0].enqueued_at);
    assert!((Duration::from_secs(1)..=Duration::from_millis(1150)).contains(&wait), "{wait:?}");
}
