//! The connection is lost at each boundary of each call: before a message, in the middle of one, before the answer, in
//! the middle of the answer. Whether the lost call was done or not, after a repetition it is done exactly once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use std::cell::Cell;
use std::time::Duration;

use common::proxy::{Cut, Proxy, Side};
use common::{ME, TestDb, finish, id, job, thorough, until_done, work};
use jobs_core::{
    Claim, Decision, Due, Error, ErrorRecord, Execution, HeartbeatReply, JobId, JobRecord, NewJob, Process, ProcessId,
    ProcessStatus, Recovery, Settled, Settlement, State, Store,
};
use jobs_postgres::PostgresStore;

/// A store behind a proxy that can cut it, and another one without a proxy.
struct Site {
    db: TestDb,
    proxy: Proxy,
    store: PostgresStore,
    safe: PostgresStore,
    /// How many messages each side sent in the last call that was not cut.
    length: Cell<(usize, usize)>,
}

impl Site {
    async fn new() -> Option<Self> {
        let db = TestDb::new()?;
        let proxy = Proxy::to(&db.url).await;
        let safe = db.open().await;
        Some(Self { store: db.by_url(&proxy.url).connect().await.unwrap(), safe, db, proxy, length: Cell::default() })
    }

    /// Stores jobs and claims them.
    async fn claimed(&self, jobs: &[NewJob], process: ProcessId) -> Vec<Execution> {
        let _stored = self.safe.enqueue(jobs).await.unwrap();
        self.safe.claim(&Claim::all(process, jobs.len())).await.unwrap()
    }

    async fn find(&self, id: JobId) -> Option<JobRecord> {
        self.safe.inspect().unwrap().find(id).await.unwrap()
    }

    async fn state(&self, id: JobId) -> State {
        self.find(id).await.unwrap().state
    }
}

/// What a round found after its call was cut, before it was repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Was {
    Done,
    NotDone,
}

fn was(done: bool) -> Was {
    if done { Was::Done } else { Was::NotDone }
}

/// Runs a round at each boundary. A round gets a number of its own and the cut; it makes the call, checks the effect,
/// repeats the call and checks again.
async fn at_each_boundary(site: &Site, round: impl AsyncFn(u64, Option<Cut>) -> Was) {
    // The first call may make a connection, the second does not.
    for uncut in 0..2 {
        assert_eq!(round(uncut, None).await, Was::Done);
    }
    let (questions, answers) = site.length.get();
    let (mut done, mut rounds) = (0, 1);
    for (side, messages) in [(Side::Question, questions), (Side::Answer, answers)] {
        for after in 0..messages {
            // By default the middle of every other message, and each boundary.
            for half in [false, true].into_iter().filter(|half| thorough() || !half || after % 2 == 0) {
                rounds += 1;
                let cut = Cut { side, after, half };
                done += u64::from(round(rounds, Some(cut)).await == Was::Done);
                assert!(!site.proxy.is_to_cut(), "{cut:?} was made");
            }
        }
    }
    assert!(done > 0 && done < rounds - 1, "of {rounds} cuts {done} came too late, which proves nothing");
}

/// Makes the call. Returns whether it failed, which it may only do as transient.
async fn fails<T>(site: &Site, cut: Option<Cut>, call: impl Future<Output = Result<T, Error>>) -> bool {
    site.proxy.said();
    if let Some(cut) = cut {
        site.proxy.cut(cut);
    }
    let answer = call.await.map(|_| ());
    if cut.is_none() {
        site.length.set(site.proxy.said());
    }
    assert!(answer.as_ref().err().is_none_or(Error::is_transient), "{cut:?}: {answer:?}");
    answer.is_err()
}

/// Makes the call, which fails if it is cut.
async fn cut<T>(site: &Site, cut: Option<Cut>, call: impl Future<Output = Result<T, Error>>) {
    assert_eq!(fails(site, cut, call).await, cut.is_some(), "{cut:?}");
}

/// The two jobs of a round.
fn pair(round: u64) -> [NewJob; 2] {
    [job(2 * round), job(2 * round + 1)]
}

#[tokio::test]
async fn an_enqueue_cut_anywhere_and_repeated_stores_each_job_once() {
    let Some(site) = Site::new().await else { return };
    at_each_boundary(&site, async |round, at| {
        let jobs = pair(round);
        cut(&site, at, site.store.enqueue(&jobs)).await;
        let found = [site.find(jobs[0].id).await.is_some(), site.find(jobs[1].id).await.is_some()];
        assert_eq!(found[0], found[1], "{at:?}: all or none");
        until_done(async || site.store.enqueue(&jobs).await).await;
        for new in &jobs {
            let record = site.find(new.id).await.unwrap();
            assert_eq!((record.state, record.attempts), (State::Ready, 0), "{at:?}");
        }
        was(found[0])
    })
    .await;
    let counts = site.safe.inspect().unwrap().counts().await.unwrap();
    let mut worked = work(&site.safe, 100_000).await;
    assert_eq!(worked.len() as u64, counts.total(), "each is there once");
    worked.dedup();
    assert_eq!(worked.len() as u64, counts.total());
}

#[tokio::test]
async fn a_bulk_enqueue_cut_anywhere_and_repeated_stores_each_job_once() {
    const MANY: u64 = 250;
    let Some(site) = Site::new().await else { return };
    at_each_boundary(&site, async |round, at| {
        let jobs: Vec<NewJob> = (round * MANY..(round + 1) * MANY).map(job).collect();
        cut(&site, at, site.store.enqueue(&jobs)).await;
        let stored = site.safe.inspect().unwrap().counts().await.unwrap().total() % MANY;
        assert_eq!(stored, 0, "{at:?}: all or none");
        let was_done = site.find(jobs[0].id).await.is_some();
        until_done(async || site.store.enqueue(&jobs).await).await;
        let counts = site.safe.inspect().unwrap().counts().await.unwrap();
        assert_eq!(counts.of(State::Ready), (round + 1) * MANY, "{at:?}");
        was(was_done)
    })
    .await;
}

/// Settles by `call`, cut and repeated. The second result is the same at all boundaries.
async fn settled_once(
    site: &Site,
    at: Option<Cut>,
    settlements: &[Settlement],
    call: impl AsyncFn() -> Result<Vec<Settled>, Error>,
) -> Was {
    cut(site, at, call()).await;
    let again = until_done(call).await;
    let first = again[0];
    assert!(again.iter().all(|settled| *settled == first), "{at:?}: all or none: {again:?}");
    assert_eq!(site.safe.settle(settlements).await.unwrap(), vec![Settled::Stale; settlements.len()], "{at:?}");
    was(first == Settled::Stale)
}

fn mixed(executions: Vec<Execution>) -> Vec<Settlement> {
    let error = || ErrorRecord::new("shop::Error", "no luck");
    let decisions = [
        Decision::Finish { keep: true },
        Decision::Retry { wait: Duration::from_secs(3600), queue: None, priority: None, meta: None, error: error() },
    ];
    executions.into_iter().zip(decisions).map(|(execution, decision)| execution.settle(decision)).collect()
}

async fn finishes_and_retry_are_there(site: &Site, settlements: &[Settlement], at: Option<Cut>) {
    assert_eq!(site.state(settlements[0].token.job).await, State::Finished, "{at:?}");
    let retried = site.find(settlements[1].token.job).await.unwrap();
    assert_eq!((retried.state, retried.errors.len()), (State::Scheduled, 1), "{at:?}: one error is written");
}

#[tokio::test]
async fn a_settlement_cut_anywhere_and_repeated_is_written_once() {
    let Some(site) = Site::new().await else { return };
    at_each_boundary(&site, async |round, at| {
        let settlements = mixed(site.claimed(&pair(round), ME).await);
        let was = settled_once(&site, at, &settlements, async || site.store.settle(&settlements).await).await;
        finishes_and_retry_are_there(&site, &settlements, at).await;
        was
    })
    .await;
}

#[tokio::test]
async fn finishes_cut_anywhere_and_repeated_are_counted_once() {
    let Some(site) = Site::new().await else { return };
    at_each_boundary(&site, async |round, at| {
        let settlements = finish(site.claimed(&pair(round), ME).await);
        let was = settled_once(&site, at, &settlements, async || site.store.settle(&settlements).await).await;
        let counts = site.safe.inspect().unwrap().counts().await.unwrap();
        assert_eq!(counts.of(State::Finished), 2 * (round + 1), "{at:?}");
        was
    })
    .await;
}

/// Settles and claims, with no job ready.
async fn fused(site: &Site, settlements: &[Settlement]) -> Result<Vec<Settled>, Error> {
    let (settled, executions) = site.store.settle_and_claim(settlements, &Claim::all(ME, 10)).await?;
    assert_eq!(executions.len(), 0);
    Ok(settled)
}

#[tokio::test]
async fn a_settle_and_claim_cut_anywhere_and_repeated_finishes_once() {
    let Some(site) = Site::new().await else { return };
    at_each_boundary(&site, async |round, at| {
        let settlements = finish(site.claimed(&pair(round), ME).await);
        settled_once(&site, at, &settlements, async || fused(&site, &settlements).await).await
    })
    .await;
}

#[tokio::test]
async fn a_mixed_settle_and_claim_cut_anywhere_and_repeated_is_applied_once() {
    let Some(site) = Site::new().await else { return };
    at_each_boundary(&site, async |round, at| {
        let settlements = mixed(site.claimed(&pair(round), ME).await);
        let was = settled_once(&site, at, &settlements, async || fused(&site, &settlements).await).await;
        finishes_and_retry_are_there(&site, &settlements, at).await;
        was
    })
    .await;
}

#[tokio::test]
async fn jobs_of_a_claim_cut_anywhere_are_claimed_next_with_one_attempt() {
    let Some(site) = Site::new().await else { return };
    at_each_boundary(&site, async |round, at| {
        let jobs = pair(round);
        let _stored = site.safe.enqueue(&jobs).await.unwrap();
        cut(&site, at, site.store.claim(&Claim::all(ME, 10))).await;
        let was = was(site.state(jobs[0].id).await == State::Claimed);
        let claimed = until_done(async || site.store.claim(&Claim::all(ME, 10)).await).await;
        let given = claimed.iter().map(|it| (it.id(), it.attempt)).collect::<Vec<_>>();
        // Jobs whose claim got its result are not given out again.
        let unheard = if at.is_some() { vec![(jobs[0].id, 1), (jobs[1].id, 1)] } else { Vec::new() };
        assert_eq!(given, unheard, "{at:?}");
        assert_eq!(site.store.settle(&finish(claimed)).await.unwrap().len(), given.len());
        was
    })
    .await;
}

#[tokio::test]
async fn a_dispatch_cut_anywhere_and_repeated_makes_each_job_ready_once() {
    let Some(site) = Site::new().await else { return };
    at_each_boundary(&site, async |round, at| {
        let mut new = job(round);
        new.due = Due::In(Duration::from_secs(10));
        let _stored = site.safe.enqueue(&[new]).await.unwrap();
        site.db.clock.advance(Duration::from_secs(10));
        cut(&site, at, site.store.dispatch(10)).await;
        let was = was(site.state(id(round)).await == State::Ready);
        let again = until_done(async || site.store.dispatch(10).await).await;
        assert_eq!(again.ready, usize::from(was == Was::NotDone), "{at:?}");
        assert_eq!(work(&site.safe, 10).await, [id(round)], "{at:?}");
        was
    })
    .await;
}

fn process(round: u64) -> Process {
    Process::new(ProcessId::new(1000 + i64::try_from(round).unwrap()), "worker", "host", 7)
}

async fn is_known(site: &Site, process: &Process) -> bool {
    let known = site.safe.inspect().unwrap().processes().await.unwrap();
    known.iter().filter(|one| one.process.id == process.id).count() == 1
}

#[tokio::test]
async fn a_heartbeat_cut_anywhere_and_repeated_shows_the_process_once() {
    let Some(site) = Site::new().await else { return };
    at_each_boundary(&site, async |round, at| {
        let process = process(round);
        cut(&site, at, site.store.heartbeat(&process)).await;
        let was = was(is_known(&site, &process).await);
        assert_eq!(until_done(async || site.store.heartbeat(&process).await).await, HeartbeatReply::Alive, "{at:?}");
        assert!(is_known(&site, &process).await, "{at:?}");
        was
    })
    .await;
}

#[tokio::test]
async fn a_stop_cut_anywhere_and_repeated_releases_its_jobs_uncounted() {
    let Some(site) = Site::new().await else { return };
    at_each_boundary(&site, async |round, at| {
        let mut process = process(round);
        let _pulse = site.safe.heartbeat(&process).await.unwrap();
        // The jobs of earlier rounds are ready again, so this claim takes them too.
        let _stored = site.safe.enqueue(&[job(round)]).await.unwrap();
        let held = site.safe.claim(&Claim::all(process.id, 1000)).await.unwrap();
        assert_eq!(held.len() as u64, round + 1, "{at:?}: nothing is lost");
        process.phase = ProcessStatus::Stopped;
        cut(&site, at, site.store.heartbeat(&process)).await;
        let was = was(!is_known(&site, &process).await);
        let _pulse = until_done(async || site.store.heartbeat(&process).await).await;
        let record = site.find(id(round)).await.unwrap();
        assert_eq!((record.state, record.attempts, record.crashes), (State::Ready, 0, 0), "{at:?}");
        was
    })
    .await;
}

#[tokio::test]
async fn a_recovery_cut_anywhere_and_repeated_counts_one_crash() {
    let Some(site) = Site::new().await else { return };
    at_each_boundary(&site, async |round, at| {
        let process = process(round);
        let _pulse = site.safe.heartbeat(&process).await.unwrap();
        let held = site.claimed(&[job(round)], process.id).await;
        assert_eq!(held.len(), 1);
        site.db.clock.advance(Duration::from_secs(61));
        let recovery = Recovery::new(Duration::from_secs(60), 3);
        let failed = fails(&site, at, site.store.recover(&recovery)).await;
        let was = was(site.state(id(round)).await == State::Ready);
        assert!(failed || was == Was::Done, "{at:?}: what comes after the commit may be lost in silence, and no more");
        until_done(async || site.store.recover(&recovery).await).await;
        let record = site.find(id(round)).await.unwrap();
        assert_eq!((record.state, record.attempts, record.crashes), (State::Ready, 1, 1), "{at:?}");
        assert_eq!(work(&site.safe, 10).await, [id(round)], "{at:?}");
        was
    })
    .await;
}
