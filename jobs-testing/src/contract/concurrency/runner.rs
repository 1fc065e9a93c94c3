//! Runners that race each other over two handles, each with its own random bits.

use std::future::Future;
use std::panic::resume_unwind;
use std::sync::Arc;

use jobs_core::{
    Claim, Decision, Entropy, Execution, JobId, NewJob, Process, ProcessId, ProcessStatus, Recovered, Recovery,
    Settled, Settlement, Store,
};

use crate::contract::Fixture;
use crate::contract::fixture::{SILENCE, secs};
use crate::{ManualClock, SeededEntropy};

/// Each race is run with each of these.
pub(crate) const SEEDS: [u64; 3] = [1, 2, 3];
/// How many race each other.
pub(crate) const RUNNERS: u64 = 4;

/// One of the racing tasks.
pub(crate) struct Runner {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) process: ProcessId,
    clock: ManualClock,
    entropy: SeededEntropy,
}

/// Runs it for all runners at once, every second one over another handle; what each came to.
pub(crate) async fn race<T, F>(fixture: &Fixture, seed: u64, run: impl Fn(Runner) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let handles = [fixture.handle(), fixture.another().await];
    let runner = |number: u64| Runner {
        store: handles[usize::from(number % 2 == 1)].clone(),
        process: ProcessId::new(i64::try_from(100 + number).expect("there are few runners")),
        clock: fixture.clock(),
        entropy: SeededEntropy::new(seed * 1_000 + number),
    };
    let running: Vec<_> = (0..RUNNERS).map(|number| tokio::spawn(run(runner(number)))).collect();
    let mut ends = Vec::new();
    for one in running {
        // A broken promise is reported with the panic of the runner that saw it.
        ends.push(one.await.unwrap_or_else(|end| resume_unwind(end.into_panic())));
    }
    ends
}

impl Runner {
    /// A number less than `bound`.
    pub(crate) fn pick(&self, bound: u64) -> u64 {
        self.entropy.next_u64() % bound
    }

    /// An index of a list that is not empty.
    pub(crate) fn place(&self, count: usize) -> usize {
        usize::try_from(self.pick(count as u64)).expect("an index of a list is a size")
    }

    /// From one to `most`.
    pub(crate) fn some(&self, most: usize) -> usize {
        1 + self.place(most)
    }

    /// The list in random order.
    pub(crate) fn shuffled<T: Clone>(&self, list: &[T]) -> Vec<T> {
        let mut rest = list.to_vec();
        let mut order = Vec::new();
        while !rest.is_empty() {
            order.push(rest.swap_remove(self.place(rest.len())));
        }
        order
    }

    pub(crate) fn job(&self) -> NewJob {
        let halves = [self.entropy.next_u64(), self.entropy.next_u64()].map(u64::to_be_bytes);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&halves[0]);
        bytes[8..].copy_from_slice(&halves[1]);
        NewJob::new(JobId::from_bytes(bytes), "note", "{}")
    }

    /// Becomes another process; what the old one held is left behind.
    pub(crate) fn reborn(&mut self) {
        self.process = ProcessId::new(self.process.get() + 1_000);
    }

    /// Time passes for all.
    pub(crate) fn wait(&self) {
        self.clock.advance(SILENCE / 2 + secs(1));
    }

    pub(crate) async fn enqueue(&self, jobs: &[NewJob]) {
        let answers = self.store.enqueue(jobs).await.expect("the store enqueues");
        assert_eq!(answers.len(), jobs.len(), "each job is answered");
    }

    pub(crate) async fn dispatch(&self, limit: usize) -> usize {
        self.store.dispatch(limit).await.expect("the store dispatches").ready
    }

    pub(crate) async fn claim(&self, limit: usize) -> Vec<Execution> {
        self.store.claim(&Claim::all(self.process, limit)).await.expect("the store claims")
    }

    pub(crate) async fn settle(&self, execution: Execution, decision: Decision) -> Settled {
        self.settle_all(&[execution.settle(decision)]).await[0]
    }

    pub(crate) async fn settle_all(&self, settlements: &[Settlement]) -> Vec<Settled> {
        let settled = self.store.settle(settlements).await.expect("the store settles");
        assert_eq!(settled.len(), settlements.len(), "each settlement is answered");
        settled
    }

    pub(crate) async fn beat(&self, phase: ProcessStatus) {
        let mut process = Process::new(self.process, "runner", "host", 7);
        process.phase = phase;
        let _pulse = self.store.heartbeat(&process).await.expect("the store takes a heartbeat");
    }

    /// Recovers and never gives a job up as poisonous.
    pub(crate) async fn recover(&self) -> Recovered {
        let recovery = Recovery::new(SILENCE, u32::MAX);
        self.store.recover(&recovery).await.expect("the store recovers")
    }
}
