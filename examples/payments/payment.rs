//! The job that pays an order.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jobs::prelude::*;
use jobs::time::{Clock, SystemClock};

use crate::gateway::{Gateway, PaymentError};

/// Pays one order.
#[job(
    queue = "payments",
    timeout = 300ms,
    retry_on(PaymentError::Unavailable, wait = 50ms, attempts = 5),
    retry_on(PaymentError::RateLimited, wait = 20ms, attempts = 3, exhausted = ask_a_person),
    retry_on(Panic, wait = 10ms, attempts = 2),
    retry_on(TimedOut, wait = 10ms, attempts = 3),
    discard_on(PaymentError::Declined { .. }),
    discard_on(DeserializeError),
)]
pub(crate) async fn process_payment(
    order_id: u64,
    method: String,
    cents: u64,
    ctx: &Context,
    gateway: &Gateway,
) -> Result<(), PaymentError> {
    record_pickup(ctx);
    let _ = method;
    gateway.charge(ctx.id(), order_id, cents, ctx.attempt()).await
}

/// The gateway refused every attempt, so a person takes over.
fn ask_a_person(ctx: &Context, failure: &Failure) {
    let order = ctx.job::<ProcessPayment>().map_or(0, |payment| payment.order_id);
    println!("  order {order}: {failure}; a person will look at it");
}

/// The time between the due time and the start of each first attempt.
static PICKUPS: Mutex<Vec<Duration>> = Mutex::new(Vec::new());

fn record_pickup(ctx: &Context) {
    if ctx.attempt() == 1 {
        let waited = SystemClock.now().duration_since(ctx.due_at());
        PICKUPS.lock().unwrap_or_else(PoisonError::into_inner).push(waited);
    }
}

/// The recorded durations, sorted.
pub(crate) fn pickups() -> Vec<Duration> {
    let mut pickups = PICKUPS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    pickups.sort();
    pickups
}
