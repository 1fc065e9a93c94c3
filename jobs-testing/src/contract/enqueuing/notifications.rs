//! Notifications that there may be work. A store without them skips these cases.

use std::time::Duration;

use jobs_core::{Decision, Due, Listener, Notifier, ProcessStatus, RecurringTask, Tick, TickOutcome};
use tokio::time::timeout;

use crate::contract::Fixture;
use crate::contract::fixture::states::settled;
use crate::contract::fixture::{ONE, fail, retry_in, secs};

/// How long a case waits for a notification before it fails. Only a deadline: nothing takes that long.
const DEADLINE: Duration = Duration::from_secs(30);

async fn assert_notified(listener: &mut dyn Listener, of: &str) {
    assert!(timeout(DEADLINE, listener.recv()).await.is_ok(), "no notification of {of} came within {DEADLINE:?}");
}

/// A listener that was made just now.
fn listen(fixture: &Fixture) -> Option<Box<dyn Listener>> {
    fixture.store().notifier().map(Notifier::listen)
}

/// An enqueued job wakes listeners.
pub async fn an_enqueued_job_wakes_listeners(fixture: Fixture) {
    let Some(mut listener) = listen(&fixture) else { return };
    fixture.put_one().await;
    assert_notified(&mut *listener, "a job that was enqueued").await;
}

/// The job of a tick wakes listeners.
pub async fn a_tick_wakes_listeners(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    recurring.declare(&[RecurringTask::new("a", "note", "* * * * *")]).await.expect("the store takes declarations");
    fixture.advance(secs(60));
    let Some(mut listener) = listen(&fixture) else { return };
    let tick = Tick::new("a".to_owned(), fixture.now(), Some(fixture.job()));
    let ticked = recurring.tick(&tick).await.expect("the store takes ticks");
    assert!(matches!(ticked, TickOutcome::Enqueued(_)), "the tick is there: {ticked:?}");
    assert_notified(&mut *listener, "the job of a tick").await;
}

/// A scheduled job wakes listeners: it may be due earlier than all others.
pub async fn a_scheduled_job_wakes_listeners(fixture: Fixture) {
    let Some(mut listener) = listen(&fixture) else { return };
    fixture.put_later(secs(60)).await;
    assert_notified(&mut *listener, "a job that was scheduled").await;
}

/// A dispatch wakes listeners.
pub async fn a_dispatch_wakes_listeners(fixture: Fixture) {
    fixture.put_later(secs(60)).await;
    fixture.advance(secs(60));
    let Some(mut listener) = listen(&fixture) else { return };
    assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due");
    assert_notified(&mut *listener, "a dispatch").await;
}

/// A job that goes back to ready or scheduled wakes listeners.
pub async fn a_job_that_goes_back_wakes_listeners(fixture: Fixture) {
    fixture.put_one().await;
    for decision in [Decision::Release, retry_in(secs(0)), Decision::Continue { wait: secs(0), meta: None }] {
        let execution = fixture.claim_one().await;
        let Some(mut listener) = listen(&fixture) else { return };
        let words = format!("{decision:?}");
        fixture.applied(execution, decision).await;
        assert_notified(&mut *listener, &words).await;
        let _dispatched = fixture.dispatch(10).await;
    }
}

/// A release in `settle_and_claim` wakes listeners.
pub async fn a_release_in_settle_and_claim_wakes_listeners(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let Some(mut listener) = listen(&fixture) else { return };
    let claim = jobs_core::Claim::all(ONE, 0);
    let settlements = [execution.settle(Decision::Release)];
    fixture.store().settle_and_claim(&settlements, &claim).await.expect("the store settles and claims");
    assert_notified(&mut *listener, "a release").await;
}

/// A recovery wakes listeners.
pub async fn a_recovery_wakes_listeners(fixture: Fixture) {
    fixture.claimed().await;
    let Some(mut listener) = listen(&fixture) else { return };
    assert_eq!(fixture.recover().await.ready.len(), 1, "its process is unknown");
    assert_notified(&mut *listener, "a recovery").await;
}

/// The jobs that a stopped process released wake listeners.
pub async fn a_stopped_process_wakes_listeners(fixture: Fixture) {
    fixture.claimed().await;
    let Some(mut listener) = listen(&fixture) else { return };
    let _pulse = fixture.beat_in(ONE, ProcessStatus::Stopped).await;
    assert_notified(&mut *listener, "a process that stopped").await;
}

/// A manual retry wakes listeners.
pub async fn a_manual_retry_wakes_listeners(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let id = settled(&fixture, fail()).await;
    let Some(mut listener) = listen(&fixture) else { return };
    manage.retry(&[id]).await.expect("the store retries");
    assert_notified(&mut *listener, "a manual retry").await;
}

/// A new due time wakes listeners.
pub async fn a_reschedule_wakes_listeners(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let id = fixture.put_later(secs(600)).await;
    let Some(mut listener) = listen(&fixture) else { return };
    manage.reschedule(&[id], Due::Now).await.expect("the store reschedules");
    assert_notified(&mut *listener, "a reschedule").await;
}

/// The end of a pause wakes listeners.
pub async fn a_resumed_queue_wakes_listeners(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    fixture.put_one().await;
    manage.pause("default").await.expect("the store pauses");
    let Some(mut listener) = listen(&fixture) else { return };
    manage.resume("default").await.expect("the store resumes");
    assert_notified(&mut *listener, "the end of a pause").await;
}

/// A notification that comes before the call is kept for it.
pub async fn a_notification_before_the_call_is_kept(fixture: Fixture) {
    let Some(mut listener) = listen(&fixture) else { return };
    let _stored = fixture.enqueue(&fixture.jobs(3)).await;
    assert_eq!(fixture.claim(3).await.len(), 3, "the jobs are gone, the hint is not");
    assert_notified(&mut *listener, "what was enqueued before").await;
}

/// A dropped call loses no notification.
pub async fn a_dropped_call_loses_no_notification(fixture: Fixture) {
    let Some(mut listener) = listen(&fixture) else { return };
    for _ in 0..3 {
        // No time at all: polled once and dropped.
        let early = timeout(Duration::ZERO, listener.recv()).await;
        drop(early);
    }
    fixture.put_one().await;
    assert_notified(&mut *listener, "a job that came after the dropped calls").await;
}

/// A listener receives one notification after the other.
pub async fn a_listener_is_notified_again_and_again(fixture: Fixture) {
    let Some(mut listener) = listen(&fixture) else { return };
    for time in 1..=5 {
        fixture.put_one().await;
        assert_notified(&mut *listener, &format!("job {time}")).await;
    }
}

/// All listeners are notified.
pub async fn all_listeners_are_notified(fixture: Fixture) {
    let (Some(mut one), Some(mut two)) = (listen(&fixture), listen(&fixture)) else { return };
    fixture.put_one().await;
    assert_notified(&mut *one, "a job, by the first listener").await;
    assert_notified(&mut *two, "a job, by the second listener").await;
}

/// A waiting listener is woken.
pub async fn a_waiting_listener_is_woken(fixture: Fixture) {
    let Some(mut listener) = listen(&fixture) else { return };
    let waiting = tokio::spawn(async move { timeout(DEADLINE, listener.recv()).await.is_ok() });
    tokio::task::yield_now().await;
    fixture.put_one().await;
    assert!(waiting.await.expect("the listener does not panic"), "a waiting listener is woken");
}

/// Calls of another handle wake listeners.
pub async fn calls_of_another_handle_wake_listeners(fixture: Fixture) {
    if !fixture.hears_others() {
        return;
    }
    let Some(mut listener) = listen(&fixture) else { return };
    let other = fixture.another().await;
    let _stored = other.enqueue(&[fixture.job()]).await.expect("the other handle enqueues");
    assert_notified(&mut *listener, "a job that another handle enqueued").await;
    let claimed = fixture.claim_one().await;
    let _settled = other.settle(&[claimed.settle(Decision::Release)]).await.expect("the other handle settles");
    assert_notified(&mut *listener, "a job that another handle released").await;
}
