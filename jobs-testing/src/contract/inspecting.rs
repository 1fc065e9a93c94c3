//! Looking at what is stored.

use jobs_core::{Counts, Due, JobId, JobRecord, State};

use crate::contract::Stage;
use crate::contract::stage::{FINISH, ONE, secs};
use crate::contract::world::World;

/// A job is found with all that it was enqueued with.
pub async fn a_job_is_found_with_all_it_was_enqueued_with(stage: Stage) {
    if stage.inspect().is_none() {
        return;
    }
    let (now, expires) = (stage.now(), stage.now().after(secs(900)));
    let job = stage.job_with(|job| {
        (job.name, job.queue) = ("greet".to_owned(), "hellos".to_owned());
        (job.priority, job.version, job.due) = (-7, 3, Due::In(secs(60)));
        job.meta = Some(r#"{"tags":["a"]}"#.to_owned());
        job.unique_key = crate::contract::keys::key(crate::contract::keys::DONE, "unique");
        job.concurrency_key = Some("concurrency".to_owned());
        job.batch_id = Some("batch".to_owned());
        job.expires_at = Some(expires);
    });
    stage.put(job.clone()).await;
    let mut expected = JobRecord::new(job.id, "greet", job.arguments);
    (expected.queue, expected.priority, expected.version) = (job.queue, -7, 3);
    (expected.state, expected.meta) = (State::Scheduled, job.meta);
    (expected.enqueued_at, expected.due_at) = (now, now.after(secs(60)));
    (expected.unique_key, expected.concurrency_key) = (job.unique_key.map(|key| key.to_string()), job.concurrency_key);
    (expected.batch_id, expected.expires_at) = (job.batch_id, job.expires_at);
    assert_eq!(stage.find(job.id).await, Some(expected), "a job is shown with all that was enqueued");
}

/// A job that never was is not found.
pub async fn a_job_that_never_was_is_not_found(stage: Stage) {
    stage.put_one().await;
    assert_eq!(stage.find(JobId::from_bytes([7; 16])).await, None, "there is no such job");
}

/// A job is shown in the state it is in, wherever it is in its life.
pub async fn a_job_is_found_in_every_state(stage: Stage) {
    let world = World::new(&stage).await;
    for (state, id) in world.jobs() {
        stage.is(id, state, "a job is shown in the state it is in").await;
    }
}

/// A claimed job shows who holds it, and no other does.
pub async fn only_a_claimed_job_shows_a_holder(stage: Stage) {
    let world = World::new(&stage).await;
    for (state, id) in world.jobs() {
        let holder = (state == State::Claimed).then_some(ONE);
        stage.shows(id, "a job is held only while it is claimed", |record| record.claimed_by == holder).await;
    }
}

/// Finished and discarded jobs show when they were done, and no others do.
pub async fn only_a_done_job_shows_when_it_was_done(stage: Stage) {
    let now = stage.now();
    let world = World::new(&stage).await;
    stage.advance(secs(5));
    for (state, id) in world.jobs() {
        let done = state.is_done().then_some(now);
        stage.shows(id, "finished and discarded jobs are done", |record| record.done_at == done).await;
    }
}

/// Each state is counted.
pub async fn counts_tell_each_state(stage: Stage) {
    let Some(inspect) = stage.inspect() else { return };
    let empty = inspect.counts().await.expect("the store counts");
    assert_eq!(empty, Counts::default(), "an empty store has none");
    World::new(&stage).await;
    stage.put_later(secs(60)).await;
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
pub async fn a_forgotten_job_is_not_counted(stage: Stage) {
    let Some(inspect) = stage.inspect() else { return };
    let execution = stage.claimed().await;
    stage.applied(execution, FINISH).await;
    assert_eq!(inspect.counts().await.expect("the store counts").total(), 0, "nothing is left of it");
}

/// Looking changes nothing.
pub async fn looking_changes_nothing(stage: Stage) {
    let Some(inspect) = stage.inspect() else { return };
    let world = World::new(&stage).await;
    let before = stage.list(&jobs_core::Filter::default()).await;
    for _ in 0..3 {
        inspect.counts().await.expect("the store counts");
        inspect.queues().await.expect("the store shows queues");
        inspect.processes().await.expect("the store shows processes");
    }
    assert_eq!(stage.list(&jobs_core::Filter::default()).await, before, "nothing moved");
    stage.applied(world.claimed, FINISH).await;
}
