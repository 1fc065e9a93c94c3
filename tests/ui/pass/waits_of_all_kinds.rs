//! Durations, constants and functions as values of `wait`, `attempts`, `jitter` and `timeout`.
#![deny(warnings)]

use std::io;
use std::time::Duration;

use jobs::prelude::*;

const WAIT: Duration = Duration::from_secs(7);
const ATTEMPTS: u32 = 4;
const JITTER: f64 = 0.3;

mod limits {
    pub(crate) const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);
    pub(crate) const PRIORITY: i32 = 5;
}

fn of_count(count: u32) -> Duration {
    Duration::from_secs(count.into())
}

fn of_error(count: u32, error: &io::Error) -> Duration {
    if error.kind() == io::ErrorKind::TimedOut { WAIT } else { of_count(count) }
}

fn of_failure(_: u32, failure: &Failure) -> Duration {
    Duration::from_millis(failure.message().len().try_into().unwrap_or(u64::MAX))
}

#[job(
    timeout = limits::TIMEOUT,
    priority = limits::PRIORITY,
    retry_on(io::Error, wait = WAIT, attempts = ATTEMPTS, jitter = JITTER),
    retry_on(cause std::fmt::Error, wait = of_count, attempts = unlimited),
    retry_on(type io::Error, wait = of_error),
    retry_on(Panic, wait = of_failure),
    retry_on(TimedOut, wait = polynomially_longer),
    retry_on(DeserializeError, wait = exponentially_longer),
    retry_on(any, wait = jobs::policy::Wait::ExponentiallyLonger { cap: WAIT }, priority = limits::PRIORITY + 1),
)]
async fn call(number: u64) -> Result<(), io::Error> {
    Err(io::Error::other(number.to_string()))
}

#[job(timeout = 1_500ms, retry_on(any, wait = 1.5s))]
async fn ring(number: u64) -> Result<(), io::Error> {
    Err(io::Error::other(number.to_string()))
}

#[job(timeout = "2d", retry_on(any, wait = Duration::from_millis(20)))]
async fn knock(number: u64) -> Result<(), io::Error> {
    Err(io::Error::other(number.to_string()))
}

fn main() {
    assert_eq!(Call::SETTINGS.timeout, Some(jobs::policy::Timeout::After(Duration::from_secs(60))));
    assert_eq!(Call::SETTINGS.priority, Some(5));
    assert_eq!(Ring::SETTINGS.timeout, Some(jobs::policy::Timeout::After(Duration::from_millis(1500))));
    assert_eq!(Knock::SETTINGS.timeout, Some(jobs::policy::Timeout::After(Duration::from_secs(172_800))));
    let _ = (Call::policy(), Ring::policy(), Knock::policy());
}
