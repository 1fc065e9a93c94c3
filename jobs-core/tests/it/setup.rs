//! What the tests share: polling by hand, a job, its surroundings, a clock and chance that are given.

use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Poll, Waker};

use jobs_core::{
    ClaimToken, Clock, Context, Entropy, Execution, Failure, FailureCallback, Job, JobId, NeverCancelled, ProcessId,
    Provided, Settings, Timestamp, as_error,
};
use serde::{Deserialize, Serialize};

/// Polls to the end. Nothing in core waits for the outside, so a future that is pending for long hangs.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = std::task::Context::from_waker(Waker::noop());
    let mut polls = (0..1000).map(|_| future.as_mut().poll(&mut context));
    let ready = polls.find_map(|poll| if let Poll::Ready(output) = poll { Some(output) } else { None });
    ready.expect("the future does not hang")
}

/// Pending once, so that what awaits it is left and entered again.
pub(crate) async fn pause() {
    let mut first = true;
    std::future::poll_fn(|_| if std::mem::take(&mut first) { Poll::Pending } else { Poll::Ready(()) }).await;
}

/// The job of most tests: notes that it ran, and gives twice its number; an odd one fails.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pay {
    pub(crate) order: u64,
}

#[derive(Debug)]
pub(crate) enum PaymentError {
    Gateway(io::Error),
    Declined { code: u16 },
    Frozen,
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gateway(_) => f.write_str("the gateway failed"),
            Self::Declined { code } => write!(f, "declined with {code}"),
            Self::Frozen => f.write_str("frozen"),
        }
    }
}

impl std::error::Error for PaymentError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Gateway(error) => Some(error),
            Self::Declined { .. } | Self::Frozen => None,
        }
    }
}

impl Job for Pay {
    type Output = u64;
    type Error = PaymentError;
    const SETTINGS: Settings = Settings::new("pay");

    async fn perform(self, context: &Context) -> Result<u64, PaymentError> {
        note(context, "body");
        pause().await;
        if self.order % 2 == 1 { Err(PaymentError::Frozen) } else { Ok(self.order * 2) }
    }

    fn cause(error: &PaymentError) -> Option<&(dyn std::error::Error + 'static)> {
        as_error(error)
    }
}

pub(crate) fn gateway() -> Failure {
    Failure::raised::<Pay>(PaymentError::Gateway(io::Error::other("refused")))
}

pub(crate) fn declined(code: u16) -> Failure {
    Failure::raised::<Pay>(PaymentError::Declined { code })
}

pub(crate) fn frozen() -> Failure {
    Failure::raised::<Pay>(PaymentError::Frozen)
}

/// What ran, in its order.
#[derive(Default)]
pub(crate) struct Trace(Mutex<Vec<String>>);

pub(crate) fn note(context: &Context, word: &str) {
    words(context).push(word.to_owned());
}

pub(crate) fn noted(context: &Context) -> Vec<String> {
    words(context).clone()
}

fn words(context: &Context) -> MutexGuard<'_, Vec<String>> {
    let trace = context.get::<Trace>().expect("the tests' contexts provide a trace");
    trace.0.lock().expect("no test panics while it notes")
}

/// A function that notes its own word, the job and the failure it is told of.
pub(crate) fn told(word: &'static str) -> FailureCallback {
    Arc::new(move |context, failure| {
        Box::pin(async move {
            note(context, &format!("{word}: {} {failure}", context.id()));
            Ok(())
        })
    })
}

pub(crate) const ID: JobId = JobId::from_bytes([7; 16]);

pub(crate) fn execution(arguments: &str) -> Execution {
    let token = ClaimToken::new(ID, ProcessId::new(1), 1);
    Execution::new(token, "pay".to_owned(), arguments.to_owned())
}

pub(crate) fn context_of(execution: Execution) -> Context {
    let mut provided = Provided::new();
    provided.insert(Trace::default());
    Context::new(execution, Arc::new(provided), Arc::new(NeverCancelled))
}

pub(crate) fn context(arguments: &str) -> Context {
    context_of(execution(arguments))
}

/// A clock that stands until it is set.
#[derive(Debug)]
pub(crate) struct SetClock(AtomicI64);

impl SetClock {
    pub(crate) fn at_millis(millis: i64) -> Self {
        Self(AtomicI64::new(millis * 1000))
    }

    pub(crate) fn set_millis(&self, millis: i64) {
        self.0.store(millis * 1000, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Chance that is always the same.
#[derive(Debug)]
pub(crate) struct Fixed(pub(crate) u64);

impl Entropy for Fixed {
    fn next_u64(&self) -> u64 {
        self.0
    }
}
