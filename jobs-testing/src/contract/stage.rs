//! Where a case plays: a fresh store, a clock cranked by hand, and short words for what cases do.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{
    Claim, Clock, Decision, Dispatched, Enqueued, ErrorRecord, Execution, Filter, Inspect, JobId, JobIds, JobRecord,
    Manage, NewJob, Phase, Process, ProcessId, Pulse, Recovered, Recovery, Settled, Settlement, State, Store,
    Timestamp,
};

use crate::contract::Subject;
use crate::{ManualClock, SeededEntropy};

/// The process that a case speaks for unless it says another.
pub(crate) const ONE: ProcessId = ProcessId::new(1);
/// Another process.
pub(crate) const TWO: ProcessId = ProcessId::new(2);

/// How long a process may be silent in the cases.
pub(crate) const SILENCE: Duration = Duration::from_secs(60);
/// The number of crashes that makes a job poisonous in the cases.
pub(crate) const CRASH_LIMIT: u32 = 3;

/// A fresh store under test, with its clock.
#[derive(Debug)]
pub struct Stage {
    store: Arc<dyn Store>,
    subject: Subject,
    clock: ManualClock,
    ids: JobIds,
    entropy: SeededEntropy,
}

impl Stage {
    /// Opens a store by a clock of its own; `None` if the subject is [skipped](Subject::skipped).
    ///
    /// Not cancel safe: what the function leaves behind when it is dropped is its own matter.
    pub async fn open<F: Future<Output = Subject>>(open: impl FnOnce(Arc<dyn Clock>) -> F) -> Option<Self> {
        let clock = ManualClock::new();
        let subject = open(Arc::new(clock.clone())).await;
        Some(Self { store: subject.store()?, subject, clock, ids: JobIds::new(), entropy: SeededEntropy::new(1) })
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.store
    }

    pub(crate) fn handle(&self) -> Arc<dyn Store> {
        self.store.clone()
    }

    /// The clock the store goes by.
    pub(crate) fn clock(&self) -> ManualClock {
        self.clock.clone()
    }

    /// A second handle on the same data, or the same one.
    pub(crate) async fn another(&self) -> Arc<dyn Store> {
        self.subject.another().await.unwrap_or_else(|| self.handle())
    }

    /// Whether hints of what other handles do are promised.
    pub(crate) fn hears_others(&self) -> bool {
        self.subject.hears_others()
    }

    pub(crate) fn inspect(&self) -> Option<&dyn Inspect> {
        self.store().inspect()
    }

    pub(crate) fn manage(&self) -> Option<&dyn Manage> {
        self.store().manage()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    pub(crate) fn set_back(&self, by: Duration) {
        self.clock.set(self.now().before(by));
    }

    /// A new job that is due now; its id comes after those made before.
    pub(crate) fn job(&self) -> NewJob {
        NewJob::new(self.ids.next(&self.clock, &self.entropy), "note", r#"{"text":"hello"}"#)
    }

    /// So many new jobs.
    pub(crate) fn jobs(&self, count: usize) -> Vec<NewJob> {
        (0..count).map(|_| self.job()).collect()
    }

    /// A new job after a change.
    pub(crate) fn job_with(&self, change: impl FnOnce(&mut NewJob)) -> NewJob {
        let mut job = self.job();
        change(&mut job);
        job
    }

    pub(crate) async fn enqueue(&self, jobs: &[NewJob]) -> Vec<Enqueued> {
        self.store().enqueue(jobs).await.expect("the store enqueues")
    }

    /// Enqueues one job.
    pub(crate) async fn put(&self, job: NewJob) -> JobId {
        let id = job.id;
        assert_eq!(self.enqueue(&[job]).await, [Enqueued::New(id)], "an enqueued job is answered with its own id");
        id
    }

    /// Enqueues one job that is due now and has nothing special about it.
    pub(crate) async fn put_one(&self) -> JobId {
        self.put(self.job()).await
    }

    /// Enqueues one job into a queue.
    pub(crate) async fn put_into(&self, queue: &str) -> JobId {
        self.put(self.job_with(|job| queue.clone_into(&mut job.queue))).await
    }

    /// Enqueues one job that is due later.
    pub(crate) async fn put_later(&self, wait: Duration) -> JobId {
        self.put(self.job_with(|job| job.due = jobs_core::Due::In(wait))).await
    }

    pub(crate) async fn dispatch(&self, limit: usize) -> Dispatched {
        self.store().dispatch(limit).await.expect("the store dispatches")
    }

    /// Claims for process [`ONE`] from all queues.
    pub(crate) async fn claim(&self, limit: usize) -> Vec<Execution> {
        self.claim_as(ONE, limit).await
    }

    pub(crate) async fn claim_as(&self, process: ProcessId, limit: usize) -> Vec<Execution> {
        self.claim_by(&Claim::all(process, limit)).await
    }

    /// Claims for process [`ONE`] by selectors in words, as `mail*`.
    pub(crate) async fn claim_from(&self, queues: &[&str], limit: usize) -> Vec<Execution> {
        let queues = queues.iter().map(|words| words.parse().expect("the selector is one")).collect();
        self.claim_by(&Claim::new(ONE, queues, limit)).await
    }

    pub(crate) async fn claim_by(&self, claim: &Claim) -> Vec<Execution> {
        self.store().claim(claim).await.expect("the store claims")
    }

    /// Claims one job that has to be there.
    pub(crate) async fn claim_one(&self) -> Execution {
        self.claim_one_as(ONE).await
    }

    pub(crate) async fn claim_one_as(&self, process: ProcessId) -> Execution {
        self.claim_as(process, 1).await.pop().expect("a ready job is given to a claim")
    }

    /// Enqueues a job and claims it.
    pub(crate) async fn claimed(&self) -> Execution {
        let id = self.put_one().await;
        let execution = self.claim_one().await;
        assert_eq!(execution.id(), id, "the only ready job is the one that is claimed");
        execution
    }

    pub(crate) async fn settle_all(&self, settlements: &[Settlement]) -> Vec<Settled> {
        self.store().settle(settlements).await.expect("the store settles")
    }

    pub(crate) async fn settle(&self, execution: Execution, decision: Decision) -> Settled {
        let settled = self.settle_all(&[execution.settle(decision)]).await;
        assert_eq!(settled.len(), 1, "each settlement is answered");
        settled[0]
    }

    /// Settles under a token that has to hold.
    pub(crate) async fn applied(&self, execution: Execution, decision: Decision) {
        assert_eq!(self.settle(execution, decision).await, Settled::Applied, "a token that holds is obeyed");
    }

    pub(crate) async fn beat(&self, process: ProcessId) -> Pulse {
        self.beat_in(process, Phase::Running).await
    }

    pub(crate) async fn beat_in(&self, process: ProcessId, phase: Phase) -> Pulse {
        let mut alive = Process::new(process, format!("worker-{process}"), "host", 7);
        alive.phase = phase;
        self.store().heartbeat(&alive).await.expect("the store takes a heartbeat")
    }

    /// Recovers with [`SILENCE`] and [`CRASH_LIMIT`].
    pub(crate) async fn recover(&self) -> Recovered {
        self.recover_with(CRASH_LIMIT).await
    }

    /// Recovers with [`SILENCE`] and another limit of crashes.
    pub(crate) async fn recover_with(&self, crash_limit: u32) -> Recovered {
        let recovery = Recovery::new(SILENCE, crash_limit);
        self.store().recover(&recovery).await.expect("the store recovers")
    }

    /// What the store lists, if it can look.
    pub(crate) async fn list(&self, filter: &Filter) -> Option<Vec<JobRecord>> {
        Some(self.inspect()?.list(filter).await.expect("the store lists jobs"))
    }

    /// The job as it is stored, if the store can look; `None` too if it has no such job.
    pub(crate) async fn find(&self, id: JobId) -> Option<JobRecord> {
        self.inspect()?.find(id).await.expect("the store looks for a job")
    }

    /// Checks what can only be seen by looking.
    pub(crate) async fn shows(&self, id: JobId, promise: &str, check: impl FnOnce(&JobRecord) -> bool) {
        if self.inspect().is_none() {
            return;
        }
        let record = self.find(id).await.unwrap_or_else(|| panic!("{promise}: the job {id} is gone"));
        assert!(check(&record), "{promise}: the job is {record:?}");
    }

    /// Checks a state, if the store can look.
    pub(crate) async fn is(&self, id: JobId, state: State, promise: &str) {
        self.shows(id, promise, |record| record.state == state).await;
    }
}

/// The ids of executions, in their order.
pub(crate) fn ids(executions: &[Execution]) -> Vec<JobId> {
    executions.iter().map(Execution::id).collect()
}

/// The ids of new jobs, in their order.
pub(crate) fn ids_of(jobs: &[NewJob]) -> Vec<JobId> {
    jobs.iter().map(|job| job.id).collect()
}

pub(crate) fn retry_in(wait: Duration) -> Decision {
    Decision::Retry { wait, queue: None, priority: None, meta: None, error: failure("no luck") }
}

pub(crate) fn fail() -> Decision {
    Decision::Fail { meta: None, error: failure("no luck") }
}

pub(crate) fn failure(words: &str) -> ErrorRecord {
    ErrorRecord::new("shop::PaymentError", words)
}

pub(crate) const FINISH: Decision = Decision::Finish { keep: false };
pub(crate) const KEEP: Decision = Decision::Finish { keep: true };

pub(crate) const fn secs(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A microsecond less, the finest that a store tells apart.
pub(crate) const fn just_under(span: Duration) -> Duration {
    span.saturating_sub(Duration::from_micros(1))
}
