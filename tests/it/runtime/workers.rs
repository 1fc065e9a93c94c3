//! Workers: which queues, in which order, how many at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jobs::definition::Definition;
use jobs::policy::{Matcher, Policy, RetryPolicy, Rule};
use jobs::prelude::*;
use jobs::{AnyJob, Event, State};
use tokio::sync::{Barrier, Semaphore};

use crate::counting_store::CallCounts;
use crate::fixture::{CallLog, Fixture, id};
use crate::observe::log_capture::Log;

#[job]
async fn pass(name: String, calls: &CallLog) -> Result<(), io::Error> {
    calls.add(name);
    Ok(())
}

const PASS: [Definition; 1] = [Definition::of::<Pass>()];

fn on(queue: &str, number: u32) -> AnyJob {
    AnyJob::from(Pass::perform_later(format!("{queue} {number}")).queue(queue))
}

#[tokio::test]
async fn a_worker_takes_from_its_queues_and_leaves_all_others_alone() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, PASS).worker(Worker::new(["mail", "rep*"]));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let queues = ["mails", "default", "re", "mail", "reports", "rep"];
    let mut ids = Vec::new();
    for answer in running.client().perform_all_later(queues.map(|queue| on(queue, 0))).await.unwrap() {
        ids.push(id(answer));
    }
    for &id in &ids[3..] {
        fixture.reaches(id, State::Finished).await;
    }
    for &id in &ids[..3] {
        assert_eq!(fixture.record(id).await.state, State::Ready);
    }
}

#[tokio::test]
async fn the_first_queue_is_emptied_before_the_next_is_read() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, PASS).worker(Worker::new(["urgent", "mail*", "*"]).concurrency(1));
    let runtime = builder.build().await.unwrap();
    let mixed = (0..40).flat_map(|number| ["other", "mail_b", "urgent", "mail_a"].map(|queue| on(queue, number)));
    let _stored = runtime.client().perform_all_later(mixed).await.unwrap();
    let running = runtime.start().await.unwrap();
    running.drained().await.unwrap();
    let order: Vec<_> = calls.all().iter().map(|name| name.split('_').next().unwrap()[..4].to_owned()).collect();
    let mut sorted = order.clone();
    sorted.sort_by_key(|name| ["urge", "mail", "othe"].iter().position(|queue| queue == name));
    assert_eq!(order, sorted);
    let mails: Vec<_> = calls.all().into_iter().filter(|name| name.starts_with("mail")).take(2).collect();
    assert_eq!(mails, ["mail_b 0", "mail_a 0"], "queues under one selector are served by age");
}

#[tokio::test]
async fn a_worker_claims_few_ahead_at_first() {
    let (mut fixture, calls) = (Fixture::new(), CallLog::default());
    let counting = CallCounts::of(fixture.store.clone());
    fixture.store = counting.clone();
    let runtime =
        fixture.builder_logging(&calls, PASS).worker(Worker::new(["*"]).concurrency(10)).build().await.unwrap();
    let many = (0..5000).map(|number| on("default", number));
    let _stored = runtime.client().perform_all_later(many).await.unwrap();
    runtime.start().await.unwrap().drained().await.unwrap();
    let limits = counting.0.limits.lock().unwrap().clone();
    assert_eq!(limits[0], 10, "as many as there are places");
    let next = limits[1..].iter().find(|limit| **limit > 0).unwrap();
    assert!(*next <= 10 + 64, "{next} jobs after the first ten ended");
}

#[tokio::test]
async fn no_weighted_queue_starves() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder =
        fixture.builder_logging(&calls, PASS).worker(Worker::weighted([("heavy", 100), ("light", 1)]).concurrency(1));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let mixed = (0..50).flat_map(|number| ["heavy", "light"].map(|queue| on(queue, number)));
    let _stored = running.client().perform_all_later(mixed).await.unwrap();
    running.drained().await.unwrap();
    assert_eq!(calls.all().len(), 100);
}

/// Counts how many of it run at once; three have to meet before any goes on.
struct Crowd {
    barrier: Barrier,
    now: AtomicUsize,
    most: AtomicUsize,
}

#[job]
async fn meet(crowd: &Arc<Crowd>) -> Result<(), io::Error> {
    let now = crowd.now.fetch_add(1, Ordering::SeqCst) + 1;
    crowd.most.fetch_max(now, Ordering::SeqCst);
    crowd.barrier.wait().await;
    tokio::task::yield_now().await;
    crowd.now.fetch_sub(1, Ordering::SeqCst);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_jobs_run_at_once_as_the_concurrency_and_never_more() {
    let fixture = Fixture::new();
    let crowd = Arc::new(Crowd { barrier: Barrier::new(3), now: AtomicUsize::new(0), most: AtomicUsize::new(0) });
    let builder = fixture.builder(jobs::jobs![Meet]).provide(crowd.clone()).worker(Worker::new(["*"]).concurrency(3));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let _stored = running.client().perform_all_later((0..300).map(|_| Meet::new())).await.unwrap();
    running.drained().await.unwrap();
    assert_eq!(crowd.most.load(Ordering::SeqCst), 3);
    assert_eq!(fixture.inspect().counts().await.unwrap().of(State::Finished), 300);
}

#[job]
async fn stand(gate: &Arc<Semaphore>) -> Result<(), io::Error> {
    gate.acquire().await.map_err(io::Error::other)?.forget();
    Ok(())
}

#[tokio::test]
async fn a_full_worker_does_not_block_another_one_in_the_same_process() {
    let (fixture, calls, gate) = (Fixture::new(), CallLog::default(), Arc::new(Semaphore::new(0)));
    let builder = fixture.builder_logging(&calls, jobs::jobs![Stand, Pass]).provide(gate.clone());
    let builder = builder.worker(Worker::new(["slow"]).concurrency(1)).worker(Worker::new(["fast"]).concurrency(1));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let jobs = running.client();
    let standing = id(Stand::perform_later().queue("slow").on(&jobs).await.unwrap());
    fixture.saw(standing, |event| matches!(event, Event::PerformStarted(_))).await;
    let waiting = id(Stand::perform_later().queue("slow").on(&jobs).await.unwrap());
    for number in 0..20 {
        let passed = id(Pass::perform_later(number.to_string()).queue("fast").on(&jobs).await.unwrap());
        fixture.reaches(passed, State::Finished).await;
    }
    assert_eq!(fixture.record(waiting).await.attempts, 0);
    gate.add_permits(2);
    running.drained().await.unwrap();
    assert_eq!(fixture.inspect().counts().await.unwrap().of(State::Finished), 22);
}

#[tokio::test]
async fn a_concurrency_of_zero_is_read_as_one_with_a_warning() {
    let log = Log::from(tracing::Level::WARN);
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, PASS).worker(Worker::new(["*"]).concurrency(0));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Pass::perform_later("x").on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    assert!(log.only("`concurrency(0)`").contains("queues *"));
}

#[tokio::test]
async fn a_default_time_out_of_zero_is_read_as_none_with_a_warning() {
    let log = Log::from(tracing::Level::WARN);
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, PASS).default_timeout(Duration::ZERO);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Pass::perform_later("x").on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    assert!(log.only("`default_timeout` is zero").contains("`Timeout::Never`"));
}

#[tokio::test]
async fn a_rule_of_zero_attempts_does_not_retry_and_is_a_warning() {
    let log = Log::from(tracing::Level::WARN);
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let none = Policy::new().rule(Rule::retry(Matcher::any(), RetryPolicy::new().attempts(0)));
    let _runtime = fixture.builder_logging(&calls, PASS).defaults(none).build().await.unwrap();
    assert!(log.only("`attempts(0)`").contains("the job `pass`"));
}

#[tokio::test]
async fn the_event_of_the_start_says_which_queues_store_and_environment() {
    let fixture = Fixture::new();
    let builder = fixture.builder_logging(&CallLog::default(), PASS).environment("production").connect("memory:");
    let builder = builder.worker(Worker::new(["mail", "re*"]).concurrency(3)).worker(Worker::default());
    let running = builder.build().await.unwrap().start().await.unwrap();
    let started = fixture.recorder.wait_for(|event| matches!(event, Event::RuntimeStarted(_))).await;
    let Event::RuntimeStarted(started) = started else { unreachable!() };
    let workers: Vec<_> = started.workers.iter().map(|worker| (worker.queues.join(" "), worker.concurrency)).collect();
    assert_eq!(workers, [("mail re*".to_owned(), 3), ("*".to_owned(), 10)]);
    assert_eq!((started.store.as_str(), started.environment.as_deref()), ("memory:", Some("production")));
    running.stop().await;
}

/// Enqueues two more below itself, to a depth.
#[job]
async fn branch(depth: u32) -> Result<(), jobs::Error> {
    if depth > 0 {
        let _left = Branch::perform_later(depth - 1).await?;
        let _right = Client::current()?.perform_all_later([Branch::new(depth - 1)]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn jobs_enqueued_from_inside_jobs_all_run() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Branch]).worker(Worker::new(["*"]).concurrency(2));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let _root = Branch::perform_later(7).on(&running.client()).await.unwrap();
    running.drained().await.unwrap();
    assert_eq!(fixture.inspect().counts().await.unwrap().of(State::Finished), 255);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_runtimes_over_one_store_run_each_job_once() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let mut running = Vec::new();
    for _ in 0..4 {
        running.push(fixture.builder_logging(&calls, PASS).build().await.unwrap().start().await.unwrap());
    }
    let _stored = running[0].client().perform_all_later((0..2000).map(|number| on("q", number))).await.unwrap();
    running[0].drained().await.unwrap();
    let mut names = calls.all();
    names.sort();
    names.dedup();
    assert_eq!((names.len(), calls.all().len()), (2000, 2000));
}
