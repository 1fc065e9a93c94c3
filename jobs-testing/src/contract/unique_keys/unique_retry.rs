//! What hands do to jobs that hold unique keys, and to those that held them.

use jobs_core::{Decision, Due, JobId, Manage, State};

use crate::contract::Fixture;
use crate::contract::concurrency::runner::{SEEDS, race};
use crate::contract::fixture::{FINISH, KEEP, fail, ids, secs};
use crate::contract::unique_keys::keys::{DONE, START};

async fn retry(manage: &dyn Manage, jobs: &[JobId]) -> u64 {
    manage.retry(jobs).await.expect("the store retries manually")
}

async fn key_holder(manage: &dyn Manage, job: JobId) -> Option<JobId> {
    manage.key_holder(job).await.expect("the store tells because of which job it does not retry")
}

async fn discard(manage: &dyn Manage, jobs: &[JobId]) -> u64 {
    manage.discard(jobs).await.expect("the store discards manually")
}

/// A job with the key `a` until its end, that came to this.
async fn ended(fixture: &Fixture, decision: Decision) -> JobId {
    let id = fixture.put_unique(DONE).await;
    let execution = fixture.claim_one().await;
    assert_eq!(execution.id(), id, "it is the only one");
    fixture.applied(execution, decision).await;
    id
}

/// A failed or discarded job that is retried manually takes its key again.
pub async fn a_manually_retried_job_takes_its_key_again(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    for decision in [fail(), Decision::Discard { error: None }] {
        let id = ended(&fixture, decision).await;
        assert_eq!(retry(manage, &[id]).await, 1, "its key is free");
        fixture.keeps_out(id, DONE, "it is ready").await;
        let execution = fixture.claim_one().await;
        fixture.keeps_out(id, DONE, "it runs").await;
        fixture.applied(execution, KEEP).await;
        let next = fixture.lets_in(DONE, "it is done").await;
        assert_eq!(discard(manage, &[next]).await, 1, "the next one made room");
    }
}

/// A job whose key is held by another job is not retried.
pub async fn a_job_whose_key_is_taken_is_not_retried(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    for (decision, state) in [(fail(), State::Failed), (Decision::Discard { error: None }, State::Discarded)] {
        let old = ended(&fixture, decision).await;
        let new = fixture.lets_in(DONE, "the old one has ended").await;
        assert_eq!(retry(manage, &[old]).await, 0, "two would run at once");
        assert_eq!(key_holder(manage, old).await, Some(new), "the store says because of which job");
        assert_eq!(key_holder(manage, new).await, None, "the new one waits for nothing");
        fixture.is(old, state, "it stays as it was").await;
        fixture.keeps_out(new, DONE, "the key is the new one's").await;
        let execution = fixture.claim_one().await;
        assert_eq!((execution.id(), retry(manage, &[old]).await), (new, 0), "the new one runs");
        fixture.applied(execution, KEEP).await;
        assert_eq!(key_holder(manage, old).await, None, "the key is free");
        assert_eq!(retry(manage, &[old]).await, 1, "the new one is done");
        assert_eq!(ids(&finish_all(&fixture).await), [old], "and the old one runs");
    }
}

/// Of several failed jobs of one key the first is retried.
pub async fn one_of_failed_jobs_of_a_key_is_retried(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let first = ended(&fixture, fail()).await;
    let second = ended(&fixture, fail()).await;
    let third = ended(&fixture, Decision::Discard { error: None }).await;
    let plain = {
        let execution = fixture.claimed().await;
        let id = execution.id();
        fixture.applied(execution, fail()).await;
        id
    };
    assert_eq!(retry(manage, &[second, plain, first, third, second]).await, 2, "one of the key, and the one without");
    assert_eq!(ids(&finish_all(&fixture).await), [second, plain], "the first of the list");
    for (id, state) in [(first, State::Failed), (third, State::Discarded)] {
        fixture.is(id, state, "the others stay").await;
    }
}

/// A job that was unique until its start and has been claimed needs no key to be retried.
pub async fn a_job_unique_until_start_is_retried_beside_another(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let old = fixture.put_unique(START).await;
    let execution = fixture.claim_one().await;
    fixture.applied(execution, fail()).await;
    let new = fixture.lets_in(START, "the old one was claimed").await;
    assert_eq!(retry(manage, &[old]).await, 1, "it no longer holds the key");
    fixture.keeps_out(new, START, "the new one does").await;
    assert_eq!(finish_all(&fixture).await.len(), 2, "both run");
}

/// One that was discarded before it ever was claimed takes its key again.
pub async fn a_job_that_never_started_takes_its_key_again(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let first = fixture.put_unique(START).await;
    assert_eq!(discard(manage, &[first]).await, 1, "it is discarded");
    let second = fixture.lets_in(START, "the first is discarded").await;
    assert_eq!(retry(manage, &[first]).await, 0, "the second holds the key");
    let execution = fixture.claim_one().await;
    assert_eq!(execution.id(), second, "the second starts");
    assert_eq!(retry(manage, &[first]).await, 1, "the second has started");
    fixture.keeps_out(first, START, "the first waits again").await;
}

/// A manually discarded job frees its key.
pub async fn a_manually_discarded_job_frees_its_key(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    for unique in [START, DONE] {
        let first = fixture.put_unique(unique).await;
        assert_eq!(discard(manage, &[first]).await, 1, "it is discarded");
        let second = fixture.lets_in(unique, "the first is discarded").await;
        fixture.keeps_out(second, unique, "the second is there").await;
        finish_all(&fixture).await;
    }
}

/// A job that is manually rescheduled, later or earlier, keeps its key.
pub async fn a_manually_rescheduled_job_keeps_its_key(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    for unique in [START, DONE] {
        let id = fixture.put_unique(unique).await;
        assert_eq!(
            manage.reschedule(&[id], Due::In(secs(60))).await.expect("the store reschedules"),
            1,
            "it is put off"
        );
        fixture.keeps_out(id, unique, "it waits").await;
        assert_eq!(retry(manage, &[id]).await, 1, "it is brought forward");
        fixture.keeps_out(id, unique, "it is ready").await;
        finish_all(&fixture).await;
    }
}

/// After a manual retry races enqueues of the same key, one job holds the key.
pub async fn a_manual_retry_racing_enqueues_leaves_one_job(fixture: Fixture) {
    if fixture.manage().is_none() {
        return;
    }
    for seed in SEEDS {
        for _ in 0..10 {
            let failed = ended(&fixture, fail()).await;
            let jobs = [fixture.unique(DONE, "a"), fixture.unique(DONE, "a")];
            let touched = race(&fixture, seed, |runner| {
                let (hand, job) = (runner.process.get() % 2 == 0, jobs[runner.place(2)].clone());
                async move {
                    if !hand {
                        runner.enqueue(&[job]).await;
                        return 0;
                    }
                    let manage = runner.store.manage().expect("the store can be managed by each of its handles");
                    retry(manage, &[failed]).await
                }
            });
            assert!(touched.await.into_iter().sum::<u64>() <= 1, "it is retried once at most (seed {seed})");
            let ran = finish_all(&fixture).await;
            assert_eq!(ran.len(), 1, "one of them holds the key (seed {seed})");
            if let Some(manage) = fixture.manage() {
                discard(manage, &[failed]).await;
            }
        }
    }
}

/// Claims all that is ready and finishes it.
async fn finish_all(fixture: &Fixture) -> Vec<jobs_core::Execution> {
    let (mut all, mut batch) = (Vec::new(), Vec::new());
    for execution in fixture.claim(100).await {
        batch.push(jobs_core::Settlement::new(execution.token, FINISH));
        all.push(execution);
    }
    let _settled = fixture.settle_all(&batch).await;
    all
}
