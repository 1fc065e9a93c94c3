//! Everything at once: processes that enqueue, claim, settle, give back, die and recover each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs_core::{Claim, Decision, Execution, JobId, ProcessStatus, Settled};

use crate::contract::concurrency::runner::{Runner, SEEDS, race};
use crate::contract::fixture::{FINISH, SILENCE, retry_in, secs};
use crate::contract::{Fixture, Requirement};

/// How many steps each runner takes.
const STEPS: usize = 60;

/// What all runners saw.
#[derive(Clone)]
struct Ledger {
    seen: Arc<Mutex<Seen>>,
    /// Whether each claim of a job has another number.
    are_claims_numbered: bool,
}

#[derive(Default)]
struct Seen {
    enqueued: BTreeSet<JobId>,
    /// Each claim of each job that was handed out, by its number.
    numbers: BTreeSet<(JobId, i64)>,
    /// How many claims were handed out.
    claims: usize,
    /// How often a finish of the job was applied.
    finished: BTreeMap<JobId, usize>,
    /// How many claims ended by a settlement that was applied or by a recovery.
    ended: usize,
}

impl Ledger {
    fn new(fixture: &Fixture) -> Self {
        Self { seen: Arc::default(), are_claims_numbered: fixture.meets(Requirement::Fencing) }
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handed_out(&self, claimed: &[Execution]) {
        let mut seen = self.lock();
        for execution in claimed {
            let token = execution.token;
            seen.claims += 1;
            let is_new = seen.numbers.insert((token.job, token.claim));
            assert!(is_new || !self.are_claims_numbered, "{token:?} was handed out twice");
        }
    }

    fn settled(&self, id: JobId, finish: bool, settled: Settled) {
        if settled == Settled::Applied {
            let mut seen = self.lock();
            seen.ended += 1;
            *seen.finished.entry(id).or_default() += usize::from(finish);
        }
    }

    fn recovered(&self, count: usize) {
        self.lock().ended += count;
    }
}

/// A runner with what it holds.
struct Worker {
    runner: Runner,
    held: Vec<Execution>,
    ledger: Ledger,
}

impl Worker {
    /// One random step. A process that crashes or stops continues as another one.
    async fn step(&mut self) {
        match self.runner.pick(16) {
            0..3 => self.enqueue().await,
            3..6 => self.claim().await,
            6..9 => self.settle(FINISH).await,
            9 => self.settle(Decision::Release).await,
            10 => self.settle(retry_in(Duration::ZERO)).await,
            11 => self.settle(Decision::Continue { wait: Duration::ZERO, meta: None }).await,
            12 => self.settle_and_claim().await,
            13 => drop(self.runner.dispatch(self.runner.some(5)).await),
            14 => self.die(),
            _ => self.recover().await,
        }
        self.runner.beat(ProcessStatus::Running).await;
    }

    async fn enqueue(&self) {
        let jobs: Vec<_> = (0..self.runner.some(3)).map(|_| self.runner.job()).collect();
        self.ledger.lock().enqueued.extend(jobs.iter().map(|job| job.id));
        self.runner.enqueue(&jobs).await;
    }

    async fn claim(&mut self) {
        let claimed = self.runner.claim(self.runner.some(3)).await;
        self.ledger.handed_out(&claimed);
        self.held.extend(claimed);
    }

    async fn settle(&mut self, decision: Decision) {
        if self.held.is_empty() {
            return;
        }
        let execution = self.held.swap_remove(self.runner.place(self.held.len()));
        let (id, finish) = (execution.id(), decision == FINISH);
        let settled = self.runner.settle(execution, decision).await;
        self.ledger.settled(id, finish, settled);
    }

    async fn settle_and_claim(&mut self) {
        let batch: Vec<_> = self.held.drain(..).map(|execution| execution.settle(FINISH)).collect();
        let claim = Claim::all(self.runner.process, self.runner.some(2));
        let answer = self.runner.store.settle_and_claim(&batch, &claim).await;
        let (settled, claimed) = answer.expect("the store settles and claims");
        for (settlement, settled) in batch.iter().zip(settled) {
            self.ledger.settled(settlement.token.job, true, settled);
        }
        self.ledger.handed_out(&claimed);
        self.held.extend(claimed);
    }

    fn die(&mut self) {
        self.held.clear();
        self.runner.reborn();
    }

    async fn recover(&self) {
        self.runner.wait();
        let recovered = self.runner.recover().await;
        self.ledger.recovered(recovered.ready.len());
    }
}

/// Under random concurrent calls, each job is finished once.
pub async fn under_stress_each_job_is_finished_once(fixture: Fixture) {
    for seed in SEEDS {
        let ledger = Ledger::new(&fixture);
        race(&fixture, seed, |runner| {
            let mut worker = Worker { runner, held: Vec::new(), ledger: ledger.clone() };
            async move {
                for _ in 0..STEPS {
                    worker.step().await;
                }
            }
        })
        .await;
        work_off(&fixture, &ledger).await;
        let seen = ledger.lock();
        let finished: BTreeMap<_, _> = seen.finished.iter().filter(|(_, times)| **times > 0).collect();
        assert!(finished.values().all(|times| **times == 1), "no job is finished twice (seed {seed}): {finished:?}");
        assert!(finished.into_keys().eq(&seen.enqueued), "each job is finished, and no other (seed {seed})");
        assert_eq!(seen.ended, seen.claims, "each claim ended once (seed {seed})");
    }
}

/// All processes are dead by now; one more works off what is left.
async fn work_off(fixture: &Fixture, ledger: &Ledger) {
    fixture.advance(SILENCE + secs(1));
    ledger.recovered(fixture.recover_with(u32::MAX).await.ready.len());
    fixture.dispatch(10_000).await;
    let claimed = fixture.claim(10_000).await;
    ledger.handed_out(&claimed);
    for execution in claimed {
        let id = execution.id();
        ledger.settled(id, true, fixture.settle(execution, FINISH).await);
    }
}
