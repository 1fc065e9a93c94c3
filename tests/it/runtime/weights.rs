//! How a worker shares its starts between queues: weights, strict order before weights, and limits of single queues.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use jobs::definition::Definition;
use jobs::prelude::*;
use jobs::store::Filter;
use jobs::{AnyJob, Event, State};
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::fixture::{CallLog, Fixture, id};
use crate::observe::log_capture::Log;

#[job]
async fn pass(queue: String, millis: u64, calls: &CallLog) -> Result<(), io::Error> {
    calls.add(queue);
    if millis > 0 {
        let _elapsed = timeout(Duration::from_millis(millis), pending::<()>()).await;
    }
    Ok(())
}

#[job]
async fn stand(gate: &Arc<Semaphore>) -> Result<(), io::Error> {
    gate.acquire().await.map_err(io::Error::other)?.forget();
    Ok(())
}

const PASS: [Definition; 1] = [Definition::of::<Pass>()];

fn jobs_of(queue: &str, count: usize, millis: u64) -> impl Iterator<Item = AnyJob> {
    (0..count).map(move |_| AnyJob::from(Pass::perform_later(queue, millis).queue(queue)))
}

/// The queues of the jobs in the order in which they started.
async fn started(fixture: &Fixture, worker: Worker, queues: &[(&str, usize)], millis: u64) -> Vec<String> {
    let calls = CallLog::default();
    let runtime = fixture.builder_logging(&calls, PASS).worker(worker).build().await.unwrap();
    let jobs = queues.iter().flat_map(|(queue, count)| jobs_of(queue, *count, millis));
    let _stored = runtime.client().perform_all_later(jobs).await.unwrap();
    runtime.start().await.unwrap().drained().await.unwrap();
    calls.all()
}

/// Of any 200 jobs in a row the queue has this part, give or take 3 %.
#[track_caller]
fn has_its_part(started: &[String], queue: &str, percent: usize) {
    let parts = started.windows(200).map(|row| row.iter().filter(|one| *one == queue).count());
    let (least, most) = parts.fold((200, 0), |(least, most), part| (least.min(part), most.max(part)));
    let expected = 2 * percent;
    assert!(least + 6 >= expected && most <= expected + 6, "{least} to {most} of 200 of {queue} instead of {expected}");
}

#[tokio::test]
async fn of_any_200_empty_jobs_in_a_row_each_queue_has_its_weight() {
    let folder = TempDir::new().unwrap();
    for (fixture, slots) in
        [(Fixture::new(), 1), (Fixture::new(), 10), (Fixture::on_file(&folder.path().join("jobs.db")), 10)]
    {
        let worker = Worker::weighted([("a", 9), ("b", 1)]).concurrency(slots);
        let started = started(&fixture, worker, &[("a", 3600), ("b", 1200)], 0).await;
        assert_eq!(started.len(), 4800);
        has_its_part(&started[..3800], "b", 10);
    }
}

#[tokio::test(start_paused = true)]
async fn of_any_200_jobs_of_10_ms_in_a_row_each_queue_has_its_weight() {
    for slots in [1, 10, 50] {
        let worker = Worker::weighted([("a", 6), ("b", 3), ("*", 1)]).concurrency(slots);
        let started = started(&Fixture::new(), worker, &[("other", 800), ("b", 800), ("a", 800)], 10).await;
        for (queue, part) in [("a", 60), ("b", 30), ("other", 10)] {
            has_its_part(&started[..1300], queue, part);
        }
    }
}

#[tokio::test]
async fn the_share_of_an_empty_queue_goes_to_the_others() {
    let worker = Worker::weighted([("a", 2), ("none", 5), ("b", 2)]);
    let started = started(&Fixture::new(), worker, &[("a", 1000), ("b", 1000)], 0).await;
    has_its_part(&started[..1900], "a", 50);
}

#[tokio::test]
async fn weights_share_what_the_queues_before_them_leave() {
    let worker = Worker::new(["urgent"]).then_weighted([("a", 3), ("b", 1)]).then(["*"]);
    let queues = [("other", 100), ("b", 400), ("a", 1200), ("urgent", 100)];
    let started = started(&Fixture::new(), worker, &queues, 0).await;
    assert!(started[..100].iter().all(|queue| queue == "urgent"));
    has_its_part(&started[100..1600], "b", 25);
    assert!(started[1700..].iter().all(|queue| queue == "other"), "the last are served when all others are empty");
}

#[tokio::test]
async fn a_paused_queue_leaves_its_share_to_the_others_and_has_it_again_when_it_is_resumed() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, PASS).worker(Worker::weighted([("a", 1), ("b", 1)]));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let manage = fixture.store.manage().unwrap();
    manage.pause("b").await.unwrap();
    let jobs = jobs_of("b", 1000, 0).chain(jobs_of("a", 1, 0));
    let answers = running.client().perform_all_later(jobs).await.unwrap();
    fixture.reaches(id(answers[1000]), State::Finished).await;
    let _stored = running.client().perform_all_later(jobs_of("a", 1000, 0)).await.unwrap();
    manage.resume("b").await.unwrap();
    running.drained().await.unwrap();
    let started = calls.all();
    assert_eq!(started[0], "a");
    assert!(started[1500..1600].contains(&"b".to_owned()), "b was not served all at once");
}

#[tokio::test]
async fn slow_jobs_of_a_queue_take_no_more_slots_than_its_limit() {
    for worker in [
        Worker::new(["reports", "mail"]),
        Worker::default(),
        Worker::weighted([("reports", 5), ("mail", 1)]),
        Worker::new(["mail", "rep*", "reports"]),
    ] {
        let (fixture, calls, gate) = (Fixture::new(), CallLog::default(), Arc::new(Semaphore::new(0)));
        let builder = fixture.builder_logging(&calls, jobs::jobs![Stand, Pass]).provide(gate.clone());
        let worker = worker.at_most("reports", 2).concurrency(4);
        let running = builder.worker(worker.clone()).build().await.unwrap().start().await.unwrap();
        let slow = (0..20).map(|_| AnyJob::from(Stand::perform_later().queue("reports")));
        let answers = running.client().perform_all_later(slow.chain(jobs_of("mail", 300, 0))).await.unwrap();
        for answer in answers.into_iter().skip(20) {
            fixture.reaches(id(answer), State::Finished).await;
        }
        let claimed = fixture.inspect().list(&Filter::state(State::Claimed)).await.unwrap();
        assert_eq!(claimed.len(), 2, "two run and none is claimed ahead: {worker:?}");
        gate.add_permits(20);
        running.drained().await.unwrap();
        assert_eq!(fixture.inspect().counts().await.unwrap().of(State::Finished), 320);
    }
}

#[tokio::test]
async fn the_event_and_the_log_of_the_start_tell_the_limits_of_queues() {
    let log = Log::from(tracing::Level::INFO);
    let fixture = Fixture::new();
    let worker = Worker::new(["mail", "*"]).at_most("reports", 2).at_most("mail", 3);
    let builder = fixture.builder_logging(&CallLog::default(), PASS).worker(worker);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let started = fixture.recorder.wait_for(|event| matches!(event, Event::RuntimeStarted(_))).await;
    let Event::RuntimeStarted(started) = started else { unreachable!() };
    assert_eq!(started.workers[0].queues, ["mail", "reports", "*"]);
    assert_eq!(started.workers[0].at_most, [("mail".to_owned(), 3), ("reports".to_owned(), 2)]);
    assert!(log.text().contains("Started: queues mail, reports, * (10 jobs at once, 3 of mail, 2 of reports)"));
    running.stop().await;
}

#[tokio::test]
async fn a_limit_that_cannot_hold_is_refused_when_the_runtime_is_built() {
    for (worker, reason) in [
        (
            Worker::new(["mail", "reports"]).at_most("reports", 0),
            "at_most` of `reports` cannot hold: it is 0; write at least 1",
        ),
        (
            Worker::new(["mail", "reports"]).at_most("report", 2),
            "serves only `mail`, `reports`; did you mean `reports`?",
        ),
        (Worker::new(["mail"]).at_most("mail", 2).at_most("mail", 3), "`mail` has two limits; give it one `at_most`"),
        (Worker::new(["mail"]).at_most("ma il", 2), "cannot be the name of a queue"),
        (Worker::weighted([("*", 2), ("mail", 1)]).at_most("reports", 2), "give `reports` a weight of its own"),
        (Worker::new(["mail_slow", "*"]).at_most("mail*", 2), "give `mail_slow` a limit of its own"),
        (Worker::new(["mail"]).at_most("*", 2), "serves only `mail`"),
        (Worker::new::<String>([]), "a worker has no queues"),
        (Worker::weighted::<String>([]), "a worker has no queues"),
    ] {
        let built = Fixture::new().builder_logging(&CallLog::default(), PASS).worker(worker).build().await;
        let refusal = built.map(drop).unwrap_err();
        assert!(refusal.is_invalid() && refusal.to_string().contains(reason), "{refusal}");
    }
}

#[tokio::test]
async fn a_selector_that_is_given_twice_counts_once_and_its_weights_add_up() {
    let twice = Worker::new(["b", "a", "b"]);
    let sorted = started(&Fixture::new(), twice, &[("a", 50), ("b", 50)], 0).await;
    assert!(sorted.is_sorted_by(|one, next| one >= next));
    let twice = Worker::weighted([("a", 1), ("b", 1), ("a", 2)]);
    let started = started(&Fixture::new(), twice, &[("a", 900), ("b", 900)], 0).await;
    has_its_part(&started[..1100], "a", 75);
}
