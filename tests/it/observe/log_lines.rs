//! Log lines read like those of Active Job.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jobs::callback::JobDraft;
use jobs::prelude::*;
use jobs::{AnyJob, Error, Event, JobId, PerformError, State};
use jobs_testing::FaultyStore;
use tracing::Level;

use crate::fixture::{Fixture, id};
use crate::observe::log_capture::Log;

#[derive(Debug)]
struct Declined;

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("declined")
    }
}

impl std::error::Error for Declined {}

#[job(queue = "payments", retry_on(Declined, wait = 1s, attempts = 2, jitter = 0.0, queue = "again"), redact(card))]
async fn charge(order: u64, card: String) -> Result<(), Declined> {
    drop(card);
    if order == 13 { Err(Declined) } else { Ok(()) }
}

#[job(before_enqueue(no_sunday), before_perform(no_monday))]
async fn open_shop(day: String) -> Result<bool, Declined> {
    drop(day);
    Ok(false)
}

fn no_sunday(_: &mut JobDraft, job: &OpenShop) -> Result<(), jobs::callback::Stop> {
    match job.day.as_str() {
        "sunday" => Err(Halt.into()),
        "doomsday" => Err(jobs::callback::Stop::Failed(Failure::from_error(Declined))),
        _ => Ok(()),
    }
}

fn no_monday(_: &Context, job: &OpenShop) -> Result<(), Halt> {
    if job.day == "monday" { Err(Halt) } else { Ok(()) }
}

/// Logs a line itself, and enqueues another job.
#[job]
async fn say(what: String) -> Result<(), Error> {
    tracing::info!("{what}");
    OpenShop::perform_later("tuesday").await?;
    Ok(())
}

#[job]
async fn rest() -> Result<(), std::io::Error> {
    Err(std::io::Error::other(Error::other("no bed").with_source(Declined)))
}

#[job(log_arguments = false)]
async fn keep_secret(word: String) -> Result<(), Declined> {
    drop(word);
    Ok(())
}

fn shush(_: &Context, _: &Failure) {}

#[job(retry_on(Declined, attempts = 1, exhausted = shush))]
async fn give_up_quietly() -> Result<(), Declined> {
    Err(Declined)
}

#[job(discard_on(Declined))]
async fn drop_it() -> Result<(), Declined> {
    Err(Declined)
}

#[job(rescue_from(Declined, with = shush))]
async fn be_saved() -> Result<(), Declined> {
    Err(Declined)
}

async fn runtime(fixture: &Fixture) -> Runtime {
    let list = jobs::jobs![Charge, OpenShop, Say, Rest, KeepSecret, GiveUpQuietly, DropIt, BeSaved];
    fixture.builder(list).build().await.unwrap()
}

async fn handle(fixture: &Fixture) -> Client {
    runtime(fixture).await.client()
}

fn count(fixture: &Fixture, name: &str) -> usize {
    fixture.recorder.count(|event| event.name() == name)
}

#[tokio::test]
async fn a_duplicate_logs_which_job_is_there_and_nothing_of_its_arguments() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let jobs = handle(&fixture).await;
    let there = id(Charge::perform_later(7, "4111").unique_by("order 7").on(&jobs).await.unwrap());
    Charge::perform_later(8, "4112").unique_by("order 7").on(&jobs).await.unwrap();
    let line = log.only("Did not enqueue");
    let words = "Did not enqueue charge to Memory(payments), a job of the same unique key is there already";
    assert!(line.starts_with("INFO jobs: ") && line.contains(&format!("{words} (Job ID: {there})")), "{line}");
    assert!(line.contains(&format!("of={there}")) && !log.has("4112"), "{line}");
    assert_eq!((count(&fixture, "enqueue"), count(&fixture, "enqueue_duplicate")), (1, 1));
}

#[tokio::test]
async fn an_enqueue_logs_job_id_queue_and_arguments_and_is_one_event() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let fine = id(Charge::perform_later(7, "4111").on(&handle(&fixture).await).await.unwrap());
    let line = log.only("Enqueued");
    let words = format!(
        r#"Enqueued charge (Job ID: {fine}) to Memory(payments) with arguments: {{"card":"[redacted]","order":7}}"#
    );
    assert!(line.starts_with("INFO jobs: ") && line.contains(&words), "{line}");
    assert!(line.contains(&format!("id={fine}")) && line.contains("queue=payments"), "as fields too: {line}");
    assert!(!log.has("4111"), "a redacted argument is in the log: {:?}", log.lines());
    assert_eq!(log.lines().len(), 1, "one line, and none on where in the source it was");
    assert_eq!((count(&fixture, "enqueue"), fixture.recorder.events().len()), (1, 1));
}

#[job]
async fn visit(user: u64, with: std::collections::BTreeMap<String, Vec<u64>>) -> Result<(), Declined> {
    tracing::info!("visits {user} and {} more", with.len());
    Ok(())
}

#[tokio::test]
async fn what_is_logged_of_arguments_is_what_is_stored_at_enqueue_and_start() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let running = fixture.start(jobs::jobs![Visit]).await;
    let with = std::collections::BTreeMap::from([("friends".to_owned(), vec![8, 9])]);
    let id = id(Visit::perform_later(7, with).on(&running.client()).await.unwrap());
    let stored = fixture.reaches(id, State::Finished).await.arguments;
    assert_eq!(stored, r#"{"user":7,"with":{"friends":[8,9]}}"#);
    for words in ["Enqueued visit", "Performing visit"] {
        assert!(log.only(words).contains(&format!("with arguments: {stored}")), "{:?}", log.lines());
    }
    assert!(log.has("visits 7 and 1 more"), "the body has the values");
}

#[tokio::test]
async fn no_or_hidden_arguments_are_not_logged() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let running = runtime(&fixture).await.start().await.unwrap();
    DropIt::perform_later().on(&running.client()).await.unwrap();
    KeepSecret::perform_later("sesame").on(&running.client()).await.unwrap();
    running.drained().await.unwrap();
    assert!(log.has("Enqueued drop_it") && log.has("Performing keep_secret"), "{:?}", log.lines());
    assert!(!log.has("with arguments") && !log.has("sesame"), "{:?}", log.lines());
}

#[tokio::test]
async fn a_scheduled_enqueue_logs_its_time_by_wait_as_by_wait_until_and_is_one_event() {
    for by_wait in [true, false] {
        let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
        let (jobs, wait) = (handle(&fixture).await, Duration::from_secs(60));
        let at = jobs::time::Clock::now(&*fixture.clock) + wait;
        let later = Charge::perform_later(7, "x").on(&jobs);
        let later = if by_wait { later.wait(wait) } else { later.wait_until(at) };
        let id = id(later.await.unwrap());
        let line = log.only(&format!("Enqueued charge (Job ID: {id}) to Memory(payments) at {at} with arguments: {{"));
        assert!(line.starts_with("INFO"), "{line}");
        assert_eq!((count(&fixture, "enqueue_at"), fixture.recorder.events().len()), (1, 1));
    }
}

#[tokio::test]
async fn a_halted_enqueue_logs_the_halt_and_is_one_event_of_its_kind() {
    for (wait, name) in [(None, "enqueue"), (Some(Duration::from_secs(60)), "enqueue_at")] {
        let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
        let later = OpenShop::perform_later("sunday").on(&handle(&fixture).await);
        let later = if let Some(wait) = wait { later.wait(wait) } else { later };
        assert_eq!(later.await.unwrap(), Enqueued::Halted);
        let line = log.only("Failed enqueuing open_shop to Memory(default), a before_enqueue callback halted it");
        assert!(line.starts_with("INFO"), "{line}");
        assert_eq!((count(&fixture, name), fixture.recorder.events().len()), (1, 1));
    }
}

#[tokio::test]
async fn an_enqueue_callback_error_is_logged_is_one_event_and_reaches_the_caller() {
    for (wait, name) in [(None, "enqueue"), (Some(Duration::from_secs(60)), "enqueue_at")] {
        let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
        let later = OpenShop::perform_later("doomsday").on(&handle(&fixture).await);
        let later = if let Some(wait) = wait { later.wait(wait) } else { later };
        let error = later.await.unwrap_err();
        assert!(error.to_string().contains("declined"), "{error}");
        let line = log.only("Failed enqueuing open_shop to Memory(default): ");
        assert!(line.starts_with("ERROR") && line.contains("declined"), "{line}");
        assert_eq!((count(&fixture, name), fixture.recorder.events().len()), (1, 1));
    }
}

#[tokio::test]
async fn an_enqueue_that_the_store_refuses_logs_the_failure_now_as_later() {
    for wait in [Duration::ZERO, Duration::from_secs(60)] {
        let (mut fixture, log) = (Fixture::new(), Log::from(Level::INFO));
        let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
        fixture.store = faulty.clone();
        faulty.fail_before("enqueue", 1, || Error::transient("the disk is full"));
        Charge::perform_later(1, "x").wait(wait).on(&handle(&fixture).await).await.unwrap_err();
        let line = log.only("Failed enqueuing charge to Memory(payments): ");
        assert!(line.starts_with("ERROR") && line.contains("the disk is full"), "{line}");
    }
}

#[tokio::test]
async fn a_perform_logs_its_start_with_the_enqueue_time_and_its_end_in_milliseconds() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let running = runtime(&fixture).await.start().await.unwrap();
    let id = id(Charge::perform_later(7, "x").on(&running.client()).await.unwrap());
    let record = fixture.reaches(id, State::Finished).await;
    let start =
        format!("Performing charge (Job ID: {id}) from Memory(payments) enqueued at {} with", record.enqueued_at);
    assert!(log.only(&start).starts_with("INFO"));
    let end = log.only(&format!("Performed charge (Job ID: {id}) from Memory(payments) in "));
    let (_, took) = end.split_once(" in ").unwrap();
    let (number, _) = took.split_once("ms").unwrap();
    assert!(number.parse::<f64>().is_ok(), "{end}");
}

#[tokio::test]
async fn a_job_performed_now_was_never_enqueued_and_logs_no_such_time() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    Charge::perform_now(7, "x").on(&handle(&fixture).await).await.unwrap();
    let line = log.only("Performing charge");
    assert!(line.contains("from Memory(payments) with arguments"), "{line}");
    assert!(log.has("Performed charge"));
}

#[tokio::test]
async fn log_lines_of_a_job_are_in_a_span_with_job_id_queue_and_attempt() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let running = runtime(&fixture).await.start().await.unwrap();
    let id = id(Say::perform_later("hello").on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    let span = format!(r#"perform{{job="say" id={id} queue=default attempt=1}}"#);
    for words in ["Performing say", "Performed say"] {
        assert!(log.only(words).contains(&span), "{}", log.only(words));
    }
    assert!(log.lines().iter().any(|line| line.contains(&span) && line.ends_with(": hello")), "{:?}", log.lines());
    assert!(log.only("Enqueued open_shop").contains(&span), "a job enqueued inside another is logged under it");
    let inner = log.only("Performing open_shop");
    assert!(inner.contains(r#"perform{job="open_shop""#), "and runs under its own: {inner}");
}

#[tokio::test]
async fn a_job_performed_inside_another_is_logged_under_both() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let runtime = Runtime::builder().connect("inline:").register(jobs::jobs![Say, OpenShop]).build().await.unwrap();
    Say::perform_later("hello").on(&runtime.client()).await.unwrap();
    let line = log.only("Performing open_shop");
    assert!(line.contains(r#"perform{job="say""#) && line.contains(r#":perform{job="open_shop""#), "{line}");
    let (performed, enqueued) = (position(&log, "Performed say"), position(&log, "Enqueued say"));
    assert!(performed < enqueued, "inline, a job has run before it counts as enqueued");
    drop(fixture);
}

fn position(log: &Log, words: &str) -> Option<usize> {
    log.lines().iter().position(|line| line.contains(words))
}

#[tokio::test]
async fn a_halted_perform_logs_the_halt_each_time_and_a_false_value_is_none() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let jobs = handle(&fixture).await;
    assert!(!OpenShop::perform_now("friday").on(&jobs).await.unwrap());
    assert!(!log.has("halted"), "false is a value: {:?}", log.lines());
    assert!(log.has("Performed open_shop"));
    let halted = OpenShop::perform_now("monday").on(&jobs).await;
    assert!(matches!(halted, Err(PerformError::Halted)), "{halted:?}");
    let line = log.only("a before_perform callback halted it");
    assert!(line.starts_with("ERROR"), "{line}");
}

async fn ends(fixture: &Fixture, job: AnyJob, state: State) -> JobId {
    let running = runtime(fixture).await.start().await.unwrap();
    let id = id(running.client().perform_all_later([job]).await.unwrap()[0]);
    fixture.reaches(id, state).await;
    running.stop().await;
    id
}

#[tokio::test]
async fn an_error_without_a_rule_logs_its_class_message_causes_and_duration() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let id = ends(&fixture, Rest::new().into(), State::Failed).await;
    let line = log.only(&format!("Error performing rest (Job ID: {id}) from Memory(default) in "));
    assert!(line.starts_with("ERROR"), "{line}");
    assert!(line.contains("ms: std::io::error::Error (no bed), caused by: declined"), "{line}");
}

#[tokio::test]
async fn an_error_that_a_rule_takes_is_no_error_of_the_perform() {
    for job in [AnyJob::from(DropIt::new()), AnyJob::from(GiveUpQuietly::new())] {
        let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
        ends(&fixture, job, State::Discarded).await;
        assert!(!log.has("Error performing"), "{:?}", log.lines());
    }
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    ends(&fixture, BeSaved::new().into(), State::Finished).await;
    assert!(!log.has("Error performing"), "{:?}", log.lines());
}

#[tokio::test]
async fn a_retry_logs_wait_cause_and_old_queue_and_the_next_run_logs_the_new_queue() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let running = runtime(&fixture).await.start().await.unwrap();
    let id = id(Charge::perform_later(13, "x").on(&running.client()).await.unwrap());
    let _wait = fixture.wait_after(id, 1).await;
    fixture.reaches(id, State::Failed).await;
    let class = std::any::type_name::<Declined>();
    let line = log.only(&format!("Retrying charge (Job ID: {id}) after 1 attempt in 1.0s, due to {class} (declined)"));
    assert!(line.contains("queue=payments attempt=1"), "{line}");
    assert!(log.has("from Memory(payments) enqueued") && log.has("from Memory(again) enqueued"), "{:?}", log.lines());
    let stopped =
        log.only(&format!("Stopped retrying charge (Job ID: {id}) due to {class} (declined), which reoccurred"));
    assert!(stopped.starts_with("ERROR") && stopped.contains("reoccurred on 2 attempts"), "{stopped}");
}

#[tokio::test]
async fn exhausted_retries_with_a_function_are_logged_too() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let id = ends(&fixture, GiveUpQuietly::new().into(), State::Discarded).await;
    assert!(log.only(&format!("Stopped retrying give_up_quietly (Job ID: {id})")).contains("on 1 attempt"));
}

#[tokio::test]
async fn a_discard_is_logged_with_its_cause() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let id = ends(&fixture, DropIt::new().into(), State::Discarded).await;
    let line = log.only(&format!("Discarded drop_it (Job ID: {id}) due to "));
    assert!(line.starts_with("ERROR") && line.contains("(declined)"), "{line}");
}

#[tokio::test]
async fn a_bulk_is_logged_with_its_names_the_most_frequent_first() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let bulk = [AnyJob::from(DropIt::new()), Rest::new().into(), Rest::new().into()];
    handle(&fixture).await.perform_all_later(bulk).await.unwrap();
    assert!(log.only("Enqueued 3 jobs to Memory (2 rest, 1 drop_it)").starts_with("INFO"));
}

#[tokio::test]
async fn a_bulk_that_was_cut_short_logs_what_is_stored_and_what_is_not() {
    let (mut fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let jobs = handle(&fixture).await;
    faulty.fail_before("enqueue", 1, || Error::transient("gone"));
    jobs.perform_all_later([Rest::new(), Rest::new()]).await.unwrap_err();
    assert!(log.only("Failed enqueuing 2 jobs").starts_with("INFO"));
    assert!(!log.has("Enqueued"), "{:?}", log.lines());
    let lazy = (0..6000).map(|number| {
        if number == 4000 {
            faulty.fail_before("enqueue", 1, || Error::transient("gone"));
        }
        Rest::new()
    });
    jobs.perform_all_later(lazy).await.unwrap_err();
    assert!(log.has("Enqueued 4000 jobs to Memory (4000 rest). Failed enqueuing 2000 jobs"), "{:?}", log.lines());
    let reported = fixture.recorder.events();
    let Some(Event::EnqueuedAll(jobs::events::EnqueuedAll { bulk, .. })) = reported.last() else {
        panic!("{reported:?}")
    };
    assert_eq!((bulk.stored, bulk.failed), (4000, 2000));
}
