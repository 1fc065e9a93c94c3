//! The stored form of a job, and the job that is read from it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jobs::prelude::*;
use jobs::runtime::QueueNaming;
use jobs::{AnyJob, Event, State};

use crate::fixture::{CallLog, Fixture, id};

#[job(queue = "mail", retry_on(io::Error | DeserializeError, wait = nothing, attempts = 2))]
async fn send(to: String, #[default = 1] copies: u32, ctx: &Context, calls: &CallLog) -> Result<(), io::Error> {
    let about = (ctx.enqueued_at().as_micros(), ctx.due_at().as_micros());
    calls.add(format!("{} {to} {copies} {about:?}", ctx.id()));
    if to == "unknown" { Err(io::Error::other("unknown address")) } else { Ok(()) }
}

fn nothing(_: u32) -> Duration {
    Duration::ZERO
}

/// How often the function for the queue was called.
static ASKED: AtomicU32 = AtomicU32::new(0);

#[job(queue = where_it_belongs)]
async fn sort(place: String) -> Result<(), io::Error> {
    drop(place);
    Ok(())
}

fn where_it_belongs(job: &Sort) -> String {
    ASKED.fetch_add(1, Ordering::Relaxed);
    job.place.clone()
}

async fn runtime(fixture: &Fixture, calls: &CallLog) -> Runtime {
    fixture.builder_logging(calls, jobs::jobs![Send, Sort]).build().await.unwrap()
}

async fn handle(fixture: &Fixture) -> Client {
    runtime(fixture, &CallLog::default()).await.client()
}

#[tokio::test]
async fn stored_and_read_and_stored_again_a_job_is_the_same() {
    let job = Send::new("größe 🦀").copies(7);
    let text = job.arguments().unwrap();
    let read: Send = serde_json::from_str(&text).unwrap();
    assert_eq!((read.to.as_str(), read.copies), ("größe 🦀", 7));
    assert_eq!(read.arguments().unwrap(), text);
}

#[tokio::test]
async fn untouched_defaults_are_stored_and_come_back() {
    let text = Send::new("ada").arguments().unwrap();
    assert_eq!(text, r#"{"to":"ada","copies":1}"#);
    assert_eq!(serde_json::from_str::<Send>(&text).unwrap().copies, 1);
}

#[tokio::test]
async fn an_enqueue_returns_the_id_that_is_stored_and_that_the_job_sees() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = runtime(&fixture, &calls).await.start().await.unwrap();
    let enqueued = Send::perform_later("ada").on(&running.client()).await.unwrap();
    let Enqueued::New(id) = enqueued else { panic!("{enqueued:?}") };
    assert_eq!(fixture.reaches(id, State::Finished).await.id, id);
    assert!(calls.all()[0].starts_with(&id.to_string()));
}

#[tokio::test]
async fn a_job_sees_when_it_was_enqueued_and_for_when_to_the_microsecond() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    fixture.clock.advance(Duration::from_micros(123_457));
    let running = runtime(&fixture, &calls).await.start().await.unwrap();
    let now = jobs::time::Clock::now(&*fixture.clock);
    let due = now + Duration::from_micros(60_000_001);
    let id = id(Send::perform_later("ada").wait_until(due).on(&running.client()).await.unwrap());
    assert_eq!((fixture.record(id).await.enqueued_at, fixture.record(id).await.due_at), (now, due));
    fixture.clock.advance(Duration::from_micros(60_000_001));
    fixture.reaches(id, State::Finished).await;
    assert_eq!(calls.all(), [format!("{id} ada 1 {:?}", (now.as_micros(), due.as_micros()))]);
}

#[tokio::test]
async fn a_given_job_value_is_enqueued_unchanged_with_options_too() {
    let fixture = Fixture::new();
    let jobs = handle(&fixture).await;
    let plain = fixture.record(id(Send::new("ada").copies(4).enqueue().on(&jobs).await.unwrap())).await;
    let elsewhere = Send::new("bob").copies(5).enqueue().queue("slow").priority(-3);
    let elsewhere = fixture.record(id(elsewhere.on(&jobs).await.unwrap())).await;
    assert_eq!((plain.arguments.as_str(), plain.queue.as_str()), (r#"{"to":"ada","copies":4}"#, "mail"));
    assert_eq!((elsewhere.arguments.as_str(), elsewhere.queue.as_str()), (r#"{"to":"bob","copies":5}"#, "slow"));
    assert_eq!(elsewhere.priority, -3, "a negative priority is kept");
}

#[tokio::test]
async fn of_wait_and_wait_until_the_last_call_is_used() {
    let fixture = Fixture::new();
    let jobs = handle(&fixture).await;
    let now = jobs::time::Clock::now(&*fixture.clock);
    let (short, long) = (Duration::from_secs(5), Duration::from_secs(500));
    let until = Send::perform_later("a").wait(short).wait_until(now + long).on(&jobs);
    let wait = Send::perform_later("a").wait_until(now + long).wait(short).on(&jobs);
    assert_eq!(fixture.record(id(until.await.unwrap())).await.due_at, now + long);
    assert_eq!(fixture.record(id(wait.await.unwrap())).await.due_at, now + short);
}

#[tokio::test]
async fn a_wait_of_nothing_by_a_function_runs_the_job_again_at_once() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = runtime(&fixture, &calls).await.start().await.unwrap();
    let id = id(Send::perform_later("unknown").on(&running.client()).await.unwrap());
    let record = fixture.reaches(id, State::Failed).await;
    assert_eq!((record.attempts, calls.all().len()), (2, 2), "the clock was not moved");
}

#[tokio::test]
async fn a_retry_of_a_job_that_was_scheduled_counts_from_now_and_not_from_its_old_time() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = runtime(&fixture, &calls).await.start().await.unwrap();
    let later = Send::perform_later("unknown").wait(Duration::from_secs(60)).on(&running.client());
    let id = id(later.await.unwrap());
    fixture.clock.advance(Duration::from_secs(3600));
    fixture.reaches(id, State::Failed).await;
    let now = jobs::time::Clock::now(&*fixture.clock);
    assert!(calls.all()[1].contains(&now.as_micros().to_string()), "{:?} at {now}", calls.all());
}

#[tokio::test]
async fn a_retry_of_arguments_that_cannot_be_read_keeps_them_with_queue_and_priority() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let raw = r#"{"to": 7,  "later":[null]}"#;
    let id = fixture.store_raw("send", raw, |new| (new.queue, new.priority) = ("odd".to_owned(), 9)).await;
    let _running = runtime(&fixture, &calls).await.start().await.unwrap();
    let record = fixture.reaches(id, State::Failed).await;
    assert_eq!((record.arguments.as_str(), record.queue.as_str(), record.priority), (raw, "odd", 9));
    assert_eq!((record.attempts, record.errors.len()), (2, 2), "it was tried again as its rule says");
    assert!(calls.all().is_empty(), "the body did not run");
}

#[tokio::test]
async fn a_job_stored_with_nothing_but_name_and_arguments_runs() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let id = fixture.store_raw("send", r#"{"to":"ada"}"#, |_| {}).await;
    let _running = runtime(&fixture, &calls).await.start().await.unwrap();
    fixture.reaches(id, State::Finished).await;
    assert_eq!(calls.all().len(), 1);
}

#[tokio::test]
async fn an_argument_that_is_stored_twice_is_an_error_that_names_it() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let id = fixture.store_raw("send", r#"{"to":"ada","to":"eve"}"#, |_| {}).await;
    let _running = runtime(&fixture, &calls).await.start().await.unwrap();
    let record = fixture.reaches(id, State::Failed).await;
    assert!(record.errors[0].message.contains("duplicate field `to`"), "{record:?}");
}

#[tokio::test]
async fn the_queue_function_is_called_once_per_job_and_none_is_not_a_queue() {
    let fixture = Fixture::new();
    let naming = QueueNaming::new().prefix("pre");
    let builder = fixture.builder_logging(&CallLog::default(), jobs::jobs![Send, Sort]).naming(naming);
    let jobs = builder.build().await.unwrap().client();
    let record = fixture.record(id(Sort::perform_later("left").on(&jobs).await.unwrap())).await;
    assert_eq!((record.queue.as_str(), ASKED.load(Ordering::Relaxed)), ("pre_left", 1));
    let plain = handle(&Fixture::new()).await;
    let error = Sort::perform_later("").on(&plain).await.unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("queue"), "{error}");
}

#[tokio::test]
async fn events_inside_a_perform_come_before_its_end_event() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Nest, Rest]).await;
    let id = id(Nest::perform_later().on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    let names: Vec<_> = fixture.recorder.events().iter().map(Event::name).collect();
    let place = |name: &str| names.iter().rposition(|one| *one == name).unwrap();
    assert!(place("enqueue_at") < names.iter().position(|name| *name == "perform").unwrap(), "{names:?}");
}

#[job]
async fn nest() -> Result<(), jobs::Error> {
    Rest::perform_later().wait(Duration::from_secs(3600)).await.map(drop)
}

#[job]
async fn rest() -> Result<(), io::Error> {
    Ok(())
}

#[tokio::test]
async fn an_attempt_with_unreadable_arguments_has_a_start_event() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let id = fixture.store_raw("send", "{}", |_| {}).await;
    let _running = runtime(&fixture, &calls).await.start().await.unwrap();
    fixture.reaches(id, State::Failed).await;
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::PerformStarted(_))), 2, "one for each attempt");
}

#[tokio::test]
async fn a_bulk_for_later_does_not_begin_before_its_time() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = runtime(&fixture, &calls).await.start().await.unwrap();
    let later = |name: &str| AnyJob::from(Send::perform_later(name).wait(Duration::from_secs(5)));
    let bulk = [later("a"), AnyJob::new(Send::new("now")), later("b")];
    let answers = running.client().perform_all_later(bulk).await.unwrap();
    fixture.reaches(id(answers[1]), State::Finished).await;
    fixture.clock.advance(Duration::from_secs(2));
    let marker = id(Send::perform_later("marker").on(&running.client()).await.unwrap());
    fixture.reaches(marker, State::Finished).await;
    assert_eq!(calls.all().len(), 2, "what is for later waits");
    fixture.clock.advance(Duration::from_secs(3));
    for answer in answers {
        fixture.reaches(id(answer), State::Finished).await;
    }
}

#[tokio::test]
async fn a_panic_is_passed_to_after_discard_and_goes_no_further() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![Explode]).build().await.unwrap().start().await.unwrap();
    let id = id(Explode::perform_later().on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Failed).await;
    assert_eq!(calls.all(), ["the job panicked: boom"]);
}

#[job(after_discard(log_discard))]
async fn explode() -> Result<(), io::Error> {
    panic!("boom")
}

fn log_discard(ctx: &Context, failure: &Failure) {
    crate::fixture::log_call(ctx, failure.to_string());
}

#[tokio::test]
async fn a_bulk_whose_answer_is_lost_reports_what_is_known_to_be_stored() {
    let mut fixture = Fixture::new();
    let faulty = Arc::new(jobs_testing::FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let jobs = handle(&fixture).await;
    let lazy = (0..10_000).map(|number| {
        if number == 4000 {
            faulty.fail_after("enqueue", 1, || jobs::Error::transient("the connection is gone"));
        }
        Send::new(number.to_string())
    });
    let partial = jobs.perform_all_later(lazy).await.unwrap_err();
    assert!(partial.error().is_transient(), "{partial}");
    assert!(partial.to_string().contains("the 4000 jobs before it are stored"), "{partial}");
    assert_eq!((partial.stored.len(), partial.unanswered), (4000, 4000));
    assert_eq!(
        fixture.record(id(partial.stored[7])).await.arguments,
        r#"{"to":"7","copies":1}"#,
        "each with its answer"
    );
    assert_eq!(
        fixture.inspect().counts().await.unwrap().total(),
        8000,
        "the chunk came in whole, unknown to the caller"
    );
}
