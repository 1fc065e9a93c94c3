//! A crate that is as strict as it can be.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unused, rust_2018_idioms, unreachable_pub)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::cargo)]
#![allow(clippy::cargo_common_metadata, clippy::multiple_crate_versions, reason = "neither is about code")]

use std::collections::HashMap;
use std::io;

use jobs::prelude::*;

/// What all jobs have in common.
#[jobs::base(queue = "mail", retry_on(any, attempts = 2), before_perform(before))]
#[derive(Debug)]
pub struct ApplicationJob;

const fn before(_: &Context) {}

/// Delivers a parcel.
///
/// # Errors
/// The road is closed.
#[job(
    base = ApplicationJob,
    timeout = 1h30m,
    priority = chosen,
    retry_on(io::Error, wait = longer, exhausted = told),
    discard_on(when is_bad),
    rescue_from(TimedOut, with = told),
    before_perform(check),
)]
pub async fn deliver(
    /// Where it goes.
    to: u64,
    subject: String,
    names: HashMap<String, Vec<u8>>,
    #[default = 1] copies: u32,
    ctx: &Context,
) -> Result<(), io::Error> {
    if to + u64::from(copies) == 0 || names.is_empty() || ctx.attempt() == 0 {
        return Err(io::Error::other(subject));
    }
    Ok(())
}

/// Says how long the words are.
///
/// # Errors
/// Never.
#[job(blocking)]
pub fn count(words: String) -> Result<usize, io::Error> {
    Ok(words.len())
}

#[job]
async fn nothing_awaited(to: u64, subject: String) {
    tell(&format!("{to}: {subject}"));
}

#[job]
async fn always_well(to: u64, flag: &Flag) -> Result<(), io::Error> {
    tell(if flag.0 { "yes" } else { "no" });
    assert!(to > 0, "nobody");
    Ok(())
}

#[job(blocking)]
fn counted(words: String) {
    tell(&words);
}

/// A small value that the runtime provides.
#[derive(Clone, Copy, Debug)]
pub struct Flag(pub bool);

const fn tell(_: &str) {}

const fn longer(count: u32) -> std::time::Duration {
    std::time::Duration::from_millis(count as u64)
}

fn is_bad(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

const fn told(_: &Context, _: &Failure) {}

const fn check(_: &Context, job: &Deliver) -> Result<(), Halt> {
    if job.to == 0 { Err(Halt) } else { Ok(()) }
}

fn chosen(job: &Deliver) -> i32 {
    i32::from(job.copies > 1)
}

/// Enqueues some.
///
/// # Errors
/// The store fails.
pub async fn order() -> jobs::Result<()> {
    let _ = Deliver::perform_later(1, "a parcel", HashMap::new()).await?;
    let _ = NothingAwaited::perform_later(1, "words").await?;
    let _ = Count::perform_later("words").await?;
    Ok(())
}
