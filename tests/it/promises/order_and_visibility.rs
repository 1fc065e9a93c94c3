//! The sections *Order* and *Visibility*, and requests to cancel.

use std::io;
use std::time::Duration;

use jobs::prelude::*;
use jobs::time::{Clock, SystemClock};
use jobs::{Event, State, Worker};

use crate::fixture::id;
use crate::promises::{Done, Site};

#[job]
async fn line_up(text: String, done: &Done) {
    done.note(text);
}

#[tokio::test]
async fn on_each_store_jobs_begin_by_priority_and_then_in_the_order_of_their_enqueue() {
    for site in Site::all().await {
        let client = site.client(jobs::jobs![LineUp]).await;
        let bulk = (0..20).map(|number| LineUp::perform_later(format!("bulk {number}")).priority(-1));
        client.perform_all_later(bulk).await.unwrap();
        for number in 0..5 {
            LineUp::perform_later(format!("low {number}")).priority(-5).on(&client).await.unwrap();
            LineUp::perform_later(format!("high {number}")).priority(5).on(&client).await.unwrap();
            LineUp::perform_later(format!("plain {number}")).on(&client).await.unwrap();
        }
        let last = id(LineUp::perform_later("last").priority(i32::MIN).on(&client).await.unwrap());
        let running = site.start(jobs::jobs![LineUp]).await;
        site.reaches(last, State::Finished).await;
        let of = |kind: &'static str, count: usize| (0..count).map(move |number| format!("{kind} {number}"));
        let expected = of("high", 5).chain(of("plain", 5)).chain(of("bulk", 20)).chain(of("low", 5));
        let expected: Vec<_> = expected.chain(["last".to_owned()]).collect();
        assert_eq!(site.done.all(), expected, "{}", site.name);
        running.stop().await;
    }
}

#[tokio::test]
async fn on_each_store_the_queues_of_a_worker_are_served_in_their_order() {
    for site in Site::all().await {
        let client = site.client(jobs::jobs![LineUp]).await;
        let mut all = Vec::new();
        for number in 0..5 {
            for queue in ["slow", "fast", "middle_1"] {
                let job = LineUp::perform_later(format!("{queue} {number}")).queue(queue);
                // A higher priority in a later queue does not come first.
                let job = if queue == "slow" { job.priority(100) } else { job };
                all.push(id(job.on(&client).await.unwrap()));
            }
        }
        let builder = site.builder_for(Worker::new(["fast", "middle*", "*"]).concurrency(1), jobs::jobs![LineUp]);
        let running = builder.build().await.unwrap().start().await.unwrap();
        for job in all {
            site.reaches(job, State::Finished).await;
        }
        let of = |queue: &'static str| (0..5).map(move |number| format!("{queue} {number}"));
        let expected: Vec<_> = of("fast").chain(of("middle_1")).chain(of("slow")).collect();
        assert_eq!(site.done.all(), expected, "{}", site.name);
        running.stop().await;
    }
}

#[job]
async fn compare_the_time(ctx: &Context, done: &Done) {
    let is_due = SystemClock.now() >= ctx.due_at();
    done.note(is_due.to_string());
}

#[tokio::test]
async fn on_each_store_a_scheduled_job_does_not_begin_before_its_time() {
    for site in Site::all().await {
        let running = site.start(jobs::jobs![CompareTheTime]).await;
        let mut all = Vec::new();
        for number in 0..20 {
            let job = CompareTheTime::perform_later();
            let wait = Duration::from_millis(number * 7);
            let job = if number % 2 == 0 { job.wait(wait) } else { job.wait_until(SystemClock.now() + wait) };
            all.push(id(job.on(&running.client()).await.unwrap()));
        }
        for job in &all {
            site.reaches(*job, State::Finished).await;
        }
        assert_eq!(site.done.all(), vec!["true"; all.len()], "{}", site.name);
        running.stop().await;
    }
}

#[job(retry_on(any, wait = 0s, attempts = 2))]
async fn run_until_cancelled(done: &Done, ctx: &Context) -> Result<(), io::Error> {
    ctx.cancelled().await;
    done.note(ctx.attempt().to_string());
    Err(io::Error::other("cancelled"))
}

#[tokio::test]
async fn on_each_store_a_job_that_is_cancelled_elsewhere_learns_of_it_and_is_not_retried() {
    for site in Site::all().await {
        let builder = site.builder(jobs::jobs![RunUntilCancelled]);
        let builder = builder.heartbeat_interval(Duration::from_millis(20)).dead_after(Duration::from_secs(30));
        let running = builder.build().await.unwrap().start().await.unwrap();
        let elsewhere = site.client(jobs::jobs![RunUntilCancelled]).await;
        let job = id(RunUntilCancelled::perform_later().on(&elsewhere).await.unwrap());
        site.saw(job, |event| matches!(event, Event::PerformStarted(_))).await;
        elsewhere.cancel(job).await.unwrap();
        let record = site.reaches(job, State::Discarded).await;
        assert_eq!((record.attempts, site.done.all()), (1, vec!["1".to_owned()]), "{}", site.name);
        running.stop().await;
    }
}

#[job]
async fn fail_for_good() -> Result<(), io::Error> {
    Err(io::Error::other("for good"))
}

#[tokio::test]
async fn on_each_store_failed_jobs_stay_until_a_person_acts() {
    for site in Site::all().await {
        let running = site.start(jobs::jobs![FailForGood]).await;
        let client = running.client();
        let failed = id(FailForGood::perform_later().on(&client).await.unwrap());
        site.reaches(failed, State::Failed).await;
        client.manage().unwrap().prune(Duration::ZERO, 100).await.unwrap();
        assert_eq!(site.record(failed).await.state, State::Failed, "{}", site.name);
        assert_eq!(client.manage().unwrap().discard(&[failed]).await.unwrap(), 1, "{}", site.name);
        client.manage().unwrap().prune(Duration::ZERO, 100).await.unwrap();
        assert_eq!(site.store.inspect().unwrap().find(failed).await.unwrap(), None, "{}", site.name);
        running.stop().await;
    }
}
