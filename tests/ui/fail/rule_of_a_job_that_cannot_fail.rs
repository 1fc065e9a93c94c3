//! errors: 4
#![allow(unused)]

use std::convert::Infallible;
use std::io;

use jobs::prelude::*;

#[job(retry_on(io::Error), retry_on(TimedOut), discard_on(cause io::Error), retry_on(any))]
async fn deliver(to: u64) {}

#[job(discard_on(when is_bad))]
async fn collect(to: u64) -> () {}

fn is_bad(_: &Infallible) -> bool {
    true
}

#[job(retry_on(io::Error), discard_on(std::fmt::Error | io::Error))]
async fn pack(to: u64) -> Result<(), Infallible> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
