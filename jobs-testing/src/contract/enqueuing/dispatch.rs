//! A scheduled job becomes ready at its time.

use std::time::Duration;

use jobs_core::{Dispatched, Due, State};

use crate::contract::Fixture;
use crate::contract::fixture::{ids, just_under, secs};

/// Nothing is dispatched before its time.
pub async fn nothing_is_ready_before_its_time(fixture: Fixture) {
    let id = fixture.put_later(secs(60)).await;
    fixture.advance(just_under(secs(60)));
    let dispatched = fixture.dispatch(10).await;
    assert_eq!(dispatched.ready, 0, "a job is not ready a microsecond before its time");
    assert!(fixture.claim(10).await.is_empty(), "nothing to claim before its time");
    fixture.is(id, State::Scheduled, "it waits on").await;
}

/// A job is ready exactly at its due time.
pub async fn a_job_is_ready_exactly_at_its_due_time(fixture: Fixture) {
    let id = fixture.put_later(secs(60)).await;
    fixture.advance(secs(60));
    assert_eq!(fixture.dispatch(10).await, Dispatched::new(1, None), "a job is due at its very moment");
    assert_eq!(ids(&fixture.claim(10).await), [id], "a dispatched job is claimed");
}

/// A due time given by the user is kept.
pub async fn a_given_due_time_is_kept(fixture: Fixture) {
    let at = fixture.now() + secs(90);
    let id = fixture.put(fixture.job_with(|job| job.due = Due::At(at))).await;
    fixture.advance(secs(89));
    assert_eq!(fixture.dispatch(10).await.ready, 0, "not before the given point");
    fixture.advance(secs(1));
    assert_eq!(fixture.dispatch(10).await.ready, 1, "at the given point");
    fixture.shows(id, "the given point is kept", |record| record.due_at == at).await;
}

/// Time alone makes nothing ready.
pub async fn only_a_dispatch_makes_a_due_job_ready(fixture: Fixture) {
    let id = fixture.put_later(secs(60)).await;
    fixture.advance(secs(600));
    fixture.is(id, State::Scheduled, "a due job is scheduled until it is dispatched").await;
    assert_eq!(fixture.dispatch(10).await.ready, 1, "the dispatch moves it");
    fixture.is(id, State::Ready, "a dispatched job is ready").await;
}

/// A dispatch moves at most its limit, the job due first first.
pub async fn the_job_due_first_becomes_ready_first(fixture: Fixture) {
    let late = fixture.put_later(secs(30)).await;
    let early = fixture.put_later(secs(10)).await;
    let middle = fixture.put_later(secs(20)).await;
    fixture.advance(secs(60));
    for expected in [early, middle, late] {
        assert_eq!(fixture.dispatch(1).await.ready, 1, "a dispatch moves as many as its limit says");
        assert_eq!(ids(&fixture.claim(10).await), [expected], "the job that is due first becomes ready first");
    }
}

/// A dispatch returns the time until the next job is due.
pub async fn a_dispatch_returns_the_time_until_the_next_job(fixture: Fixture) {
    assert_eq!(fixture.dispatch(10).await.next_in, None, "nothing waits");
    fixture.put_later(secs(60)).await;
    fixture.put_later(secs(30)).await;
    assert_eq!(fixture.dispatch(10).await.next_in, Some(secs(30)), "the next job is due in 30 s");
    fixture.advance(secs(45));
    assert_eq!(
        fixture.dispatch(10).await,
        Dispatched::new(1, Some(secs(15))),
        "after the first, the other is due in 15 s"
    );
}

/// Due jobs beyond the limit are reported as due now.
pub async fn jobs_beyond_the_limit_are_reported_as_due_now(fixture: Fixture) {
    for _ in 0..3 {
        fixture.put_later(secs(10)).await;
    }
    fixture.advance(secs(20));
    let first = fixture.dispatch(2).await;
    assert_eq!(first, Dispatched::new(2, Some(Duration::ZERO)), "the third is due already");
    assert_eq!(fixture.dispatch(2).await, Dispatched::new(1, None), "then nothing waits");
}

/// A limit of zero moves nothing.
pub async fn a_limit_of_zero_moves_nothing(fixture: Fixture) {
    fixture.put_later(secs(10)).await;
    fixture.advance(secs(20));
    let dispatched = fixture.dispatch(0).await;
    assert_eq!(dispatched, Dispatched::new(0, Some(Duration::ZERO)), "a limit of zero moves nothing");
    assert!(fixture.claim(10).await.is_empty(), "nothing is ready");
}

/// A repeated dispatch does no harm.
pub async fn a_repeated_dispatch_does_no_harm(fixture: Fixture) {
    let id = fixture.put_later(secs(10)).await;
    fixture.advance(secs(20));
    assert_eq!(fixture.dispatch(10).await.ready, 1, "the job becomes ready");
    assert_eq!(fixture.dispatch(10).await.ready, 0, "it becomes ready once");
    assert_eq!(ids(&fixture.claim(10).await), [id], "it is claimed once");
    assert_eq!(fixture.dispatch(10).await.ready, 0, "a claimed job is not dispatched");
}

/// A clock that was set back makes scheduled jobs wait on.
pub async fn a_clock_set_back_makes_scheduled_jobs_wait_on(fixture: Fixture) {
    fixture.put_later(secs(10)).await;
    fixture.set_back(secs(100));
    fixture.advance(secs(20));
    assert_eq!(fixture.dispatch(10).await.next_in, Some(secs(90)), "the store's own clock decides what is due");
    fixture.advance(secs(90));
    assert_eq!(fixture.dispatch(10).await.ready, 1, "and when");
}

/// The greatest limit is no limit.
pub async fn the_greatest_limit_is_no_limit(fixture: Fixture) {
    for _ in 0..3 {
        fixture.put_later(secs(1)).await;
    }
    fixture.advance(secs(1));
    assert_eq!(fixture.dispatch(usize::MAX).await, Dispatched::new(3, None), "all that are due");
}
