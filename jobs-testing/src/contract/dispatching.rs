//! What waits for its time becomes ready.

use std::time::Duration;

use jobs_core::{Dispatched, Due, State};

use crate::contract::Stage;
use crate::contract::stage::{ids, just_under, secs};

/// Nothing is dispatched before its time. Cancel safe.
pub async fn nothing_is_ready_before_its_time(stage: Stage) {
    let id = stage.put_later(secs(60)).await;
    stage.advance(just_under(secs(60)));
    let dispatched = stage.dispatch(10).await;
    assert_eq!(dispatched.ready, 0, "a job is not ready a microsecond before its time");
    assert!(stage.claim(10).await.is_empty(), "nothing to claim before its time");
    stage.is(id, State::Scheduled, "it waits on").await;
}

/// A job is ready at its very moment. Cancel safe.
pub async fn a_job_is_ready_at_its_very_moment(stage: Stage) {
    let id = stage.put_later(secs(60)).await;
    stage.advance(secs(60));
    assert_eq!(stage.dispatch(10).await, Dispatched::new(1, None), "a job is due at its very moment");
    assert_eq!(ids(&stage.claim(10).await), [id], "a dispatched job is claimed");
}

/// A point given by the user is kept. Cancel safe.
pub async fn a_given_point_is_kept(stage: Stage) {
    let at = stage.now().after(secs(90));
    let id = stage.put(stage.job_with(|job| job.due = Due::At(at))).await;
    stage.advance(secs(89));
    assert_eq!(stage.dispatch(10).await.ready, 0, "not before the given point");
    stage.advance(secs(1));
    assert_eq!(stage.dispatch(10).await.ready, 1, "at the given point");
    stage.shows(id, "the given point is kept", |record| record.due_at == at).await;
}

/// Time alone makes nothing ready. Cancel safe.
pub async fn only_a_dispatch_makes_a_due_job_ready(stage: Stage) {
    let id = stage.put_later(secs(60)).await;
    stage.advance(secs(600));
    stage.is(id, State::Scheduled, "a due job is scheduled until it is dispatched").await;
    assert_eq!(stage.dispatch(10).await.ready, 1, "the dispatch moves it");
    stage.is(id, State::Ready, "a dispatched job is ready").await;
}

/// A dispatch moves at most its limit, the job due first first. Cancel safe.
pub async fn the_job_due_first_becomes_ready_first(stage: Stage) {
    let late = stage.put_later(secs(30)).await;
    let early = stage.put_later(secs(10)).await;
    let middle = stage.put_later(secs(20)).await;
    stage.advance(secs(60));
    for expected in [early, middle, late] {
        assert_eq!(stage.dispatch(1).await.ready, 1, "a dispatch moves as many as its limit says");
        assert_eq!(ids(&stage.claim(10).await), [expected], "the job that is due first becomes ready first");
    }
}

/// A dispatch says how long it is until the next job. Cancel safe.
pub async fn the_time_until_the_next_job_is_told(stage: Stage) {
    assert_eq!(stage.dispatch(10).await.next_in, None, "nothing waits");
    stage.put_later(secs(60)).await;
    stage.put_later(secs(30)).await;
    assert_eq!(stage.dispatch(10).await.next_in, Some(secs(30)), "the next job is due in 30 s");
    stage.advance(secs(45));
    assert_eq!(
        stage.dispatch(10).await,
        Dispatched::new(1, Some(secs(15))),
        "after the first, the other is due in 15 s"
    );
}

/// What is due and over the limit is told as due already. Cancel safe.
pub async fn what_is_left_over_is_told_as_due_already(stage: Stage) {
    for _ in 0..3 {
        stage.put_later(secs(10)).await;
    }
    stage.advance(secs(20));
    let first = stage.dispatch(2).await;
    assert_eq!(first, Dispatched::new(2, Some(Duration::ZERO)), "the third is due already");
    assert_eq!(stage.dispatch(2).await, Dispatched::new(1, None), "then nothing waits");
}

/// A limit of zero moves nothing. Cancel safe.
pub async fn a_limit_of_zero_moves_nothing(stage: Stage) {
    stage.put_later(secs(10)).await;
    stage.advance(secs(20));
    let dispatched = stage.dispatch(0).await;
    assert_eq!(dispatched, Dispatched::new(0, Some(Duration::ZERO)), "a limit of zero moves nothing");
    assert!(stage.claim(10).await.is_empty(), "nothing is ready");
}

/// A repeated dispatch does no harm. Cancel safe.
pub async fn a_repeated_dispatch_does_no_harm(stage: Stage) {
    let id = stage.put_later(secs(10)).await;
    stage.advance(secs(20));
    assert_eq!(stage.dispatch(10).await.ready, 1, "the job becomes ready");
    assert_eq!(stage.dispatch(10).await.ready, 0, "it becomes ready once");
    assert_eq!(ids(&stage.claim(10).await), [id], "it is claimed once");
    assert_eq!(stage.dispatch(10).await.ready, 0, "a claimed job is not dispatched");
}

/// A clock that was set back makes scheduled jobs wait on. Cancel safe.
pub async fn a_clock_set_back_makes_scheduled_jobs_wait_on(stage: Stage) {
    stage.put_later(secs(10)).await;
    stage.set_back(secs(100));
    stage.advance(secs(20));
    assert_eq!(stage.dispatch(10).await.next_in, Some(secs(90)), "the store's own clock decides what is due");
    stage.advance(secs(90));
    assert_eq!(stage.dispatch(10).await.ready, 1, "and when");
}

/// The greatest limit is no limit. Cancel safe.
pub async fn the_greatest_limit_is_no_limit(stage: Stage) {
    for _ in 0..3 {
        stage.put_later(secs(1)).await;
    }
    stage.advance(secs(1));
    assert_eq!(stage.dispatch(usize::MAX).await, Dispatched::new(3, None), "all that are due");
}
