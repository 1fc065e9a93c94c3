//! Every key of the attributes.
#![deny(warnings)]

use std::time::Duration;

use jobs::prelude::*;
use jobs::callback::{JobDraft, Next, NextEnqueue};
use serde_json::Value;

#[jobs::base(
    queue = "mail",
    priority = -1,
    timeout = 1h30m,
    log_arguments = false,
    retry_on(any, attempts = 2),
    discard_on(DeserializeError),
    rescue_from(TimedOut, with = told),
    after_discard(told),
    before_perform(before),
    after_perform(before),
    around_perform(around),
    before_enqueue(enqueuing),
    after_enqueue(enqueuing),
    around_enqueue(storing),
    jitter = 0.3,
)]
struct ApplicationJob;

async fn told(_: &Context, _: &Failure) {}

fn before(_: &Context) {}

async fn around(_: &Context, next: Next<'_>) -> Result<(), Failure> {
    next.run().await
}

async fn storing(enqueue: &mut JobDraft, next: NextEnqueue<'_>) -> Result<(), Failure> {
    next.run(enqueue).await
}

fn enqueuing(enqueue: &mut JobDraft) -> Result<(), Halt> {
    enqueue.priority += 1;
    Ok(())
}

#[job(
    crate = ::jobs,
    struct = Delivery,
    queue = "post",
    priority = 10,
    name = "deliver_parcel",
    aliases("deliver", "send"),
    version = 2,
    upgrade = newer,
    timeout = 90s,
    base = ApplicationJob,
    log_arguments = true,
    redact(card),
    retry_on(std::io::Error, wait = 500ms, attempts = 3, jitter = 0.5, queue = "slow", priority = 1, exhausted = told),
    discard_on(Panic, tell = told),
    rescue_from(TimedOut, with = told),
    after_discard(told, told),
    before_perform(check),
    after_perform(check),
    around_perform(inside),
    before_enqueue(on_its_way),
    after_enqueue(on_its_way),
    around_enqueue(stored),
    jitter = 0.5,
    skip(before_enqueue(enqueuing)),
)]
async fn deliver(to: u64, card: String) -> Result<(), std::io::Error> {
    drop((to, card));
    Ok(())
}

fn newer(value: Value, version: u32) -> Result<Value, std::io::Error> {
    assert_eq!(version, 1);
    Ok(value)
}

async fn check(_: &Context, job: &Delivery) -> Result<(), Halt> {
    if job.to == 0 { Err(Halt) } else { Ok(()) }
}

async fn inside(_: &Context, _: &Delivery, next: Next<'_>) -> Result<(), Failure> {
    next.run().await
}

async fn stored(enqueue: &mut JobDraft, _: &Delivery, next: NextEnqueue<'_>) -> Result<(), Failure> {
    next.run(enqueue).await
}

fn on_its_way(_: &mut JobDraft, _: &Delivery) {}

fn main() {
    let settings = Delivery::SETTINGS;
    assert_eq!((settings.name, settings.aliases), ("deliver_parcel", &["deliver", "send"][..]));
    assert_eq!((settings.queue, settings.priority, settings.version), (Some("post"), Some(10), 2));
    assert_eq!((settings.timeout, settings.redact), (Some(jobs::policy::Timeout::After(Duration::from_secs(90))), &["card"][..]));
    assert_eq!(settings.log_arguments, Some(true));
    assert!(Delivery::policy().has_callbacks(jobs::callback::Moment::Enqueue));
    assert!(Delivery::upgrade(Value::Null, 1).is_ok());
}
