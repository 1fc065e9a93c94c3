//! Looking at what is stored.

use jobs_core::{Counts, Due, JobId, JobRecord, State, Timestamp};

use crate::contract::Fixture;
use crate::contract::fixture::states::JobsInAllStates;
use crate::contract::fixture::{FINISH, KEEP, ONE, retry_in, secs};

/// A job is found with all that it was enqueued with.
pub async fn a_job_is_found_with_all_it_was_enqueued_with(fixture: Fixture) {
    if fixture.inspect().is_none() {
        return;
    }
    let (now, expires) = (fixture.now(), fixture.now() + secs(900));
    let job = fixture.job_with(|job| {
        (job.name, job.queue) = ("greet".to_owned(), "hellos".to_owned());
        (job.priority, job.version, job.due) = (-7, 3, Due::In(secs(60)));
        job.meta = Some(r#"{"tags":["a"]}"#.to_owned());
        job.unique_key = crate::contract::unique_keys::keys::key(crate::contract::unique_keys::keys::DONE, "unique");
        job.concurrency_key = Some("concurrency".to_owned());
        job.batch_id = Some("batch".to_owned());
        job.expires_at = Some(expires);
    });
    fixture.put(job.clone()).await;
    let mut expected = JobRecord::new(job.id, "greet", job.arguments);
    (expected.queue, expected.priority, expected.version) = (job.queue, -7, 3);
    (expected.state, expected.meta) = (State::Scheduled, job.meta);
    (expected.enqueued_at, expected.due_at) = (now, now + secs(60));
    (expected.unique_key, expected.concurrency_key) = (job.unique_key.map(|key| key.to_string()), job.concurrency_key);
    (expected.batch_id, expected.expires_at) = (job.batch_id, job.expires_at);
    assert_eq!(fixture.find(job.id).await, Some(expected), "a job is shown with all that was enqueued");
}

/// A job that never was is not found.
pub async fn a_job_that_never_was_is_not_found(fixture: Fixture) {
    fixture.put_one().await;
    assert_eq!(fixture.find(JobId::from_bytes([7; 16])).await, None, "there is no such job");
}

/// A job is shown in the state it is in, wherever it is in its life.
pub async fn a_job_is_found_in_every_state(fixture: Fixture) {
    let states = JobsInAllStates::new(&fixture).await;
    for (state, id) in states.all() {
        fixture.is(id, state, "a job is shown in the state it is in").await;
    }
}

/// Only a claimed job shows the process that holds it.
pub async fn only_a_claimed_job_shows_its_process(fixture: Fixture) {
    let states = JobsInAllStates::new(&fixture).await;
    for (state, id) in states.all() {
        let holder = (state == State::Claimed).then_some(ONE);
        fixture.shows(id, "a job is held only while it is claimed", |record| record.claimed_by == holder).await;
    }
}

/// A job that is claimed, or was before it finished, shows when: to the second, or not at all. A job that waits shows nothing.
pub async fn a_job_shows_when_it_was_claimed_or_nothing(fixture: Fixture) {
    let (job, first) = (fixture.claimed().await, fixture.now());
    let id = job.id();
    fixture.advance(secs(5));
    fixture.shows(id, "it was claimed 5 s ago", |job| is_or_nothing(job.claimed_at, first)).await;
    fixture.applied(job, retry_in(secs(1))).await;
    fixture.shows(id, "a job that waits is not claimed", |job| job.claimed_at.is_none()).await;
    fixture.advance(secs(1));
    assert_eq!(fixture.dispatch(1).await.ready, 1, "it is due again");
    let (job, second) = (fixture.claim_one().await, fixture.now());
    fixture.advance(secs(5));
    fixture.shows(id, "it was claimed again", |job| is_or_nothing(job.claimed_at, second)).await;
    fixture.applied(job, KEEP).await;
    fixture.shows_done(id, "it ran from then on", |job| is_or_nothing(job.claimed_at, second)).await;
}

/// Finished and discarded jobs show when they were done, and no others do.
pub async fn only_a_done_job_shows_when_it_was_done(fixture: Fixture) {
    let now = fixture.now();
    let states = JobsInAllStates::new(&fixture).await;
    fixture.advance(secs(5));
    for (state, id) in states.all() {
        let done = state.is_done().then_some(now);
        fixture.shows(id, "finished and discarded jobs are done", |record| record.done_at == done).await;
    }
}

/// Each state is counted.
pub async fn counts_show_each_state(fixture: Fixture) {
    let Some(inspect) = fixture.inspect() else { return };
    let empty = inspect.counts().await.expect("the store counts");
    assert_eq!(empty, Counts::default(), "an empty store has none");
    JobsInAllStates::new(&fixture).await;
    fixture.put_later(secs(60)).await;
    let mut expected = Counts::default();
    for state in State::ALL.into_iter().filter(|state| *state != State::Blocked) {
        expected.add(state, 1);
    }
    expected.add(State::Scheduled, 1);
    let counts = inspect.counts().await.expect("the store counts");
    assert_eq!(counts, expected, "each job is counted once, in its state");
    assert_eq!((counts.total(), counts.pending()), (7, 4), "in all, and those that still move");
}

/// A job that was forgotten is not counted.
pub async fn a_pruned_job_is_not_counted(fixture: Fixture) {
    let Some(inspect) = fixture.inspect() else { return };
    let execution = fixture.claimed().await;
    fixture.applied(execution, FINISH).await;
    assert_eq!(inspect.counts().await.expect("the store counts").total(), 0, "nothing is left of it");
}

/// Looking changes nothing.
pub async fn inspecting_changes_nothing(fixture: Fixture) {
    let Some(inspect) = fixture.inspect() else { return };
    let states = JobsInAllStates::new(&fixture).await;
    let before = fixture.list(&jobs_core::Filter::default()).await;
    for _ in 0..3 {
        inspect.counts().await.expect("the store counts");
        inspect.queues().await.expect("the store shows queues");
        inspect.processes().await.expect("the store shows processes");
    }
    assert_eq!(fixture.list(&jobs_core::Filter::default()).await, before, "nothing moved");
    fixture.applied(states.claimed, FINISH).await;
}

/// Whether a store tells this time, to the second, or none.
pub(super) fn is_or_nothing(told: Option<Timestamp>, time: Timestamp) -> bool {
    told.is_none_or(|told| told <= time && time.duration_since(told) < secs(1))
}
