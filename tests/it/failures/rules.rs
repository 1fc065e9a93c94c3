//! Failing jobs: which rule applies and how the job ends.

use std::sync::Mutex;
use std::time::Duration;

use jobs::prelude::*;
use jobs::{Event, State};

use crate::fixture::{Fixture, id};

#[derive(Debug)]
enum PaymentError {
    Gateway(std::io::Error),
    Declined,
    Frozen,
}

impl std::fmt::Display for PaymentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Gateway(_) => "the gateway failed",
            Self::Declined => "declined",
            Self::Frozen => "frozen",
        })
    }
}

impl std::error::Error for PaymentError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Gateway(error) => Some(error),
            _ => None,
        }
    }
}

impl From<std::io::Error> for PaymentError {
    fn from(error: std::io::Error) -> Self {
        Self::Gateway(error)
    }
}

static REPORTED: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn tell(ctx: &Context, failure: &Failure) {
    REPORTED.lock().unwrap().push(format!("{} {failure}", ctx.id()));
}

/// Fails as its argument says.
#[job(
    timeout = 50ms,
    retry_on(std::io::Error, wait = 30s, attempts = 3, jitter = 0.0),
    retry_on(TimedOut, wait = 1s, attempts = 2, exhausted = tell),
    retry_on(Panic, wait = 1s, attempts = 2, jitter = 0.0),
    discard_on(PaymentError::Declined),
    discard_on(DeserializeError),
)]
async fn pay(how: String) -> Result<(), PaymentError> {
    match how.as_str() {
        "gateway" => Err(std::io::Error::other("refused").into()),
        "declined" => Err(PaymentError::Declined),
        "frozen" => Err(PaymentError::Frozen),
        "panic" => panic!("boom"),
        "hang" => std::future::pending().await,
        _ => Ok(()),
    }
}

async fn started(fixture: &Fixture) -> jobs::RuntimeHandle {
    fixture.start(jobs::jobs![Pay]).await
}

#[tokio::test]
async fn a_job_that_succeeds_is_shown_finished() {
    let fixture = Fixture::new();
    let running = started(&fixture).await;
    let id = id(Pay::perform_later("well").on(&running.client()).await.unwrap());
    let record = fixture.reaches(id, State::Finished).await;
    assert_eq!((record.attempts, record.errors.len()), (1, 0));
}

#[tokio::test]
async fn an_error_is_retried_after_its_own_wait_until_its_attempts_are_used_up() {
    let fixture = Fixture::new();
    let running = started(&fixture).await;
    let id = id(Pay::perform_later("gateway").on(&running.client()).await.unwrap());
    for attempt in 1..=2 {
        let record = fixture.reaches(id, State::Scheduled).await;
        assert_eq!(record.attempts, attempt);
        assert_eq!(
            record.due_at.duration_since(jobs::time::Clock::now(&*fixture.clock)),
            Duration::from_secs(30),
            "the wait of the rule"
        );
        fixture.clock.advance(Duration::from_secs(30));
        fixture
            .recorder
            .wait_for(move |event| matches!(event, Event::PerformStarted(event) if event.job.attempt == attempt + 1))
            .await;
    }
    let record = fixture.reaches(id, State::Failed).await;
    assert_eq!(record.attempts, 3);
    assert_eq!(record.errors.len(), 3, "every attempt's error is kept");
    assert_eq!(record.errors[0].message, "the gateway failed");
    assert_eq!(record.errors[0].causes, ["refused"], "with its causes");
    assert_eq!(record.errors[2].attempt, 3);
}

#[tokio::test]
async fn each_error_has_class_message_causes_attempt_time_and_process() {
    let fixture = Fixture::new();
    let running = started(&fixture).await;
    let id = id(Pay::perform_later("gateway").on(&running.client()).await.unwrap());
    let ran_by = fixture.inspect().processes().await.unwrap()[0].process.id;
    let record = fixture.reaches(id, State::Scheduled).await;
    let [error] = &record.errors[..] else { panic!("{:?}", record.errors) };
    assert!(error.class.ends_with("PaymentError"), "{error:?}");
    assert_eq!((error.message.as_str(), error.attempt), ("the gateway failed", 1));
    assert_eq!(error.causes, ["refused"]);
    assert_eq!((error.at, error.process), (jobs::time::Clock::now(&*fixture.clock), Some(ran_by)));
    assert!(error.duration_ms < 20_000, "it ran for no time at all: {error:?}");
}

#[tokio::test]
async fn a_pattern_discards_at_once() {
    let fixture = Fixture::new();
    let running = started(&fixture).await;
    let id = id(Pay::perform_later("declined").on(&running.client()).await.unwrap());
    let record = fixture.reaches(id, State::Discarded).await;
    assert_eq!(record.errors[0].message, "declined");
}

#[tokio::test]
async fn an_error_without_a_rule_is_kept_as_failed_and_reported_once() {
    let fixture = Fixture::new();
    let running = started(&fixture).await;
    let id = id(Pay::perform_later("frozen").on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Failed).await;
    let failed = fixture.recorder.events().into_iter().filter(|event| matches!(event, Event::Failed(_))).count();
    assert_eq!(failed, 1);
}

#[tokio::test]
async fn a_panic_is_an_error_that_a_rule_can_name_and_the_worker_continues() {
    let fixture = Fixture::new();
    let running = started(&fixture).await;
    let panicking = id(Pay::perform_later("panic").on(&running.client()).await.unwrap());
    let record = fixture.reaches(panicking, State::Scheduled).await;
    assert_eq!(record.errors[0].message, "the job panicked: boom");
    let next = id(Pay::perform_later("well").on(&running.client()).await.unwrap());
    fixture.reaches(next, State::Finished).await;
}

#[tokio::test]
async fn a_job_that_hangs_is_stopped_and_its_exhausted_function_is_called() {
    let fixture = Fixture::new();
    let running = started(&fixture).await;
    let id = id(Pay::perform_later("hang").on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Scheduled).await;
    fixture.clock.advance(Duration::from_secs(2));
    let record = fixture.reaches(id, State::Discarded).await;
    assert_eq!(record.attempts, 2);
    let reported = REPORTED.lock().unwrap().iter().filter(|words| words.starts_with(&id.to_string())).count();
    assert_eq!(reported, 1, "called once, when the last attempt had failed");
}

#[tokio::test]
async fn unreadable_arguments_are_handled_by_their_rule_and_name_the_field() {
    let fixture = Fixture::new();
    let running = started(&fixture).await;
    let mut new =
        jobs::store::NewJob::new("0192f0c1-2b7a-7000-8000-000000000001".parse().unwrap(), "pay", r#"{"how": 7}"#);
    new.queue = "default".into();
    let _ = fixture.store.enqueue(std::slice::from_ref(&new)).await.unwrap();
    let record = fixture.reaches(new.id, State::Discarded).await;
    assert!(record.errors[0].message.contains("invalid type: integer `7`"), "{}", record.errors[0].message);
    drop(running);
}

#[tokio::test]
async fn a_job_of_an_unknown_name_stays_in_the_store_without_counting_an_attempt() {
    let fixture = Fixture::new();
    let running = started(&fixture).await;
    let new = jobs::store::NewJob::new("0192f0c1-2b7a-7000-8000-000000000002".parse().unwrap(), "nobody_knows", "[]");
    let _ = fixture.store.enqueue(std::slice::from_ref(&new)).await.unwrap();
    fixture.saw(new.id, |event| matches!(event, Event::NameUnknown(_))).await;
    let record = fixture.reaches(new.id, State::Scheduled).await;
    assert_eq!((record.attempts, record.arguments.as_str()), (0, "[]"));
    drop(running);
}

#[tokio::test]
async fn perform_now_gives_the_jobs_own_error_and_stores_the_retry_that_its_rule_asks_for() {
    let fixture = Fixture::new();
    let runtime = fixture.builder(jobs::jobs![Pay]).build().await.unwrap();
    let error = Pay::perform_now("gateway").on(&runtime.client()).await.unwrap_err();
    assert!(matches!(error, jobs::PerformError::Job(PaymentError::Gateway(_))), "{error:?}");
    let scheduled = fixture.inspect().list(&jobs::store::Filter::state(State::Scheduled)).await.unwrap();
    assert_eq!(scheduled.len(), 1);
    assert_eq!(scheduled[0].arguments, r#"{"how":"gateway"}"#);
}

#[tokio::test]
async fn perform_now_reports_how_the_rules_handled_a_panic() {
    let fixture = Fixture::new();
    let runtime = fixture.builder(jobs::jobs![Pay]).build().await.unwrap();
    let outcome = Pay::perform_now("panic").on(&runtime.client()).outcome().await.unwrap();
    assert_eq!(outcome, jobs::policy::Outcome::Retried { wait: Duration::from_secs(1) });
}
