//! A panic of user code, wherever it is, ends no loop of the process.

use std::time::Duration;

use jobs::prelude::*;
use jobs::{Event, State};

use crate::fixture::{Fixture, id};

#[derive(Debug)]
struct Fault;

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a fault")
    }
}

impl std::error::Error for Fault {}

fn wait_that_panics(_count: u32) -> Duration {
    panic!("the wait is broken")
}

/// A plain function, which runs when it is called and not when its answer is awaited.
fn told_that_panics(_ctx: &Context, _failure: &Failure) {
    panic!("the failure callback is broken")
}

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("the destructor is broken")
    }
}

#[job(retry_on(Fault, wait = wait_that_panics))]
async fn panic_in_wait() -> Result<(), Fault> {
    Err(Fault)
}

#[job(discard_on(Fault, tell = told_that_panics))]
async fn panic_in_told() -> Result<(), Fault> {
    Err(Fault)
}

#[job(timeout = 5ms, discard_on(TimedOut))]
async fn panic_in_destructor() -> Result<(), Fault> {
    let _guard = PanicsWhenDropped;
    std::future::pending().await
}

#[job(before_perform(panic_before))]
async fn panic_in_callback() -> Result<(), Fault> {
    Ok(())
}

fn panic_before(_ctx: &Context, _job: &PanicInCallback) {
    panic!("the callback is broken")
}

#[job]
async fn behave() -> Result<(), Fault> {
    Ok(())
}

#[job]
async fn never_end() -> Result<(), Fault> {
    std::future::pending().await
}

#[job]
async fn panic_beside_another() -> Result<(), Fault> {
    let mut other = std::pin::pin!(NeverEnd::perform_now().into_future());
    tokio::select! {
        biased;
        _ = &mut other => Ok(()),
        () = std::future::ready(()) => panic!("the other job is dropped while this panic unwinds"),
    }
}

/// Its text is fine, and the text of its cause panics.
#[derive(Debug)]
struct UnspeakableCause(UnspeakableError);

#[derive(Debug)]
struct UnspeakableError;

impl std::fmt::Display for UnspeakableCause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the callback failed")
    }
}

impl std::fmt::Display for UnspeakableError {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("the text of the cause is broken")
    }
}

impl std::error::Error for UnspeakableError {}

impl std::error::Error for UnspeakableCause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

fn told_that_fails(_ctx: &Context, _failure: &Failure) -> Result<(), UnspeakableCause> {
    Err(UnspeakableCause(UnspeakableError))
}

#[job(discard_on(Fault, tell = told_that_fails), after_discard(told_that_fails))]
async fn fail_in_told() -> Result<(), Fault> {
    Err(Fault)
}

/// An error that panics when it is dropped, and that is its own cause.
#[derive(Debug)]
struct Undroppable;

impl std::fmt::Display for Undroppable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a fault of its own")
    }
}

impl std::error::Error for Undroppable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self)
    }
}

impl Drop for Undroppable {
    fn drop(&mut self) {
        panic!("the destructor of the error is broken")
    }
}

#[job(after_discard(told_that_cannot_be_dropped))]
async fn fail_without_end() -> Result<(), Undroppable> {
    Err(Undroppable)
}

fn told_that_cannot_be_dropped(_ctx: &Context, _failure: &Failure) -> Result<(), Undroppable> {
    Err(Undroppable)
}

async fn hang(_ctx: &Context, _failure: &Failure) {
    std::future::pending::<()>().await;
}

#[job(timeout = 5ms, rescue_from(Fault, with = hang))]
async fn hang_in_rescue() -> Result<(), Fault> {
    Err(Fault)
}

#[job(timeout = 5ms, discard_on(Fault, tell = hang))]
async fn hang_in_tell() -> Result<(), Fault> {
    Err(Fault)
}

#[job(timeout = 5ms, retry_on(Fault, attempts = 1, exhausted = hang))]
async fn hang_in_exhausted() -> Result<(), Fault> {
    Err(Fault)
}

#[job(timeout = 5ms, after_discard(hang, hang))]
async fn hang_in_after_discard() -> Result<(), Fault> {
    Err(Fault)
}

/// One worker with one slot: a loop that ended would run no more jobs.
async fn ends(job: impl FnOnce(&Client) -> jobs::AnyJob, state: State) -> jobs::store::JobRecord {
    let fixture = Fixture::new();
    let mut all =
        jobs::jobs![PanicInWait, PanicInTold, PanicInDestructor, PanicInCallback, PanicBesideAnother, NeverEnd, Behave]
            .to_vec();
    all.extend(jobs::jobs![FailInTold, FailWithoutEnd, HangInRescue, HangInTell, HangInExhausted, HangInAfterDiscard]);
    let builder = fixture.builder(all).worker(Worker::new(["*"]).concurrency(1));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let jobs = running.client();
    let answers = jobs.perform_all_later([job(&jobs), Behave::new().into()]).await.unwrap();
    let [panicking, next] = [id(answers[0]), id(answers[1])];
    let record = fixture.reaches(panicking, state).await;
    fixture.reaches(next, State::Finished).await;
    record
}

#[tokio::test]
async fn a_panic_in_a_computed_wait_fails_the_job_with_both_errors() {
    let record = ends(|_| PanicInWait::new().into(), State::Failed).await;
    assert_eq!(record.errors[0].message, "a fault");
    assert!(record.errors[0].causes[0].contains("the wait is broken"), "{:?}", record.errors);
}

#[tokio::test]
async fn a_panic_in_a_failure_callback_fails_the_job_with_both_errors() {
    let record = ends(|_| PanicInTold::new().into(), State::Failed).await;
    assert!(record.errors[0].message.contains("the failure callback is broken"), "{:?}", record.errors);
    assert!(record.errors[0].causes[0].contains("panics.rs:"), "where it panicked: {:?}", record.errors);
    assert!(record.errors[0].causes[1].contains("a fault"), "{:?}", record.errors);
}

#[tokio::test]
async fn a_panic_in_a_destructor_of_a_job_that_timed_out_changes_nothing() {
    let record = ends(|_| PanicInDestructor::new().into(), State::Discarded).await;
    assert!(record.errors[0].message.contains("timeout"), "{:?}", record.errors);
}

#[tokio::test]
async fn a_panic_in_a_callback_is_a_failure_of_the_job() {
    let record = ends(|_| PanicInCallback::new().into(), State::Failed).await;
    assert!(record.errors[0].message.contains("the callback is broken"), "{:?}", record.errors);
}

#[tokio::test]
async fn the_place_of_a_panic_is_kept_while_another_job_is_dropped() {
    let record = ends(|_| PanicBesideAnother::new().into(), State::Failed).await;
    let causes = &record.errors[0].causes;
    assert!(causes.iter().any(|cause| cause.contains("panics.rs:")), "{:?}", record.errors);
}

#[tokio::test]
async fn a_panic_in_a_watcher_does_no_harm() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Behave]).watch(|_| panic!("the watcher is broken"));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Behave::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(id, |event| matches!(event, Event::Performed(_))).await;
    fixture.reaches(id, State::Finished).await;
}

#[tokio::test]
async fn a_panic_in_the_text_of_an_error_of_a_failure_callback_fails_the_job_with_both_errors() {
    let record = ends(|_| FailInTold::new().into(), State::Failed).await;
    assert_eq!(record.errors[0].message, "the callback failed", "{:?}", record.errors);
    assert!(record.errors[0].causes[0].contains("a fault"), "{:?}", record.errors);
}

#[tokio::test]
async fn an_error_without_an_end_that_panics_when_it_is_dropped_fails_its_job_alone() {
    let record = ends(|_| FailWithoutEnd::new().into(), State::Failed).await;
    assert_eq!(record.errors[0].message, "a fault of its own", "{:?}", record.errors);
}

#[tokio::test]
async fn a_failure_callback_that_hangs_ends_with_the_time_out_of_its_job() {
    for job in [HangInRescue::new().into(), HangInTell::new().into(), HangInExhausted::new().into()] {
        let record = ends(|_| job, State::Failed).await;
        assert_eq!(record.errors[0].class, "jobs::TimedOut", "{:?}", record.errors);
        assert!(record.errors[0].causes[0].contains("a fault"), "{:?}", record.errors);
    }
    let record = ends(|_| HangInAfterDiscard::new().into(), State::Failed).await;
    assert_eq!(record.errors[0].message, "a fault", "{:?}", record.errors);
}
