//! A plain `Result`, an alias of it, a value, nothing.
#![deny(warnings)]

use std::convert::Infallible;
use std::io;

use jobs::prelude::*;

type Outcome<T> = Result<T, io::Error>;

#[job(retry_on(io::Error, wait = 1s))]
async fn with_an_alias(to: u64) -> io::Result<u64> {
    Ok(to)
}

#[job(discard_on(io::Error))]
async fn with_an_alias_of_ours(to: u64) -> Outcome<u64> {
    Ok(to)
}

#[job]
async fn with_nothing(to: u64) {
    assert!(to > 0);
}

#[job]
async fn with_unit(to: u64) -> () {
    assert!(to > 0);
}

#[job(blocking)]
fn blocking_with_an_alias(to: u64) -> io::Result<u64> {
    Ok(to)
}

fn same<J: Job<Output = T, Error = E>, T, E>() {}

fn main() {
    same::<WithAnAlias, u64, io::Error>();
    same::<WithAnAliasOfOurs, u64, io::Error>();
    same::<WithNothing, (), Infallible>();
    same::<WithUnit, (), Infallible>();
    same::<BlockingWithAnAlias, u64, io::Error>();
}
