//! Manual changes of stored jobs.

use jobs_core::lifecycle::{Cause, origins};
use jobs_core::{Decision, Due, JobId, Manage, State};

use crate::contract::Fixture;
use crate::contract::fixture::states::{JobsInAllStates, settled};
use crate::contract::fixture::{CRASH_LIMIT, FINISH, KEEP, SILENCE, fail, ids, retry_in, secs};

/// What a hand can do.
const MANUAL: [Cause; 3] = [Cause::ManualRetry, Cause::Discard, Cause::Reschedule];

/// Does it to these jobs; how many it touched.
async fn act(manage: &dyn Manage, hand: Cause, jobs: &[JobId]) -> u64 {
    match hand {
        Cause::ManualRetry => manage.retry(jobs).await.expect("the store retries manually"),
        Cause::Discard => manage.discard(jobs).await.expect("the store discards manually"),
        _ => manage.reschedule(jobs, Due::In(secs(30))).await.expect("the store reschedules"),
    }
}

/// Where a hand moves a job.
fn target(hand: Cause) -> State {
    match hand {
        Cause::ManualRetry => State::Ready,
        Cause::Discard => State::Discarded,
        _ => State::Scheduled,
    }
}

/// Whether a hand may move a job from there. What is claimed belongs to its holder.
fn may(hand: Cause, from: State) -> bool {
    from != State::Claimed && origins(hand).any(|origin| origin == from)
}

async fn obeys_the_table(fixture: Fixture, hand: Cause) {
    let Some(manage) = fixture.manage() else { return };
    let states = JobsInAllStates::new(&fixture).await;
    for (from, id) in states.all() {
        let allowed = may(hand, from);
        assert_eq!(act(manage, hand, &[id]).await, u64::from(allowed), "{hand} of a job that is {from}");
        let to = if allowed { target(hand) } else { from };
        fixture.is(id, to, &format!("after a {hand} of a job that was {from}")).await;
    }
    fixture.applied(states.claimed, FINISH).await;
}

/// Failed, discarded and scheduled jobs are retried, no others.
pub async fn a_manual_retry_makes_only_allowed_transitions(fixture: Fixture) {
    obeys_the_table(fixture, Cause::ManualRetry).await;
}

/// A manual discard moves only jobs that are neither claimed nor done.
pub async fn a_manual_discard_makes_only_allowed_transitions(fixture: Fixture) {
    obeys_the_table(fixture, Cause::Discard).await;
}

/// Ready and scheduled jobs are rescheduled, no others.
pub async fn a_reschedule_makes_only_allowed_transitions(fixture: Fixture) {
    obeys_the_table(fixture, Cause::Reschedule).await;
}

/// Of many jobs those that may move do, and are counted.
pub async fn only_jobs_that_were_moved_are_counted(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let jobs = JobsInAllStates::new(&fixture).await.all().map(|(_, id)| id);
    assert_eq!(act(manage, Cause::Reschedule, &jobs).await, 2, "ready and scheduled");
    assert_eq!(act(manage, Cause::ManualRetry, &jobs).await, 4, "two scheduled, one failed, one discarded");
    assert_eq!(act(manage, Cause::Discard, &jobs).await, 4, "the four that are ready now");
    assert_eq!(act(manage, Cause::Discard, &jobs).await, 0, "nothing is left to discard");
}

/// Ids that the store does not have are passed over.
pub async fn unknown_ids_are_ignored(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let unknown = JobId::from_bytes([9; 16]);
    for hand in MANUAL {
        assert_eq!(act(manage, hand, &[unknown]).await, 0, "{hand} of a job that is not there");
        assert_eq!(act(manage, hand, &[]).await, 0, "{hand} of nothing");
    }
    let id = settled(&fixture, fail()).await;
    assert_eq!(manage.retry(&[unknown, id, unknown]).await.expect("the store retries"), 1, "the others are moved");
    assert_eq!(fixture.find(unknown).await, None, "nothing is made up");
}

/// An id that stands twice is moved once.
pub async fn an_id_given_twice_is_moved_once(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let id = settled(&fixture, fail()).await;
    assert_eq!(act(manage, Cause::ManualRetry, &[id, id]).await, 1, "it is ready after the first");
    assert_eq!(ids(&fixture.claim(10).await), [id], "and claimed once");
    let id = settled(&fixture, fail()).await;
    assert_eq!(act(manage, Cause::Discard, &[id, id]).await, 1, "it is discarded after the first");
}

/// No manual change takes a claimed job from its process.
pub async fn a_claimed_job_stays_with_its_process(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let execution = fixture.claimed().await;
    for hand in MANUAL {
        assert_eq!(act(manage, hand, &[execution.id()]).await, 0, "{hand} of a claimed job");
    }
    assert!(fixture.claim(10).await.is_empty(), "it is not ready");
    fixture.applied(execution, KEEP).await;
}

/// A manually retried job can be claimed at once, and is due now.
pub async fn a_manually_retried_job_is_ready_at_once(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let failed = settled(&fixture, fail()).await;
    let waiting = fixture.put_later(secs(600)).await;
    fixture.advance(secs(5));
    let now = fixture.now();
    act(manage, Cause::ManualRetry, &[failed, waiting]).await;
    for id in [failed, waiting] {
        fixture.shows(id, "it is due now", |record| record.due_at == now && record.done_at.is_none()).await;
    }
    let claimed = fixture.claim(10).await;
    assert_eq!(ids(&claimed), [failed, waiting], "it needs no dispatch");
    assert_eq!((claimed[0].attempt, claimed[1].attempt), (2, 1), "earlier attempts stay counted");
}

/// A manual retry keeps the errors.
pub async fn errors_are_kept_over_a_manual_retry(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let id = settled(&fixture, fail()).await;
    act(manage, Cause::ManualRetry, &[id]).await;
    fixture.shows(id, "its error is still there", |record| record.errors.len() == 1).await;
    let again = fixture.claim_one().await;
    fixture.applied(again, fail()).await;
    fixture.shows(id, "the second error stands after the first", |record| record.errors.len() == 2).await;
}

/// A manual retry resets the crash count.
pub async fn a_manual_retry_resets_the_crash_count(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let id = fixture.put_one().await;
    for _ in 0..CRASH_LIMIT {
        fixture.claim_one().await;
        let _recovered = fixture.recover().await;
    }
    assert_eq!(act(manage, Cause::ManualRetry, &[id]).await, 1, "a poison job may be retried manually");
    fixture.shows(id, "its crashes are forgiven", |record| record.crashes == 0).await;
    fixture.claim_one().await;
    assert_eq!(fixture.recover().await.ready, [id], "one more crash is the first");
}

/// A manually discarded job does not run.
pub async fn a_manually_discarded_job_does_not_run(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let [ready, waiting] = [fixture.put_one().await, fixture.put_later(secs(1)).await];
    fixture.advance(SILENCE);
    let now = fixture.now();
    assert_eq!(act(manage, Cause::Discard, &[ready, waiting]).await, 2, "both are discarded");
    assert_eq!(fixture.dispatch(10).await.next_in, None, "none waits");
    assert!(fixture.claim(10).await.is_empty(), "none is ready");
    fixture.shows_done(ready, "it is done now", |record| record.done_at == Some(now)).await;
}

/// A ready job that is put off waits for its time.
pub async fn a_ready_job_rescheduled_later_waits_for_its_time(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let id = fixture.put_one().await;
    let at = fixture.now() + secs(40);
    manage.reschedule(&[id], Due::At(at)).await.expect("the store reschedules");
    assert!(fixture.claim(10).await.is_empty(), "it is no longer ready");
    assert_eq!(fixture.dispatch(10).await.next_in, Some(secs(40)), "it is due at the given point");
    fixture.advance(secs(40));
    assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due");
    assert_eq!(ids(&fixture.claim(10).await), [id], "and runs");
}

/// A scheduled job that is brought forward is due earlier.
pub async fn a_scheduled_job_rescheduled_earlier_is_due_earlier(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let execution = fixture.claimed().await;
    let id = execution.id();
    fixture.applied(execution, retry_in(secs(3600))).await;
    for due in [Due::In(secs(0)), Due::Now, Due::At(fixture.now() - secs(5))] {
        manage.reschedule(&[id], due).await.expect("the store reschedules");
        fixture.is(id, State::Scheduled, "it waits for a dispatch").await;
        assert_eq!(fixture.dispatch(0).await.next_in, Some(secs(0)), "it is due at once: {due:?}");
    }
    assert_eq!(fixture.dispatch(10).await.ready, 1, "the dispatch makes it ready");
    let again = fixture.claim_one().await;
    fixture.applied(again, Decision::Release).await;
}
