//! The jobs of the scenarios.

use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bench_protocol::Tally;
use jobs::{Context, job};

use crate::ours::job::Counted;

/// Takes the time that it is told.
#[job]
pub(super) async fn take_time(millis: u64, counted: &Counted) -> Result<(), Infallible> {
    counted.0.performed(0);
    tokio::time::sleep(Duration::from_millis(millis)).await;
    Ok(())
}

/// The queues of the started jobs, by their numbers, in the order of the starts.
#[derive(Clone, Default)]
pub(super) struct Started(Arc<Mutex<Vec<u8>>>);

impl Started {
    pub(super) fn queues(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notes its queue, and takes the time that it is told.
#[job]
pub(super) async fn note_start(queue: u8, millis: u64, started: &Started) -> Result<(), Infallible> {
    started.queues().push(queue);
    if millis > 0 {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
    Ok(())
}

/// Exists once with this number until it is done.
#[job(unique(by = order_id, until = done))]
pub(super) async fn process_once(order_id: u64, method: String, counted: &Counted) -> Result<(), Infallible> {
    std::hint::black_box(method);
    counted.0.performed(order_id);
    Ok(())
}

/// The performed jobs that were to run later than at once.
#[derive(Default)]
pub(super) struct Later(pub(super) Arc<Tally>);

/// The failure of a first attempt.
#[derive(Debug)]
pub(super) struct Declined;

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the payment was declined")
    }
}

impl std::error::Error for Declined {}

/// Is scheduled for later, or fails in its first attempt.
#[job(retry_on(Declined, wait = 2s, attempts = 3))]
pub(super) async fn process_later(
    order_id: u64,
    fails: bool,
    context: &Context,
    later: &Later,
) -> Result<(), Declined> {
    if fails && context.attempt() == 1 {
        return Err(Declined);
    }
    later.0.performed(order_id);
    Ok(())
}
