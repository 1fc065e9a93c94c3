//! Waits for a condition, with a time limit.

use std::time::{Duration, Instant};

use bench_protocol::Outcome;

/// The interval between two looks.
const LOOK: Duration = Duration::from_millis(10);

/// Waits until the condition holds; `what` names it. It is an error if it does not hold within the limit.
pub(super) async fn until(limit: Duration, what: &str, mut holds: impl AsyncFnMut() -> Outcome<bool>) -> Outcome<()> {
    let start = Instant::now();
    while !holds().await? {
        if start.elapsed() > limit {
            return Err(format!("after {limit:?} it is not so that {what}").into());
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}
