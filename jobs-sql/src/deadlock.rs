//! Repeats calls whose transaction the server ended in favour of another one.

use std::time::Duration;

use jobs_core::{Error, StoreFuture};

use crate::error::is_deadlock;

/// How often a call is repeated whose transaction another one was in the way of.
const REPEATED: u32 = 20;

/// Makes a call, and repeats it if the server ended its transaction in favour of another one, as MySQL does at deadlocks: up to
/// 20 times, with a pause of one to 20 milliseconds before each.
///
/// Cancel safe if the call is.
///
/// # Errors
/// Those of the call, also that of the last deadlock.
pub async fn repeat_deadlocked<'a, T>(call: impl Fn() -> StoreFuture<'a, T> + Send) -> Result<T, Error> {
    for time in 1..=REPEATED {
        match call().await {
            Err(error) if is_deadlock(&error) => tokio::time::sleep(Duration::from_millis(time.into())).await,
            answer => return answer,
        }
    }
    call().await
}
