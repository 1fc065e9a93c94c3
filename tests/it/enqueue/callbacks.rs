//! Callbacks around an enqueue.
#![expect(clippy::unused_async, reason = "callbacks may be async, whatever their body does")]

use std::io;
use std::sync::LazyLock;
use std::time::Duration;

use jobs::callback::JobDraft;
use jobs::prelude::*;
use jobs::{Due, Event, State};

use crate::fixture::{CallLog, Fixture, id};

/// Each callback leaves its mark on the priority, so that the order shows.
#[jobs::base(before_enqueue(mark_1))]
struct Marking;

fn mark_1(enqueue: &mut JobDraft) {
    enqueue.priority = 1;
}

#[job(base = Marking, before_enqueue(mark_2, mark_3), after_enqueue(last_after, first_after))]
async fn be_marked(number: u32) -> Result<(), io::Error> {
    let _ = number;
    Ok(())
}

static MARKS: LazyLock<CallLog> = LazyLock::new(CallLog::default);

async fn mark_2(enqueue: &mut JobDraft, _: &BeMarked) {
    enqueue.priority = enqueue.priority * 10 + 2;
}

fn mark_3(enqueue: &mut JobDraft, job: &BeMarked) -> Result<(), Halt> {
    enqueue.priority = enqueue.priority * 10 + 3;
    if job.number == 0 { Err(Halt) } else { Ok(()) }
}

fn first_after(enqueue: &mut JobDraft, job: &BeMarked) {
    MARKS.add(format!("first {} {}", job.number, enqueue.priority));
}

async fn last_after(_: &mut JobDraft, job: &BeMarked) {
    MARKS.add(format!("last {}", job.number));
}

async fn jobs_of(fixture: &Fixture, job: &jobs::definition::Definition) -> Client {
    fixture.builder([*job]).build().await.unwrap().client()
}

#[tokio::test]
async fn before_callbacks_run_as_declared_the_bases_first_and_after_callbacks_in_reverse() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, &jobs::definition::Definition::of::<BeMarked>()).await;
    let id = id(BeMarked::perform_later(1).on(&jobs).await.unwrap());
    assert_eq!(fixture.record(id).await.priority, 123);
    let after: Vec<_> = MARKS.all().into_iter().filter(|words| words.contains(" 1")).collect();
    assert_eq!(after, ["first 1 123", "last 1"]);
}

#[tokio::test]
async fn a_halt_before_enqueue_stores_nothing_and_the_caller_is_notified() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, &jobs::definition::Definition::of::<BeMarked>()).await;
    let answer = BeMarked::perform_later(0).on(&jobs).await.unwrap();
    assert_eq!((answer, answer.id()), (Enqueued::Halted, None));
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
    assert!(!MARKS.all().iter().any(|words| words.contains(" 0")), "no after callback runs after a halt");
    let halted = fixture.recorder.wait_for(|event| matches!(event, Event::EnqueueHalted(_))).await;
    assert_eq!(halted.job().unwrap().name, "be_marked");
}

#[tokio::test]
async fn no_enqueue_callback_runs_for_a_bulk() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, &jobs::definition::Definition::of::<BeMarked>()).await;
    let answers = jobs.perform_all_later([BeMarked::new(0), BeMarked::new(9)]).await.unwrap();
    for answer in answers {
        assert_eq!(fixture.record(id(answer)).await.priority, 0);
    }
    assert!(!MARKS.all().iter().any(|words| words.contains(" 9")));
}

/// Sends the job elsewhere, later, with other arguments.
#[job(queue = "first", before_enqueue(redirect))]
async fn be_redirected(number: u32) -> Result<(), io::Error> {
    let _ = number;
    Ok(())
}

fn redirect(enqueue: &mut JobDraft, job: &BeRedirected) {
    "second".clone_into(&mut enqueue.queue);
    enqueue.priority = -5;
    enqueue.due = Due::In(Duration::from_secs(9));
    enqueue.arguments = format!(r#"{{"number":{}}}"#, job.number + 1);
}

#[tokio::test]
async fn a_before_callback_may_alter_queue_priority_time_and_arguments() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, &jobs::definition::Definition::of::<BeRedirected>()).await;
    let record = fixture.record(id(BeRedirected::perform_later(1).priority(7).on(&jobs).await.unwrap())).await;
    assert_eq!((record.queue.as_str(), record.priority, record.state), ("second", -5, State::Scheduled));
    assert_eq!(record.due_at.duration_since(record.enqueued_at), Duration::from_secs(9));
    assert_eq!(record.arguments, r#"{"number":2}"#);
}

/// Makes the draft invalid.
#[job(before_enqueue(spoil))]
async fn be_spoilt(how: String) -> Result<(), io::Error> {
    drop(how);
    Ok(())
}

fn spoil(enqueue: &mut JobDraft, job: &BeSpoilt) {
    match job.how.as_str() {
        "queue" => "two words".clone_into(&mut enqueue.queue),
        _ => enqueue.arguments = "x".repeat(2 << 20),
    }
}

#[tokio::test]
async fn values_altered_by_a_callback_are_checked_like_those_of_the_caller() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, &jobs::definition::Definition::of::<BeSpoilt>()).await;
    for (how, words) in [("queue", "`two words`"), ("size", "the limit is")] {
        let error = BeSpoilt::perform_later(how).on(&jobs).await.unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains(words), "{error}");
    }
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
}

#[job(before_enqueue(refuse))]
async fn be_refused() -> Result<(), io::Error> {
    Ok(())
}

async fn refuse(_: &mut JobDraft, _: &BeRefused) -> Result<(), io::Error> {
    Err(io::Error::other("the ledger is closed"))
}

#[tokio::test]
async fn a_before_callback_that_fails_is_an_error_for_the_caller_and_nothing_is_stored() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, &jobs::definition::Definition::of::<BeRefused>()).await;
    let words = BeRefused::perform_later().on(&jobs).await.unwrap_err().to_string();
    assert!(words.contains("`be_refused`") && words.contains("the ledger is closed"), "{words}");
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
}

#[job(after_enqueue(stumble))]
async fn be_stumbled_over() -> Result<(), io::Error> {
    Ok(())
}

fn stumble(_: &mut JobDraft, _: &BeStumbledOver) -> Result<(), io::Error> {
    Err(io::Error::other("too late to refuse"))
}

#[tokio::test]
async fn an_after_callback_that_fails_is_an_event_and_the_caller_gets_the_stored_job() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, &jobs::definition::Definition::of::<BeStumbledOver>()).await;
    let id = id(BeStumbledOver::perform_later().on(&jobs).await.unwrap());
    assert_eq!(fixture.record(id).await.state, State::Ready);
    let event = fixture.recorder.wait_for(|event| matches!(event, Event::CallbackFailed(_))).await;
    let Event::CallbackFailed(event) = event else { panic!("another event") };
    assert_eq!((event.job.id, event.error.message.as_str()), (id, "too late to refuse"));
}

/// Panics before it is stored.
#[job(before_enqueue(explode))]
async fn be_exploded() -> Result<(), io::Error> {
    Ok(())
}

fn explode(_: &mut JobDraft, _: &BeExploded) {
    panic!("boom before the store");
}

#[tokio::test]
async fn a_panic_of_an_enqueue_callback_is_the_callers_and_stores_nothing() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, &jobs::definition::Definition::of::<BeExploded>()).await;
    let enqueued = tokio::spawn(async move { BeExploded::perform_later().on(&jobs).await });
    let answer = enqueued.await;
    assert!(answer.is_err_and(|error| error.is_panic()), "a panic of the caller's own code goes to the caller");
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
}

#[job(before_enqueue(enqueue_again))]
async fn be_endless() -> Result<(), io::Error> {
    Ok(())
}

async fn enqueue_again(_: &mut JobDraft, _: &BeEndless) -> jobs::Result<()> {
    BeEndless::perform_later().await.map(drop)
}

#[tokio::test]
async fn a_callback_that_enqueues_its_own_job_without_end_is_refused() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture, &jobs::definition::Definition::of::<BeEndless>()).await;
    let error = jobs.scope(async { BeEndless::perform_later().await }).await.unwrap_err();
    assert!(error.to_string().contains("inside of 16 others"), "{error}");
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
}
