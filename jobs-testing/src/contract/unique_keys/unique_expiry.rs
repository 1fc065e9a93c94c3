//! A job that has expired and waits keeps no other job out: it will not run.

use std::time::Duration;

use jobs_core::{Decision, Due, Enqueued, JobId, NewJob, Unique};

use crate::contract::Fixture;
use crate::contract::concurrency::runner::{RUNNERS, SEEDS, race};
use crate::contract::fixture::{FINISH, KEEP, just_under, secs};
use crate::contract::unique_keys::keys::{DONE, START};
use crate::contract::unique_keys::unique_conflicts::place;

/// A new job with the key `a` that expires in a minute.
fn expiring(fixture: &Fixture, unique: Unique) -> NewJob {
    let mut job = fixture.unique(unique, "a");
    job.expires_at = Some(fixture.now() + secs(60));
    job
}

async fn put_expiring(fixture: &Fixture, unique: Unique) -> JobId {
    fixture.put(expiring(fixture, unique)).await
}

/// A job that waits frees its key at the moment when it expires, whether it is ready or scheduled.
pub async fn an_expired_job_that_waits_holds_no_key(fixture: Fixture) {
    for unique in [START, DONE] {
        for due in [Due::Now, Due::In(secs(3600))] {
            let mut job = expiring(&fixture, unique);
            job.due = due;
            let first = fixture.put(job).await;
            fixture.advance(just_under(secs(60)));
            fixture.keeps_out(first, unique, "it has not expired").await;
            fixture.advance(Duration::from_micros(1));
            let second = fixture.lets_in(unique, "it will not run").await;
            fixture.keeps_out(second, unique, "the second waits").await;
            drain(&fixture).await;
        }
    }
}

/// A job that a process has claimed may run, so it holds its key. Once it waits again it does not.
pub async fn an_expired_job_that_is_claimed_holds_its_key(fixture: Fixture) {
    let put_off = Decision::Continue { wait: secs(60), meta: None };
    for decision in [Decision::Release, put_off] {
        let first = put_expiring(&fixture, DONE).await;
        let execution = fixture.claim_one().await;
        fixture.advance(secs(60));
        fixture.keeps_out(first, DONE, "it may run").await;
        fixture.applied(execution, decision).await;
        let second = fixture.lets_in(DONE, "it waits again, and has expired").await;
        fixture.keeps_out(second, DONE, "the second waits").await;
        drain(&fixture).await;
    }
}

/// What becomes of an expired job leaves the key to the job that took it.
pub async fn an_expired_job_leaves_its_key_to_the_next(fixture: Fixture) {
    for decision in [FINISH, KEEP, Decision::Discard { error: None }, Decision::Release] {
        let words = format!("the later holds it: {decision:?}");
        put_expiring(&fixture, DONE).await;
        fixture.advance(secs(60));
        let later = fixture.lets_in(DONE, "the earlier has expired").await;
        let earlier = fixture.claim_one().await;
        fixture.keeps_out(later, DONE, "the earlier is claimed, and has lost its key").await;
        fixture.applied(earlier, decision).await;
        fixture.keeps_out(later, DONE, &words).await;
        drain(&fixture).await;
    }
}

/// Of several enqueues that race a claim of the expired job, one at most is stored.
pub async fn of_enqueues_racing_the_claim_of_an_expired_job_one_is_stored(fixture: Fixture) {
    for seed in SEEDS {
        for _ in 0..10 {
            let expired = put_expiring(&fixture, DONE).await;
            fixture.advance(secs(60));
            let jobs: Vec<NewJob> = (0..RUNNERS).map(|_| fixture.unique(DONE, "a")).collect();
            let answers = race(&fixture, seed, |runner| {
                let job = jobs.get(place(&runner)).cloned();
                async move {
                    if runner.process.get() % 3 == 0 {
                        runner.claim(1).await;
                        return Vec::new();
                    }
                    runner.store.enqueue(job.as_slice()).await.expect("the store enqueues")
                }
            });
            let answers: Vec<Enqueued> = answers.await.into_iter().flatten().collect();
            let mut holders = vec![expired];
            holders.extend(answers.iter().filter_map(|answer| match answer {
                Enqueued::New(id) => Some(*id),
                _ => None,
            }));
            assert!(holders.len() <= 2, "one took the key at most (seed {seed}): {answers:?}");
            let known = |answer: &Enqueued| answer.id().is_some_and(|id| holders.contains(&id));
            assert!(
                answers.iter().all(known),
                "a duplicate is one of a job that held the key (seed {seed}): {answers:?}"
            );
            fixture.advance(secs(3600));
            assert!(fixture.recover_with(u32::MAX).await.ready.len() <= 2, "no claimer said that it lives");
            drain(&fixture).await;
        }
    }
}

/// Finishes all that is there. What waits for its time is due then.
async fn drain(fixture: &Fixture) {
    fixture.advance(secs(3600));
    let _dispatched = fixture.dispatch(100).await;
    for execution in fixture.claim(100).await {
        fixture.applied(execution, FINISH).await;
    }
}
