//! The jobs of these tests, and catching an assertion that fails.

use std::cell::RefCell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::{Arc, Mutex, Once};

use jobs::prelude::*;
use jobs_testing::TestJobs;

/// What jobs wrote down, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallLog(Arc<Mutex<Vec<String>>>);

impl CallLog {
    pub(crate) fn add(&self, words: impl Into<String>) {
        self.0.lock().unwrap().push(words.into());
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// An error that some rules take.
#[derive(Debug)]
pub(crate) struct Busy;

impl fmt::Display for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the line is busy")
    }
}

impl std::error::Error for Busy {}

/// An error that no rule takes.
#[derive(Debug)]
pub(crate) struct Bounced;

impl fmt::Display for Bounced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it came back")
    }
}

impl std::error::Error for Bounced {}

#[job(queue = "mail")]
pub(crate) async fn send_mail(to: u64, calls: &CallLog) -> Result<(), Bounced> {
    calls.add(format!("mail {to}"));
    if to == 0 { Err(Bounced) } else { Ok(()) }
}

#[job(priority = 5)]
pub(crate) async fn resize(file: String, calls: &CallLog) {
    calls.add(format!("resize {file}"));
}

#[job(queue = "mail")]
pub(crate) async fn digest(day: u32, calls: &CallLog) {
    calls.add(format!("digest {day}"));
}

/// Enqueues the next of its kind.
#[job]
pub(crate) async fn chain(left: u32, calls: &CallLog) -> Result<(), jobs::Error> {
    calls.add(format!("chain {left}"));
    if left > 0 {
        Chain::perform_later(left - 1).await?;
    }
    calls.add(format!("end {left}"));
    Ok(())
}

#[job(retry_on(Busy, wait = 3s, attempts = 2, jitter = 0.0, queue = "slow", priority = 9))]
pub(crate) async fn call(number: u64, ctx: &Context, calls: &CallLog) -> Result<u64, Busy> {
    calls.add(format!("call {number} attempt {}", ctx.attempt()));
    if number == 0 || (number == 1 && ctx.attempt() == 1) { Err(Busy) } else { Ok(number) }
}

#[job(discard_on(any), redact(card))]
pub(crate) async fn pay(order: u64, card: String) -> Result<(), Bounced> {
    if order == 0 || card.is_empty() { Err(Bounced) } else { Ok(()) }
}

#[job(log_arguments = false)]
pub(crate) async fn whisper(secret: String) {
    drop(secret);
}

fn only_even(_enqueue: &mut jobs::callback::JobDraft, job: &Careful) -> Result<(), Halt> {
    if job.number.is_multiple_of(2) { Ok(()) } else { Err(Halt) }
}

#[job(before_enqueue(only_even))]
pub(crate) async fn careful(number: u32) {
    let _ = number;
}

/// A test with all these jobs, and what they write down.
pub(crate) fn test() -> (TestJobs, CallLog) {
    let calls = CallLog::default();
    (TestJobs::builder().provide(calls.clone()).build(), calls)
}

/// The same without the log, with the client of the thread set.
pub(crate) fn plain() -> (TestJobs, jobs_testing::EnterGuard) {
    let (test, _) = test();
    let entered = test.enter();
    (test, entered)
}

/// Enqueues a job.
pub(crate) async fn enqueue<J: Job>(job: J) {
    job.enqueue().await.unwrap();
}

/// Enqueues a mail to `to`.
pub(crate) async fn mail(to: u64) {
    SendMail::perform_later(to).await.unwrap();
}

/// Enqueues a picture to resize.
pub(crate) async fn picture(file: &str) {
    Resize::perform_later(file).await.unwrap();
}

thread_local! {
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What a failing assertion said, and at which file and line.
pub(crate) struct Said {
    pub(crate) words: String,
    pub(crate) place: String,
}

/// The panic of an assertion that is to fail.
#[track_caller]
pub(crate) fn panic_of<T>(assertion: impl FnOnce() -> T) -> Said {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        set_hook(Box::new(move |panic| {
            let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line()));
            PLACE.set(place.unwrap_or_default());
            before(panic);
        }));
    });
    let Err(payload) = catch_unwind(AssertUnwindSafe(assertion)) else { panic!("the assertion did not fail") };
    let words = payload.downcast_ref::<String>().cloned().or_else(|| payload.downcast_ref::<&str>().map(|&s| s.into()));
    Said { words: words.unwrap(), place: PLACE.take() }
}

/// Fails unless the assertion fails with words that begin so.
#[track_caller]
pub(crate) fn assert_fails<T>(begin: &str, assertion: impl FnOnce() -> T) {
    let words = panic_of(assertion).words;
    assert!(words.starts_with(begin), "it said: {words}");
}
