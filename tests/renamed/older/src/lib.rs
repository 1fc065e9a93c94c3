//! A crate of an older edition.
#![forbid(unsafe_code)]

use std::io;

use jobs::prelude::*;
use jobs::callback::Next;

#[jobs::base(queue = "mail", around_perform(around))]
pub struct ApplicationJob;

async fn around(_: &Context, next: Next<'_>) -> Result<(), Failure> {
    next.run().await
}

/// Has a field whose name is a word of the language in later editions.
#[job(base = ApplicationJob, retry_on(io::Error | TimedOut, wait = 500ms), before_perform(check))]
pub async fn deliver(to: u64, gen: String, ctx: &Context) -> Result<(), io::Error> {
    assert!(to > 0 && !gen.is_empty() && ctx.attempt() > 0);
    Ok(())
}

async fn check(_: &Context, job: &Deliver) -> Result<(), Halt> {
    if job.to == 0 {
        return Err(Halt);
    }
    Ok(())
}

/// Enqueues one.
pub async fn order() -> jobs::Result<()> {
    let _ = Deliver::perform_later(1, "a parcel").await?;
    Ok(())
}
