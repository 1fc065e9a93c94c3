//! Hints that there may be work. A store without them skips these cases.

use std::time::Duration;

use jobs_core::{Decision, Due, Listener, Phase, RecurringTask, Tick, Ticked, Wakeups};
use tokio::time::timeout;

use crate::contract::Stage;
use crate::contract::stage::{ONE, fail, retry_in, secs};
use crate::contract::world::settled;

/// How long a case waits for a hint before it gives up. Only a deadline: nothing takes so long.
const DEADLINE: Duration = Duration::from_secs(30);

async fn hears(listener: &mut dyn Listener, of: &str) {
    assert!(timeout(DEADLINE, listener.heard()).await.is_ok(), "no hint of {of} came within {DEADLINE:?}");
}

/// A listener that was made just now.
fn listen(stage: &Stage) -> Option<Box<dyn Listener>> {
    stage.store().wakeups().map(Wakeups::listen)
}

/// An enqueued job is heard of. Cancel safe.
pub async fn an_enqueued_job_is_heard_of(stage: Stage) {
    let Some(mut listener) = listen(&stage) else { return };
    stage.put_one().await;
    hears(&mut *listener, "a job that was enqueued").await;
}

/// The job of a tick is heard of. Cancel safe.
pub async fn a_tick_is_heard_of(stage: Stage) {
    let Some(recurring) = stage.store().recurring() else { return };
    recurring.declare(&[RecurringTask::new("a", "note", "* * * * *")]).await.expect("the store takes declarations");
    stage.advance(secs(60));
    let Some(mut listener) = listen(&stage) else { return };
    let tick = Tick::new("a", stage.now(), Some(stage.job()));
    let ticked = recurring.tick(&tick).await.expect("the store gives ticks away");
    assert!(matches!(ticked, Ticked::Enqueued(_)), "the tick is there: {ticked:?}");
    hears(&mut *listener, "the job of a tick").await;
}

/// A scheduled job is heard of: it may be due earlier than all others. Cancel safe.
pub async fn a_scheduled_job_is_heard_of(stage: Stage) {
    let Some(mut listener) = listen(&stage) else { return };
    stage.put_later(secs(60)).await;
    hears(&mut *listener, "a job that was scheduled").await;
}

/// A dispatch is heard of. Cancel safe.
pub async fn a_dispatch_is_heard_of(stage: Stage) {
    stage.put_later(secs(60)).await;
    stage.advance(secs(60));
    let Some(mut listener) = listen(&stage) else { return };
    assert_eq!(stage.dispatch(10).await.ready, 1, "it is due");
    hears(&mut *listener, "a dispatch").await;
}

/// What goes back to ready or scheduled is heard of. Cancel safe.
pub async fn a_job_that_goes_back_is_heard_of(stage: Stage) {
    stage.put_one().await;
    for decision in [Decision::Release, retry_in(secs(0)), Decision::Continue { wait: secs(0), meta: None }] {
        let execution = stage.claim_one().await;
        let Some(mut listener) = listen(&stage) else { return };
        let words = format!("{decision:?}");
        stage.applied(execution, decision).await;
        hears(&mut *listener, &words).await;
        let _dispatched = stage.dispatch(10).await;
    }
}

/// What is settled in one go with a claim is heard of. Cancel safe.
pub async fn a_release_in_one_go_with_a_claim_is_heard_of(stage: Stage) {
    let execution = stage.claimed().await;
    let Some(mut listener) = listen(&stage) else { return };
    let claim = jobs_core::Claim::all(ONE, 0);
    let settlements = [execution.settle(Decision::Release)];
    stage.store().settle_and_claim(&settlements, &claim).await.expect("the store settles and claims");
    hears(&mut *listener, "a release").await;
}

/// A recovery is heard of. Cancel safe.
pub async fn a_recovery_is_heard_of(stage: Stage) {
    stage.claimed().await;
    let Some(mut listener) = listen(&stage) else { return };
    assert_eq!(stage.recover().await.ready.len(), 1, "nobody knows its process");
    hears(&mut *listener, "a recovery").await;
}

/// What a stopped process gave back is heard of. Cancel safe.
pub async fn a_stop_is_heard_of(stage: Stage) {
    stage.claimed().await;
    let Some(mut listener) = listen(&stage) else { return };
    let _pulse = stage.beat_in(ONE, Phase::Stopped).await;
    hears(&mut *listener, "a process that stopped").await;
}

/// A retry by hand is heard of. Cancel safe.
pub async fn a_retry_by_hand_is_heard_of(stage: Stage) {
    let Some(manage) = stage.manage() else { return };
    let id = settled(&stage, fail()).await;
    let Some(mut listener) = listen(&stage) else { return };
    manage.retry(&[id]).await.expect("the store retries");
    hears(&mut *listener, "a retry by hand").await;
}

/// A new time is heard of. Cancel safe.
pub async fn a_reschedule_is_heard_of(stage: Stage) {
    let Some(manage) = stage.manage() else { return };
    let id = stage.put_later(secs(600)).await;
    let Some(mut listener) = listen(&stage) else { return };
    manage.reschedule(&[id], Due::Now).await.expect("the store reschedules");
    hears(&mut *listener, "a reschedule").await;
}

/// The end of a pause is heard of. Cancel safe.
pub async fn a_resumed_queue_is_heard_of(stage: Stage) {
    let Some(manage) = stage.manage() else { return };
    stage.put_one().await;
    manage.pause("default").await.expect("the store pauses");
    let Some(mut listener) = listen(&stage) else { return };
    manage.resume("default").await.expect("the store resumes");
    hears(&mut *listener, "the end of a pause").await;
}

/// A hint that comes before the call is kept for it. Cancel safe.
pub async fn a_hint_before_the_call_is_kept(stage: Stage) {
    let Some(mut listener) = listen(&stage) else { return };
    let _stored = stage.enqueue(&stage.jobs(3)).await;
    assert_eq!(stage.claim(3).await.len(), 3, "the jobs are gone, the hint is not");
    hears(&mut *listener, "what was enqueued before").await;
}

/// A call that is dropped takes no hint with it. Cancel safe.
pub async fn a_dropped_call_takes_no_hint_with_it(stage: Stage) {
    let Some(mut listener) = listen(&stage) else { return };
    for _ in 0..3 {
        // No time at all: polled once and dropped.
        let early = timeout(Duration::ZERO, listener.heard()).await;
        drop(early);
    }
    stage.put_one().await;
    hears(&mut *listener, "a job that came after the dropped calls").await;
}

/// Every hint can be heard one after the other. Cancel safe.
pub async fn a_listener_hears_again_and_again(stage: Stage) {
    let Some(mut listener) = listen(&stage) else { return };
    for time in 1..=5 {
        stage.put_one().await;
        hears(&mut *listener, &format!("job {time}")).await;
    }
}

/// All who listen hear. Cancel safe.
pub async fn two_listeners_both_hear(stage: Stage) {
    let (Some(mut one), Some(mut two)) = (listen(&stage), listen(&stage)) else { return };
    stage.put_one().await;
    hears(&mut *one, "a job, by the first listener").await;
    hears(&mut *two, "a job, by the second listener").await;
}

/// A waiting listener is woken. Cancel safe.
pub async fn a_waiting_listener_is_woken(stage: Stage) {
    let Some(mut listener) = listen(&stage) else { return };
    let waiting = tokio::spawn(async move { timeout(DEADLINE, listener.heard()).await.is_ok() });
    tokio::task::yield_now().await;
    stage.put_one().await;
    assert!(waiting.await.expect("the listener does not panic"), "who waits already is woken");
}

/// What another handle does is heard of. Cancel safe.
pub async fn another_handle_is_heard_of(stage: Stage) {
    if !stage.hears_others() {
        return;
    }
    let Some(mut listener) = listen(&stage) else { return };
    let other = stage.another().await;
    let _stored = other.enqueue(&[stage.job()]).await.expect("the other handle enqueues");
    hears(&mut *listener, "a job that another handle enqueued").await;
    let claimed = stage.claim_one().await;
    let _settled = other.settle(&[claimed.settle(Decision::Release)]).await.expect("the other handle settles");
    hears(&mut *listener, "a job that another handle released").await;
}
