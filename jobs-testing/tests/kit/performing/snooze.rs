//! Jobs that put themselves off, and jobs that expire.

use std::time::Duration;

use jobs::State;
use jobs::prelude::*;
use jobs_testing::JobMatcher;

use crate::fixture::plain;

const MINUTE: Duration = Duration::from_secs(60);

#[job(expires_in = 1h)]
async fn look(times: u32, ctx: &Context) -> Result<(), std::io::Error> {
    if ctx.snoozes() < times {
        ctx.snooze(MINUTE);
    }
    Ok(())
}

#[tokio::test]
async fn a_job_that_puts_itself_off_is_seen_as_scheduled_and_performed_at_its_time() {
    let (test, _entered) = plain();
    Look::perform_later(1_u32).await.unwrap();
    let inside = test.from_now();
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 1, "it is no failure");
    let later = inside.assert_enqueued_with(JobMatcher::from(Look::new(1)).wait(MINUTE));
    assert_eq!((later.record.state, later.record.attempts), (State::Scheduled, 0));
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 0);
    test.travel(MINUTE);
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 1);
    test.assert_no_enqueued_jobs();
}

#[tokio::test]
async fn a_job_that_puts_itself_off_again_and_again_expires_in_a_drain() {
    let (test, _entered) = plain();
    let start = test.now();
    Look::perform_later(u32::MAX).await.unwrap();
    test.perform_enqueued_jobs().until_empty().await.unwrap();
    assert_eq!(test.now().duration_since(start), MINUTE * 59, "one more minute would be its expiry");
    test.assert_no_enqueued_jobs();
}
