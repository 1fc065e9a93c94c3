//! Callbacks of discarded and failed jobs, and how the job ends if they fail.
#![expect(clippy::unused_async, reason = "callbacks may be async, whatever their body does")]

use std::io;

use jobs::policy::Outcome;
use jobs::prelude::*;
use jobs::{Event, PerformError, State};

use crate::fixture::{CallLog, Fixture, id, log_call};

#[derive(Debug)]
enum Fault {
    Dropped,
    Tried,
    Tired,
    Rescued,
    Unknown,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Fault {}

#[job(
    discard_on(Fault::Dropped, tell = dropped),
    retry_on(Fault::Tried, attempts = 1, exhausted = exhausted),
    retry_on(Fault::Tired, attempts = 1),
    rescue_from(Fault::Rescued, with = rescued),
    retry_on(Fault::Dropped | Fault::Tried, attempts = 9),
    after_discard(first_after, second_after),
)]
async fn give_up(how: String, fails: String) -> Result<(), Fault> {
    drop(fails);
    Err(match how.as_str() {
        "dropped" => Fault::Dropped,
        "tried" => Fault::Tried,
        "tired" => Fault::Tired,
        "rescued" => Fault::Rescued,
        _ => Fault::Unknown,
    })
}

/// Logs which callback got which failure, and fails if the job says so.
fn log_callback(ctx: &Context, failure: &Failure, callback: &str) -> Result<(), io::Error> {
    let job: GiveUp = ctx.job().map_err(io::Error::other)?;
    log_call(ctx, format!("{callback} of {:?}", failure.downcast_ref::<Fault>()));
    match job.fails.as_str() {
        fails if fails == callback => Err(io::Error::other(format!("{callback} failed"))),
        "panic" if callback != "first" => panic!("{callback} panicked"),
        _ => Ok(()),
    }
}

async fn dropped(ctx: &Context, failure: &Failure) -> Result<(), io::Error> {
    log_callback(ctx, failure, "dropped")
}

fn exhausted(ctx: &Context, failure: &Failure) -> Result<(), io::Error> {
    log_callback(ctx, failure, "exhausted")
}

async fn rescued(ctx: &Context, failure: &Failure) -> Result<(), io::Error> {
    log_callback(ctx, failure, "rescued")
}

fn first_after(ctx: &Context, failure: &Failure) -> Result<(), io::Error> {
    log_callback(ctx, failure, "first")
}

async fn second_after(ctx: &Context, failure: &Failure) -> Result<(), io::Error> {
    log_callback(ctx, failure, "second")
}

/// Runs one job to its end; returns its record and the calls of callbacks.
async fn given_up(how: &str, fails: &str, end: State) -> (Fixture, jobs::store::JobRecord, Vec<String>) {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![GiveUp]).build().await.unwrap().start().await.unwrap();
    let id = id(GiveUp::perform_later(how, fails).on(&running.client()).await.unwrap());
    let record = fixture.reaches(id, end).await;
    (fixture, record, calls.all())
}

#[tokio::test]
async fn a_discard_calls_the_rules_function_first_and_each_after_discard_once() {
    let (_, record, calls) = given_up("dropped", "", State::Discarded).await;
    assert_eq!(calls, ["dropped of Some(Dropped)", "first of Some(Dropped)", "second of Some(Dropped)"]);
    assert_eq!(record.errors[0].message, "Dropped");
}

#[tokio::test]
async fn exhausted_retries_with_a_function_are_discards_and_call_after_discard() {
    let (fixture, record, calls) = given_up("tried", "", State::Discarded).await;
    assert_eq!(calls, ["exhausted of Some(Tried)", "first of Some(Tried)", "second of Some(Tried)"]);
    assert_eq!(record.attempts, 1, "the first rule that matches counts, another one below does not");
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::RetryStopped(_))), 1);
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::Failed(_))), 0);
}

#[tokio::test]
async fn exhausted_retries_without_a_function_fail_the_job_and_call_after_discard() {
    let (_, _, calls) = given_up("tired", "", State::Failed).await;
    assert_eq!(calls, ["first of Some(Tired)", "second of Some(Tired)"]);
}

#[tokio::test]
async fn an_error_without_a_rule_fails_the_job_and_calls_after_discard() {
    let (fixture, record, calls) = given_up("odd", "", State::Failed).await;
    assert_eq!(calls, ["first of Some(Unknown)", "second of Some(Unknown)"]);
    assert_eq!(record.errors.len(), 1);
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::RetryStopped(_))), 0);
}

#[tokio::test]
async fn a_rescued_job_is_finished_and_after_discard_is_not_called() {
    let (fixture, record, calls) = given_up("rescued", "", State::Finished).await;
    assert_eq!(calls, ["rescued of Some(Rescued)"]);
    assert_eq!(record.attempts, 1);
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::Rescued(_))), 1);
}

#[tokio::test]
async fn an_error_in_the_function_of_a_rule_fails_the_job_with_both_errors() {
    for (how, callback) in [("dropped", "dropped"), ("tried", "exhausted"), ("rescued", "rescued")] {
        let (fixture, record, _) = given_up(how, callback, State::Failed).await;
        let error = record.errors.last().unwrap();
        assert_eq!(error.message, format!("{callback} failed"));
        let first =
            record.errors.iter().flat_map(|error| &error.causes).any(|cause| cause.to_lowercase().contains(how));
        assert!(first, "the job's own error is there too: {:?}", record.errors);
        let failed = fixture.recorder.count(|event| matches!(event, Event::CallbackFailed(_)));
        assert_eq!(failed, 1, "{how}");
    }
}

#[tokio::test]
async fn a_panic_in_the_function_of_a_rule_fails_the_job_and_the_worker_continues() {
    for how in ["dropped", "tried", "rescued"] {
        let (_, record, _) = given_up(how, "panic", State::Failed).await;
        assert!(record.errors.last().unwrap().message.contains("panicked"), "{:?}", record.errors);
    }
}

#[tokio::test]
async fn if_one_after_discard_fails_the_others_are_called_and_the_job_is_discarded() {
    for fails in ["first", "second"] {
        let (fixture, record, calls) = given_up("dropped", fails, State::Discarded).await;
        assert_eq!(calls.len(), 3, "{calls:?}");
        assert_eq!(record.errors.len(), 1);
        assert_eq!(fixture.recorder.count(|event| matches!(event, Event::CallbackFailed(_))), 1);
    }
}

#[tokio::test]
async fn a_death_handler_is_called_once_for_each_lost_job_and_for_no_other() {
    for (how, end, deaths) in [
        ("dropped", State::Discarded, 1),
        ("tried", State::Discarded, 1),
        ("tired", State::Failed, 1),
        ("odd", State::Failed, 1),
        ("rescued", State::Finished, 0),
    ] {
        let (fixture, calls, dead) = (Fixture::new(), CallLog::default(), CallLog::default());
        let received = dead.clone();
        let builder = fixture.builder_logging(&calls, jobs::jobs![GiveUp]);
        let builder = builder.on_death(move |job, error| received.add(format!("{} {}", job.id, error.message)));
        let running = builder.build().await.unwrap().start().await.unwrap();
        let id = id(GiveUp::perform_later(how, "").on(&running.client()).await.unwrap());
        fixture.reaches(id, end).await;
        running.stop().await;
        assert_eq!(dead.all().len(), deaths, "{how}: {:?}", dead.all());
        assert!(dead.all().iter().all(|words| words.starts_with(&id.to_string())));
    }
}

#[tokio::test]
async fn a_discard_is_one_event_and_one_call_of_the_death_handler() {
    let (fixture, calls, dead) = (Fixture::new(), CallLog::default(), CallLog::default());
    let received = dead.clone();
    let builder = fixture.builder_logging(&calls, jobs::jobs![GiveUp]);
    let builder = builder.on_death(move |job, _| received.add(job.id.to_string()));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(GiveUp::perform_later("dropped", "").on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Discarded).await;
    running.stop().await;
    assert_eq!(fixture.recorder.count(|event| event.name() == "discard"), 1);
    assert_eq!(dead.all(), [id.to_string()]);
}

/// Enqueued anew with another number by the function that rescues it.
#[job(rescue_from(io::Error, with = try_another))]
async fn try_numbers(number: u32) -> Result<(), io::Error> {
    if number < 3 { Err(io::Error::other("too small")) } else { Ok(()) }
}

async fn try_another(ctx: &Context, _: &Failure) -> Result<(), jobs::Error> {
    let job: TryNumbers = ctx.job().map_err(|error| jobs::Error::other(error.to_string()))?;
    let _enqueued = TryNumbers::perform_later(job.number + 1).await?;
    Ok(())
}

#[tokio::test]
async fn a_rescue_may_enqueue_the_job_again_with_other_arguments() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![TryNumbers]).await;
    let _first = TryNumbers::perform_later(1).on(&running.client()).await.unwrap();
    running.drained().await.unwrap();
    let done = fixture.inspect().list(&jobs::store::Filter::state(State::Finished)).await.unwrap();
    let arguments: Vec<_> = done.iter().map(|record| record.arguments.as_str()).collect();
    assert_eq!(arguments, [r#"{"number":1}"#, r#"{"number":2}"#, r#"{"number":3}"#]);
}

#[tokio::test]
async fn perform_now_gives_an_error_that_no_rule_takes_and_also_one_that_a_rule_took() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs = fixture.builder_logging(&calls, jobs::jobs![GiveUp]).build().await.unwrap().client();
    for (how, outcome) in [
        ("odd", Outcome::Failed),
        ("dropped", Outcome::Discarded),
        ("tired", Outcome::Exhausted { handled: false }),
        ("tried", Outcome::Exhausted { handled: true }),
        ("rescued", Outcome::Rescued),
    ] {
        let error = GiveUp::perform_now(how, "").on(&jobs).await.unwrap_err();
        assert!(matches!(error, PerformError::Job(_)), "{how}: {error:?}");
        assert_eq!(GiveUp::perform_now(how, "").on(&jobs).outcome().await.unwrap(), outcome, "{how}");
    }
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0, "nothing of it is stored");
}

#[job]
async fn kill_its_process() -> Result<(), std::io::Error> {
    Ok(())
}

#[tokio::test]
async fn a_death_handler_is_called_for_a_job_whose_processes_crashed() {
    let fixture = Fixture::new();
    let id = fixture.store_raw("kill_its_process", "{}", |_| {}).await;
    let dead = jobs::store::ProcessId::new(7);
    let claimed = fixture.store.claim(&jobs::store::Claim::all(dead, 1)).await.unwrap();
    assert_eq!(claimed.len(), 1, "an unknown process has it");
    let received = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let note = received.clone();
    let builder = fixture.builder(jobs::jobs![KillItsProcess]).crash_limit(1);
    let builder = builder.on_death(move |job, error| {
        note.lock().unwrap().push((job.id, job.attempt, error.class.clone(), error.process));
    });
    let _running = builder.build().await.unwrap().start().await.unwrap();
    fixture.saw(id, |event| matches!(event, jobs::Event::Failed(_))).await;
    assert_eq!(*received.lock().unwrap(), [(id, 1, "jobs::ProcessDied".to_owned(), Some(dead))]);
    assert_eq!(fixture.record(id).await.state, jobs::State::Failed);
}
