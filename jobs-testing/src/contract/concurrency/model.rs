//! Random calls, one after the other: each moves jobs only as [`lifecycle`] allows.

use std::collections::BTreeMap;

use jobs_core::lifecycle::{self, Cause};
use jobs_core::{
    Claim, Decision, Due, Entropy, Execution, Filter, JobId, JobRecord, Manage, NewJob, ProcessId, ProcessStatus, State,
};

use crate::SeededEntropy;
use crate::contract::Fixture;
use crate::contract::concurrency::runner::SEEDS;
use crate::contract::fixture::{KEEP, SILENCE, fail, retry_in, secs};

/// How many calls a walk has.
const STEPS: usize = 120;

type Records = BTreeMap<JobId, JobRecord>;

/// A walk over one store.
struct Walk<'s> {
    fixture: &'s Fixture,
    manage: Option<&'s dyn Manage>,
    entropy: SeededEntropy,
    held: Vec<Execution>,
    jobs: Vec<NewJob>,
}

impl Walk<'_> {
    fn pick(&self, bound: usize) -> usize {
        usize::try_from(self.entropy.next_u64() % bound as u64).expect("an index of a list is a size")
    }

    fn process(&self) -> ProcessId {
        ProcessId::new([1, 2, 3][self.pick(3)])
    }

    /// Makes one call; the causes by which it may move jobs.
    async fn step(&mut self) -> &'static [Cause] {
        self.fixture.advance(secs(self.pick(20) as u64));
        match self.pick(12) {
            0 | 1 => self.enqueue().await,
            2 => {
                self.fixture.dispatch(self.pick(3)).await;
                &[Cause::Due]
            }
            3..6 => {
                let claim = Claim::all(self.process(), self.pick(3));
                self.held.extend(self.fixture.claim_by(&claim).await);
                &[Cause::Claim]
            }
            6..9 => self.settle().await,
            9 => self.beat().await,
            10 => {
                let _recovered = self.fixture.recover().await;
                &[Cause::Recover, Cause::Poison]
            }
            _ => self.manual_change().await,
        }
    }

    async fn enqueue(&mut self) -> &'static [Cause] {
        let due = [Due::Now, Due::In(secs(30))][self.pick(2)];
        let job = self.fixture.job_with(|job| (job.due, job.priority) = (due, 1));
        self.jobs.push(job);
        // Sometimes one that is there already.
        let again = self.jobs[self.pick(self.jobs.len())].clone();
        let _stored = self.fixture.enqueue(&[again]).await;
        &[]
    }

    async fn settle(&mut self) -> &'static [Cause] {
        if self.held.is_empty() {
            return &[];
        }
        let execution = self.held.swap_remove(self.pick(self.held.len()));
        let (decision, causes): (_, &[Cause]) = match self.pick(6) {
            0 => (KEEP, &[Cause::Finish]),
            1 => (retry_in(secs(9)), &[Cause::Retry]),
            2 => (Decision::Continue { wait: secs(9), meta: None }, &[Cause::Continue]),
            3 => (fail(), &[Cause::Fail]),
            4 => (Decision::Discard { error: None }, &[Cause::Discard]),
            _ => (Decision::Release, &[Cause::Release]),
        };
        // The token may be stale by now; then nothing may move at all.
        let _settled = self.fixture.settle(execution, decision).await;
        causes
    }

    async fn beat(&self) -> &'static [Cause] {
        let stops = self.pick(4) == 0;
        let phase = if stops { ProcessStatus::Stopped } else { ProcessStatus::Running };
        let _pulse = self.fixture.beat_in(self.process(), phase).await;
        if stops { &[Cause::Release] } else { &[] }
    }

    async fn manual_change(&self) -> &'static [Cause] {
        let Some(manage) = self.manage.filter(|_| !self.jobs.is_empty()) else { return &[] };
        let jobs = [self.jobs[self.pick(self.jobs.len())].id];
        let (call, causes): (_, &[Cause]) = match self.pick(3) {
            0 => (manage.retry(&jobs), &[Cause::ManualRetry]),
            1 => (manage.discard(&jobs), &[Cause::Discard]),
            _ => (manage.reschedule(&jobs, Due::In(SILENCE)), &[Cause::Reschedule]),
        };
        call.await.expect("the store obeys a hand");
        causes
    }
}

async fn records(fixture: &Fixture) -> Records {
    let all = Filter { limit: 10_000, ..Filter::default() };
    let listed = fixture.list(&all).await.unwrap_or_default();
    listed.into_iter().map(|record| (record.id, record)).collect()
}

/// How a move changes the number of attempts.
fn counted(cause: Cause) -> i64 {
    match cause {
        Cause::Claim => 1,
        Cause::Release | Cause::Continue => -1,
        _ => 0,
    }
}

/// Whether the change is a move by one of the causes, with its attempts counted as it says.
fn is_allowed(before: &JobRecord, after: &JobRecord, causes: &[Cause]) -> bool {
    let attempts = i64::from(after.attempts) - i64::from(before.attempts);
    let is_move = |cause: &&Cause| lifecycle::allows(before.state, **cause, after.state);
    let unmoved = before.state == after.state && attempts == 0;
    unmoved || causes.iter().find(is_move).is_some_and(|cause| counted(*cause) == attempts)
}

/// What must be true of a job wherever it is.
fn is_sound(record: &JobRecord) -> bool {
    let held = record.claimed_by.is_some() == (record.state == State::Claimed);
    let done = record.done_at.is_some() == record.state.is_done();
    held && done && u64::from(record.crashes) <= u64::from(record.attempts)
}

/// Counts, queues and processes say the same as the jobs.
async fn all_agree(fixture: &Fixture, records: &Records, words: &str) {
    let Some(inspect) = fixture.inspect() else { return };
    let counts = inspect.counts().await.expect("the store counts");
    let of = |state| records.values().filter(|record| record.state == state).count() as u64;
    assert!(State::ALL.into_iter().all(|state| counts.of(state) == of(state)), "{words}: {counts:?} of {records:?}");
    let ready: u64 = inspect.queues().await.expect("the store shows queues").iter().map(|queue| queue.ready).sum();
    assert_eq!(ready, of(State::Ready), "{words}: queues and jobs agree");
    for known in inspect.processes().await.expect("the store shows processes") {
        let held = records.values().filter(|record| record.claimed_by == Some(known.process.id)).count() as u64;
        assert_eq!(known.claimed, held, "{words}: {} and its jobs agree", known.process.name);
    }
}

/// However the calls follow each other, jobs move only as the table says.
pub async fn a_random_walk_makes_only_allowed_transitions(fixture: Fixture) {
    if fixture.inspect().is_none() {
        return;
    }
    for seed in SEEDS {
        let entropy = SeededEntropy::new(seed);
        let mut walk =
            Walk { fixture: &fixture, manage: fixture.manage(), entropy, held: Vec::new(), jobs: Vec::new() };
        let mut before = records(&fixture).await;
        for number in 1..=STEPS {
            let causes = walk.step().await;
            let after = records(&fixture).await;
            let words = format!("step {number} of seed {seed}, by {causes:?}");
            for (id, record) in &after {
                assert!(is_sound(record), "{words}: {record:?}");
                if let Some(old) = before.get(id) {
                    assert!(is_allowed(old, record, causes), "{words}: {old:?} became {record:?}");
                }
            }
            all_agree(&fixture, &after, &words).await;
            assert!(before.keys().all(|id| after.contains_key(id)), "{words}: a job is lost");
            before = after;
        }
    }
}
