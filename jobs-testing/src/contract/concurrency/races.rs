//! Many calls at once. Each race runs with several seeds; the message of a broken promise has the seed.

use std::collections::BTreeMap;

use jobs_core::{Claim, Decision, JobId, NewJob, ProcessId, ProcessStatus, Settled, Settlement};

use crate::contract::Fixture;
use crate::contract::concurrency::runner::{SEEDS, race};
use crate::contract::fixture::{FINISH, KEEP, ONE, SILENCE, ids, ids_of, retry_in, secs};

/// How many jobs are raced for.
const JOBS: usize = 48;

/// All lists together are these jobs, each once.
fn each_once(lists: Vec<Vec<JobId>>, jobs: &[NewJob], seed: u64, promise: &str) {
    let mut all: Vec<_> = lists.into_iter().flatten().collect();
    all.sort();
    let mut expected = ids_of(jobs);
    expected.sort();
    assert_eq!(all, expected, "{promise} (seed {seed})");
}

async fn stored(fixture: &Fixture) -> Vec<NewJob> {
    let jobs = fixture.jobs(JOBS);
    let _stored = fixture.enqueue(&jobs).await;
    jobs
}

/// Claims that race share the jobs out.
pub async fn racing_claims_share_the_jobs_out(fixture: Fixture) {
    for seed in SEEDS {
        let jobs = stored(&fixture).await;
        let seen = race(&fixture, seed, async |runner| {
            let mut seen = Vec::new();
            loop {
                let claimed = runner.claim(runner.some(4)).await;
                if claimed.is_empty() {
                    return seen;
                }
                seen.extend(ids(&claimed));
                for execution in claimed {
                    assert_eq!(runner.settle(execution, FINISH).await, Settled::Applied, "it is its own");
                }
            }
        });
        each_once(seen.await, &jobs, seed, "each job is given to one claim");
    }
}

/// So do workers that settle and claim in one go.
pub async fn racing_workers_finish_each_job_once(fixture: Fixture) {
    for seed in SEEDS {
        let jobs = stored(&fixture).await;
        let seen = race(&fixture, seed, async |runner| {
            let (mut seen, mut batch) = (Vec::new(), Vec::<Settlement>::new());
            loop {
                let claim = Claim::all(runner.process, runner.some(4));
                let (settled, claimed) =
                    runner.store.settle_and_claim(&batch, &claim).await.expect("the store settles and claims");
                assert_eq!(settled, vec![Settled::Applied; batch.len()], "all are its own");
                seen.extend(batch.iter().map(|settlement| settlement.token.job));
                if claimed.is_empty() {
                    return seen;
                }
                batch = claimed.into_iter().map(|execution| execution.settle(FINISH)).collect();
            }
        });
        each_once(seen.await, &jobs, seed, "each job is finished once");
    }
}

/// Of settlements that race for one token one is written.
pub async fn one_of_racing_settlements_is_written(fixture: Fixture) {
    for seed in SEEDS {
        let jobs = stored(&fixture).await;
        let tokens: Vec<_> = fixture.claim(JOBS).await.iter().map(|execution| execution.token).collect();
        let applied = race(&fixture, seed, |runner| {
            let tokens = runner.shuffled(&tokens);
            async move {
                let mut applied = Vec::new();
                for token in tokens {
                    let decision = [FINISH, retry_in(secs(9)), Decision::Discard { error: None }];
                    let decision = decision[runner.place(3)].clone();
                    if runner.settle_all(&[Settlement::new(token, decision)]).await == [Settled::Applied] {
                        applied.push(token.job);
                    }
                }
                applied
            }
        });
        each_once(applied.await, &jobs, seed, "each token is obeyed once");
    }
}

/// Enqueues of one batch that race store it once.
pub async fn racing_enqueues_of_one_batch_store_it_once(fixture: Fixture) {
    for seed in SEEDS {
        let jobs = fixture.jobs(JOBS);
        race(&fixture, seed, |runner| {
            let jobs = runner.shuffled(&jobs);
            async move {
                for part in jobs.chunks(5) {
                    runner.enqueue(part).await;
                }
            }
        })
        .await;
        let claimed = fixture.claim(JOBS * 4).await;
        each_once(vec![ids(&claimed)], &jobs, seed, "each job is stored once");
        for execution in claimed {
            fixture.applied(execution, FINISH).await;
        }
    }
}

/// Dispatches that race make each job ready once.
pub async fn racing_dispatches_make_each_job_ready_once(fixture: Fixture) {
    for seed in SEEDS {
        for _ in 0..JOBS {
            fixture.put_later(secs(1)).await;
        }
        fixture.advance(secs(1));
        let moved = race(&fixture, seed, async |runner| {
            let mut moved = 0;
            loop {
                match runner.dispatch(runner.some(5)).await {
                    0 => return moved,
                    ready => moved += ready,
                }
            }
        });
        assert_eq!(moved.await.iter().sum::<usize>(), JOBS, "each job becomes ready once (seed {seed})");
        for execution in fixture.claim(JOBS * 2).await {
            fixture.applied(execution, FINISH).await;
        }
    }
}

/// Recoveries that race take each job back once.
pub async fn racing_recoveries_take_each_job_back_once(fixture: Fixture) {
    for seed in SEEDS {
        let jobs = stored(&fixture).await;
        assert_eq!(fixture.claim_as(ProcessId::new(9), JOBS).await.len(), JOBS, "no process that holds them is known");
        let ready = race(&fixture, seed, async |runner| runner.recover().await.ready);
        each_once(ready.await, &jobs, seed, "each job is recovered once");
        for execution in fixture.claim(JOBS).await {
            fixture.is_attempt(execution.attempt, 2, 1, &format!("one attempt was lost (seed {seed})"));
            fixture.applied(execution, FINISH).await;
        }
    }
}

/// A settlement that races a recovery is written, or the job comes back: never both.
pub async fn a_settlement_racing_a_recovery_wins_or_loses(fixture: Fixture) {
    for seed in SEEDS {
        let _pulse = fixture.beat(ONE).await;
        let jobs = stored(&fixture).await;
        let tokens: Vec<_> = fixture.claim(JOBS).await.iter().map(|execution| execution.token).collect();
        fixture.advance(SILENCE + secs(1));
        let ends = race(&fixture, seed, |runner| {
            let tokens = runner.shuffled(&tokens);
            async move {
                let at = runner.place(JOBS);
                let (mut finished, mut recovered) = (Vec::new(), Vec::new());
                for (number, token) in tokens.into_iter().enumerate() {
                    if number == at {
                        recovered = runner.recover().await.ready;
                    }
                    if runner.settle_all(&[Settlement::new(token, FINISH)]).await == [Settled::Applied] {
                        finished.push(token.job);
                    }
                }
                finished.extend(recovered);
                finished
            }
        });
        each_once(ends.await, &jobs, seed, "each job is finished or recovered");
        for execution in fixture.claim(JOBS).await {
            fixture.applied(execution, FINISH).await;
        }
    }
}

/// Jobs that several processes release keep their position and count no attempt.
pub async fn racing_releases_count_no_attempt(fixture: Fixture) {
    for seed in SEEDS {
        let jobs = stored(&fixture).await;
        let finished = race(&fixture, seed, async |runner| {
            let mut finished = Vec::new();
            loop {
                let claimed = runner.claim(runner.some(3)).await;
                if claimed.is_empty() {
                    return finished;
                }
                for execution in claimed {
                    let (id, attempt) = (execution.id(), execution.attempt);
                    assert_eq!(attempt, 1, "a released run is not counted");
                    let finish = runner.pick(2) == 0;
                    let decision = if finish { FINISH } else { Decision::Release };
                    assert_eq!(runner.settle(execution, decision).await, Settled::Applied, "it is its own");
                    finished.extend(finish.then_some(id));
                }
            }
        });
        each_once(finished.await, &jobs, seed, "each job is finished once");
    }
}

/// A hand that races a claim gets the job, or the claim does.
pub async fn a_manual_change_racing_a_claim_wins_or_loses(fixture: Fixture) {
    if fixture.manage().is_none() {
        return;
    }
    for seed in SEEDS {
        let jobs = stored(&fixture).await;
        let ends = race(&fixture, seed, |runner| {
            let order = runner.shuffled(&ids_of(&jobs));
            async move {
                let mut mine = Vec::new();
                for id in order {
                    let manage = runner.store.manage().expect("all handles have the same powers");
                    if manage.discard(&[id]).await.expect("the store discards") == 1 {
                        mine.push(id);
                    }
                    for execution in runner.claim(1).await {
                        mine.push(execution.id());
                        assert_eq!(runner.settle(execution, FINISH).await, Settled::Applied, "a claimed job is safe");
                    }
                }
                mine
            }
        });
        each_once(ends.await, &jobs, seed, "each job is discarded or finished");
    }
}

/// A process that stops while others claim gives each job back once.
pub async fn racing_stops_lose_no_job(fixture: Fixture) {
    for seed in SEEDS {
        let jobs = stored(&fixture).await;
        let finished = race(&fixture, seed, async |mut runner| {
            let mut finished = Vec::new();
            for _ in 0..20 {
                let claimed = runner.claim(3).await;
                if runner.pick(2) == 0 {
                    runner.beat(ProcessStatus::Stopped).await;
                    runner.reborn();
                    continue;
                }
                for execution in claimed {
                    finished.push((execution.id(), execution.attempt));
                    assert_eq!(runner.settle(execution, FINISH).await, Settled::Applied, "it is its own");
                }
            }
            finished
        });
        let mut finished: Vec<_> = finished.await.into_iter().flatten().collect();
        for execution in fixture.claim(JOBS).await {
            finished.push((execution.id(), execution.attempt));
            fixture.applied(execution, FINISH).await;
        }
        let attempts: BTreeMap<_, _> = finished.iter().copied().collect();
        assert!(attempts.values().all(|attempt| *attempt == 1), "no attempt is counted (seed {seed}): {attempts:?}");
        each_once(vec![finished.into_iter().map(|(id, _)| id).collect()], &jobs, seed, "each job is finished once");
    }
}

/// Prunes that race forget each job once.
pub async fn racing_prunes_forget_each_job_once(fixture: Fixture) {
    if fixture.manage().is_none() {
        return;
    }
    for seed in SEEDS {
        stored(&fixture).await;
        for execution in fixture.claim(JOBS).await {
            fixture.applied(execution, KEEP).await;
        }
        let forgotten = race(&fixture, seed, async |runner| {
            let manage = runner.store.manage().expect("all handles have the same powers");
            let mut forgotten = 0;
            loop {
                match manage.prune(secs(0), runner.some(5)).await.expect("the store prunes") {
                    0 => return forgotten,
                    count => forgotten += count,
                }
            }
        });
        assert_eq!(forgotten.await.iter().sum::<u64>(), JOBS as u64, "each is counted once (seed {seed})");
    }
}
