//! What hands do to jobs that hold unique keys, and to those that held them.

use jobs_core::{Decision, Due, JobId, Manage, State};

use crate::contract::Stage;
use crate::contract::keys::{DONE, START};
use crate::contract::race::{SEEDS, race};
use crate::contract::stage::{FINISH, KEEP, fail, ids, secs};

async fn retry(manage: &dyn Manage, jobs: &[JobId]) -> u64 {
    manage.retry(jobs).await.expect("the store retries by hand")
}

async fn discard(manage: &dyn Manage, jobs: &[JobId]) -> u64 {
    manage.discard(jobs).await.expect("the store discards by hand")
}

/// A job with the key `a` until its end, that came to this.
async fn ended(stage: &Stage, decision: Decision) -> JobId {
    let id = stage.put_unique(DONE).await;
    let execution = stage.claim_one().await;
    assert_eq!(execution.id(), id, "it is the only one");
    stage.applied(execution, decision).await;
    id
}

/// A failed or discarded job that is retried by hand takes its key again. Cancel safe.
pub async fn a_job_retried_by_hand_takes_its_key_again(stage: Stage) {
    let Some(manage) = stage.manage() else { return };
    for decision in [fail(), Decision::Discard { error: None }] {
        let id = ended(&stage, decision).await;
        assert_eq!(retry(manage, &[id]).await, 1, "nobody holds its key");
        stage.keeps_out(id, DONE, "it is ready").await;
        let execution = stage.claim_one().await;
        stage.keeps_out(id, DONE, "it runs").await;
        stage.applied(execution, KEEP).await;
        let next = stage.lets_in(DONE, "it is done").await;
        assert_eq!(discard(manage, &[next]).await, 1, "the next one made room");
    }
}

/// While another job holds its key it stays where it is. Cancel safe.
pub async fn a_job_whose_key_another_holds_is_not_retried(stage: Stage) {
    let Some(manage) = stage.manage() else { return };
    for (decision, state) in [(fail(), State::Failed), (Decision::Discard { error: None }, State::Discarded)] {
        let old = ended(&stage, decision).await;
        let new = stage.lets_in(DONE, "the old one has ended").await;
        assert_eq!(retry(manage, &[old]).await, 0, "two would run at once");
        stage.is(old, state, "it stays as it was").await;
        stage.keeps_out(new, DONE, "the key is the new one's").await;
        let execution = stage.claim_one().await;
        assert_eq!((execution.id(), retry(manage, &[old]).await), (new, 0), "the new one runs");
        stage.applied(execution, KEEP).await;
        assert_eq!(retry(manage, &[old]).await, 1, "the new one is done");
        assert_eq!(ids(&finish_all(&stage).await), [old], "and the old one runs");
    }
}

/// Of several failed jobs of one key the first is retried. Cancel safe.
pub async fn of_failed_jobs_of_one_key_one_is_retried(stage: Stage) {
    let Some(manage) = stage.manage() else { return };
    let first = ended(&stage, fail()).await;
    let second = ended(&stage, fail()).await;
    let third = ended(&stage, Decision::Discard { error: None }).await;
    let plain = {
        let execution = stage.claimed().await;
        let id = execution.id();
        stage.applied(execution, fail()).await;
        id
    };
    assert_eq!(retry(manage, &[second, plain, first, third, second]).await, 2, "one of the key, and the one without");
    assert_eq!(ids(&finish_all(&stage).await), [second, plain], "the first of the list");
    for (id, state) in [(first, State::Failed), (third, State::Discarded)] {
        stage.is(id, state, "the others stay").await;
    }
}

/// A job that was unique until its start and has been claimed needs no key to be retried. Cancel safe.
pub async fn a_job_that_was_unique_until_its_start_is_retried_beside_another(stage: Stage) {
    let Some(manage) = stage.manage() else { return };
    let old = stage.put_unique(START).await;
    let execution = stage.claim_one().await;
    stage.applied(execution, fail()).await;
    let new = stage.lets_in(START, "the old one was claimed").await;
    assert_eq!(retry(manage, &[old]).await, 1, "it no longer holds the key");
    stage.keeps_out(new, START, "the new one does").await;
    assert_eq!(finish_all(&stage).await.len(), 2, "both run");
}

/// One that was discarded before it ever was claimed takes its key again. Cancel safe.
pub async fn a_job_that_never_started_takes_its_key_again(stage: Stage) {
    let Some(manage) = stage.manage() else { return };
    let first = stage.put_unique(START).await;
    assert_eq!(discard(manage, &[first]).await, 1, "it is discarded");
    let second = stage.lets_in(START, "the first is discarded").await;
    assert_eq!(retry(manage, &[first]).await, 0, "the second holds the key");
    let execution = stage.claim_one().await;
    assert_eq!(execution.id(), second, "the second starts");
    assert_eq!(retry(manage, &[first]).await, 1, "the second has started");
    stage.keeps_out(first, START, "the first waits again").await;
}

/// A job discarded by hand lets others in. Cancel safe.
pub async fn a_job_discarded_by_hand_lets_others_in(stage: Stage) {
    let Some(manage) = stage.manage() else { return };
    for unique in [START, DONE] {
        let first = stage.put_unique(unique).await;
        assert_eq!(discard(manage, &[first]).await, 1, "it is discarded");
        let second = stage.lets_in(unique, "the first is discarded").await;
        stage.keeps_out(second, unique, "the second is there").await;
        finish_all(&stage).await;
    }
}

/// A job that is put off or brought forward by hand keeps its key. Cancel safe.
pub async fn a_job_put_off_by_hand_keeps_others_out(stage: Stage) {
    let Some(manage) = stage.manage() else { return };
    for unique in [START, DONE] {
        let id = stage.put_unique(unique).await;
        assert_eq!(
            manage.reschedule(&[id], Due::In(secs(60))).await.expect("the store reschedules"),
            1,
            "it is put off"
        );
        stage.keeps_out(id, unique, "it waits").await;
        assert_eq!(retry(manage, &[id]).await, 1, "it is brought forward");
        stage.keeps_out(id, unique, "it is ready").await;
        finish_all(&stage).await;
    }
}

/// A retry by hand that races enqueues of the same key leaves one job that holds it. Cancel safe.
pub async fn a_retry_by_hand_racing_enqueues_leaves_one_job(stage: Stage) {
    if stage.manage().is_none() {
        return;
    }
    for seed in SEEDS {
        for _ in 0..10 {
            let failed = ended(&stage, fail()).await;
            let jobs = [stage.unique(DONE, "a"), stage.unique(DONE, "a")];
            let touched = race(&stage, seed, |runner| {
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
            let ran = finish_all(&stage).await;
            assert_eq!(ran.len(), 1, "one of them holds the key (seed {seed})");
            if let Some(manage) = stage.manage() {
                discard(manage, &[failed]).await;
            }
        }
    }
}

/// Claims all that is ready and finishes it.
async fn finish_all(stage: &Stage) -> Vec<jobs_core::Execution> {
    let (mut all, mut batch) = (Vec::new(), Vec::new());
    for execution in stage.claim(100).await {
        batch.push(jobs_core::Settlement::new(execution.token, FINISH));
        all.push(execution);
    }
    let _settled = stage.settle_all(&batch).await;
    all
}
