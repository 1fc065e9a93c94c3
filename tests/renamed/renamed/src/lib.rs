//! A crate that calls the library by another name and has no other dependency.
#![forbid(unsafe_code)]

use std::io;

use work::prelude::*;

#[work::base(crate = ::work, queue = "mail", retry_on(any, attempts = 2), before_perform(before))]
pub struct ApplicationJob;

fn before(_: &Context) {}

/// A value that the runtime provides.
pub struct Shop;

#[job(
    crate = ::work,
    base = ApplicationJob,
    timeout = 5s,
    retry_on(io::Error, wait = 5s, exhausted = told),
    discard_on(DeserializeError),
    rescue_from(TimedOut, with = told),
    before_perform(check),
    queue = chosen,
)]
pub async fn deliver(to: u64, subject: String, #[default] copies: u32, ctx: &Context, shop: &Shop) -> io::Result<()> {
    let Shop = shop;
    assert!(to > 0 && !subject.is_empty() && copies > 0 && ctx.attempt() > 0);
    Ok(())
}

#[job(crate = work, blocking)]
pub fn count(words: String) -> Result<usize, io::Error> {
    Ok(words.len())
}

async fn told(_: &Context, _: &Failure) {}

fn check(_: &Context, _: &Deliver) -> Result<(), Halt> {
    Err(Halt)
}

fn chosen(job: &Deliver) -> String {
    format!("to_{}", job.to)
}

/// Enqueues both.
pub async fn order() -> work::Result<()> {
    let _ = Deliver::perform_later(1, "a parcel").await?;
    let _ = Count::perform_later("some words").await?;
    Ok(())
}
