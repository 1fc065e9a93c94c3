//! Claims from many queues, while several stores use the file: each claim takes exactly the jobs that a model takes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use common::{File, ME, id, job};
use jobs_core::{Claim, Decision, Execution, JobId, NewJob, QueueClaim, QueueSelector, Settlement, Store, entropy};
use jobs_sqlite::SqliteStore;

/// A ready job: its queue, and its place in the order of claims.
#[derive(Clone)]
struct Ready {
    queue: String,
    priority: i32,
    job: u64,
}

/// Two stores on one file, and what should be in it. Jobs are numbered in the order in which they are stored.
struct Run {
    stores: [SqliteStore; 2],
    file: File,
    queues: u64,
    draws: u64,
    stored: u64,
    ready: Vec<Ready>,
    waiting: Vec<Ready>,
    held: Vec<(Execution, Ready)>,
    paused: BTreeSet<String>,
}

impl Run {
    fn new(seed: u64, queues: u64) -> Self {
        let file = File::new();
        let stores = [file.open(), file.open()];
        let (ready, waiting, held, paused) = (Vec::new(), Vec::new(), Vec::new(), BTreeSet::new());
        Self { stores, file, queues, draws: seed << 32, stored: 0, ready, waiting, held, paused }
    }

    fn draw(&mut self, below: u64) -> u64 {
        self.draws += 1;
        entropy::mix(self.draws) % below
    }

    fn store(&mut self) -> usize {
        usize::try_from(self.draw(2)).unwrap()
    }

    fn queue(&mut self) -> String {
        let number = self.draw(self.queues);
        format!("{}{number}", ["mail_", "feed_", "image_"][usize::try_from(number % 3).unwrap()])
    }

    async fn step(&mut self) {
        match self.draw(12) {
            0..=3 => self.enqueue().await,
            4..=7 => self.claim().await,
            8 => self.settle().await,
            9 => self.dispatch().await,
            10 => self.pause_or_resume().await,
            _ => {
                let (seconds, store) = (self.draw(8), self.store());
                self.file.clock.advance(Duration::from_secs(seconds));
                self.stores[store].manage().unwrap().prune(Duration::ZERO, 1000).await.unwrap();
            }
        }
    }

    async fn enqueue(&mut self) {
        let mut jobs: Vec<NewJob> = Vec::new();
        for _ in 0..=self.draw(60) {
            let (queue, priority) = (self.queue(), i32::try_from(self.draw(20) / 18).unwrap());
            self.stored += 1;
            let mut job = job(self.stored);
            (job.queue, job.priority) = (queue.clone(), priority);
            jobs.push(job);
            self.ready.push(Ready { queue, priority, job: self.stored });
        }
        let store = self.store();
        self.stores[store].enqueue(&jobs).await.unwrap();
    }

    /// Some selectors, each with its limit.
    fn selectors(&mut self) -> Vec<QueueClaim> {
        let limit = |run: &mut Self| usize::try_from(run.draw(40)).unwrap();
        match self.draw(4) {
            0 => vec![QueueClaim::new(QueueSelector::All, 1000)],
            1 => {
                (0..self.queues * 2).map(|_| QueueClaim::new(QueueSelector::Exact(self.queue()), limit(self))).collect()
            }
            _ => {
                let mut some: Vec<QueueSelector> = vec![QueueSelector::Prefix("mail_".to_owned()), QueueSelector::All];
                some.insert(usize::try_from(self.draw(2)).unwrap(), QueueSelector::Exact(self.queue()));
                some.into_iter().map(|selector| QueueClaim::new(selector, limit(self))).collect()
            }
        }
    }

    async fn claim(&mut self) {
        let (store, queues) = (self.store(), self.selectors());
        let claim = Claim::limited(ME, queues, usize::try_from(self.draw(90)).unwrap());
        let claimed = self.stores[store].claim(&claim).await.unwrap();
        let expected = self.take(&claim);
        let ids = |jobs: &[Ready]| jobs.iter().map(|ready| id(ready.job)).collect::<Vec<JobId>>();
        assert_eq!(claimed.iter().map(Execution::id).collect::<Vec<_>>(), ids(&expected), "{claim:?}");
        self.held.extend(claimed.into_iter().zip(expected));
    }

    /// What a claim should take.
    fn take(&mut self, claim: &Claim) -> Vec<Ready> {
        let owner = |ready: &Ready| claim.queues.iter().position(|queues| queues.selector.selects(&ready.queue));
        let open = self.ready.iter().filter(|ready| !self.paused.contains(&ready.queue));
        let jobs: Vec<_> = open.map(|ready| (owner(ready), ready.clone())).collect();
        let mut taken: Vec<Ready> = Vec::new();
        for (index, QueueClaim { limit, .. }) in claim.queues.iter().enumerate() {
            let of_this = jobs.iter().filter(|(owner, _)| *owner == Some(index));
            let mut found: Vec<Ready> = of_this.map(|(_, ready)| ready.clone()).collect();
            found.sort_by_key(|ready| (-ready.priority, ready.job));
            found.truncate((*limit).min(claim.limit - taken.len()));
            taken.extend(found);
        }
        self.ready.retain(|ready| !taken.iter().any(|taken| taken.job == ready.job));
        taken
    }

    async fn settle(&mut self) {
        let mut settlements: Vec<Settlement> = Vec::new();
        for (execution, ready) in std::mem::take(&mut self.held) {
            let decision = match self.draw(12) {
                0 => Decision::Release,
                1 => Decision::Continue { wait: Duration::ZERO, meta: None },
                _ => Decision::Finish { keep: self.draw(9) > 0 },
            };
            match decision {
                Decision::Release => self.ready.push(ready),
                Decision::Continue { .. } => self.waiting.push(ready),
                _ => {}
            }
            settlements.push(execution.settle(decision));
        }
        let store = self.store();
        let settled = self.stores[store].settle(&settlements).await.unwrap();
        assert!(settled.iter().all(|settled| *settled == jobs_core::Settled::Applied), "{settled:?}");
    }

    async fn dispatch(&mut self) {
        let store = self.store();
        self.stores[store].dispatch(10_000).await.unwrap();
        self.ready.append(&mut self.waiting);
    }

    async fn pause_or_resume(&mut self) {
        let (store, queue) = (self.store(), self.queue());
        let manage = self.stores[store].manage().unwrap();
        if self.paused.remove(&queue) {
            manage.resume(&queue).await.unwrap();
        } else {
            manage.pause(&queue).await.unwrap();
            self.paused.insert(queue);
        }
    }
}

/// Random calls to both stores.
async fn compare(queues: u64) {
    for seed in 0..4 {
        let mut run = Run::new(seed, queues);
        for _ in 0..200 {
            run.step().await;
        }
    }
}

#[tokio::test]
async fn claims_from_one_queue_take_what_the_model_takes() {
    compare(1).await;
}

#[tokio::test]
async fn claims_from_a_few_queues_take_what_the_model_takes() {
    compare(7).await;
}

#[tokio::test]
async fn claims_from_many_queues_take_what_the_model_takes() {
    compare(150).await;
}

/// As many jobs as queues, the last queue first.
async fn fill(store: &SqliteStore, queues: u64) {
    let jobs = (0..queues).map(|number| {
        let mut job = job(number);
        job.queue = format!("queue{:03}", queues - number);
        job
    });
    store.enqueue(&jobs.collect::<Vec<_>>()).await.unwrap();
}

fn ids(claimed: &[Execution]) -> Vec<JobId> {
    claimed.iter().map(Execution::id).collect()
}

#[tokio::test]
async fn a_job_that_an_older_program_gives_back_is_found_after_some_seconds() {
    let file = File::new();
    let store = file.open();
    fill(&store, 100).await;
    let held = store.claim(&Claim::all(ME, 1)).await.unwrap();
    let stranger = file.stranger();
    let changed = stranger.execute("UPDATE jobs SET state = 2, process = NULL WHERE state = 3", []).unwrap();
    assert_eq!((ids(&held), changed), (vec![id(0)], 1));
    file.clock.advance(Duration::from_secs(5));
    assert_eq!(ids(&store.claim(&Claim::all(ME, 1)).await.unwrap()), [id(0)]);
}

#[tokio::test]
async fn a_claim_that_is_rolled_back_with_another_call_loses_no_job() {
    let file = File::new();
    let store = file.open();
    fill(&store, 100).await;
    let _known = store.claim(&Claim::all(ME, 10)).await.unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'full'); END";
    file.stranger().execute_batch(full).unwrap();
    let (claim, more) = (Claim::all(ME, 5), [job(1000)]);
    for first in [10, 15, 20] {
        // Both are in one transaction if the writer gets them together.
        let (claimed, failed) = tokio::join!(store.claim(&claim), store.enqueue(&more));
        assert!(failed.is_err());
        assert_eq!(ids(&claimed.unwrap()), (first..first + 5).map(id).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_row_that_another_queue_uses_again_hides_no_queue() {
    let file = File::new();
    let (store, other) = (file.open(), file.open());
    fill(&store, 100).await;
    // The last row is that of `queue001`, and both stores know it.
    let _known = store.claim(&Claim::all(ME, 1)).await.unwrap();
    let last = [QueueClaim::new(QueueSelector::Exact("queue001".to_owned()), 1)];
    let taken = other.claim(&Claim::limited(ME, last.to_vec(), 1)).await.unwrap();
    let done: Vec<_> = taken.into_iter().map(|taken| taken.settle(Decision::Finish { keep: false })).collect();
    assert_eq!(other.settle(&done).await.unwrap(), [jobs_core::Settled::Applied]);
    let mut again = [job(200), job(201)];
    (again[0].queue, again[1].queue) = ("new".to_owned(), "queue001".to_owned());
    store.enqueue(&again).await.unwrap();
    let claimed = ids(&store.claim(&Claim::all(ME, 1000)).await.unwrap());
    assert_eq!(claimed, (1..99).chain([200, 201]).map(id).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_prefix_of_few_queues_among_many_gives_its_jobs_in_order() {
    let file = File::new();
    let store = file.open();
    fill(&store, 600).await;
    let mut few: Vec<NewJob> = (1000..1040).map(job).collect();
    for job in &mut few {
        job.queue = "rare".to_owned();
    }
    few[7].queue = "rare_too".to_owned();
    few[9].priority = 1;
    store.enqueue(&few).await.unwrap();
    // All queues are known from here on.
    let _known = store.claim(&Claim::all(ME, 1)).await.unwrap();
    let rare =
        |limit| Claim::limited(ME, vec![QueueClaim::new(QueueSelector::Prefix("rare".to_owned()), limit)], limit);
    let first = ids(&store.claim(&rare(9)).await.unwrap());
    assert_eq!(first, [1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008].map(id));
    let all = ids(&store.claim(&Claim::all(ME, 1000)).await.unwrap());
    assert_eq!(all, (0..600).chain(1010..1040).map(id).collect::<Vec<_>>());
}
