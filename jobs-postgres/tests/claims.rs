//! Claims by any selectors give the jobs that a plain model gives, in its order, also beside other claims.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;

use common::{ME, TestDb, finish, id, job};
use jobs_core::{Claim, Execution, JobId, Manage, NewJob, ProcessId, QueueClaim, QueueSelector, Store};
use jobs_postgres::PostgresStore;

/// Numbers that look random, always the same ones for a seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn queue(&mut self) -> String {
        let parts = ["a", "b", "ab", "B", "ä", "a_", "%"];
        (0..=self.below(3)).map(|_| parts[self.below(parts.len())]).collect()
    }

    fn selector(&mut self) -> QueueSelector {
        match self.below(6) {
            0 => QueueSelector::All,
            1 | 2 => QueueSelector::Prefix(self.queue()),
            _ => QueueSelector::Exact(self.queue()),
        }
    }

    /// Up to five selectors, sometimes behind forty that select nothing.
    fn claim(&mut self) -> Claim {
        let absent = if self.below(4) == 0 { 40 } else { 0 };
        let mut queues: Vec<_> =
            (0..absent).map(|n| QueueClaim::new(QueueSelector::Exact(format!("z{n}")), 9)).collect();
        queues.extend((0..=self.below(5)).map(|_| QueueClaim::new(self.selector(), self.below(6))));
        Claim::limited(ME, queues, 1 + self.below(8))
    }
}

/// What a claim is to give, taken out of the jobs that wait.
fn expected(waiting: &mut Vec<NewJob>, paused: &[String], claim: &Claim) -> Vec<JobId> {
    let mut given = Vec::new();
    for (rank, QueueClaim { limit, .. }) in claim.queues.iter().enumerate() {
        let belongs = |job: &&NewJob| {
            claim.queues.iter().position(|queues| queues.selector.selects(&job.queue)) == Some(rank)
                && !paused.contains(&job.queue)
        };
        let mut of_selector: Vec<_> = waiting.iter().filter(belongs).map(|job| (-job.priority, job.id)).collect();
        of_selector.sort_unstable();
        given.extend(of_selector.into_iter().map(|(_, id)| id).take((*limit).min(claim.limit - given.len())));
    }
    waiting.retain(|job| !given.contains(&job.id));
    given
}

/// Enqueues jobs in many queues, claims until nothing is left, and compares each claim with the model.
async fn compare(store: &PostgresStore, numbers: &mut Numbers, first: u64) {
    let mut waiting = Vec::new();
    for number in first..first + 300 {
        let mut new = job(number);
        // Every second job is in one queue, before which the others are hard to find.
        new.queue = if number % 2 == 0 { numbers.queue() } else { "long".to_owned() };
        new.priority = i32::try_from(numbers.below(3)).unwrap() - i32::from(number % 2 == 0);
        waiting.push(new);
    }
    store.enqueue(&waiting).await.unwrap();
    let paused: Vec<String> = (0..3).map(|_| numbers.queue()).collect();
    for queue in &paused {
        store.pause(queue).await.unwrap();
    }
    for _ in 0..40 {
        let claim = numbers.claim();
        let claimed = store.claim(&claim).await.unwrap();
        let ids: Vec<JobId> = claimed.iter().map(Execution::id).collect();
        assert_eq!(ids, expected(&mut waiting, &paused, &claim), "{claim:?}, paused are {paused:?}");
        store.settle(&finish(claimed)).await.unwrap();
    }
    for queue in &paused {
        store.resume(queue).await.unwrap();
    }
    let rest = store.claim(&Claim::all(ME, 300)).await.unwrap();
    let ids: Vec<JobId> = rest.iter().map(Execution::id).collect();
    assert_eq!(ids, expected(&mut waiting, &[], &Claim::all(ME, 300)));
    store.settle(&finish(rest)).await.unwrap();
}

#[tokio::test]
async fn claims_by_any_selectors_and_limits_give_what_a_model_gives() {
    let Some(db) = TestDb::new() else { return };
    let store = db.quick(db.clock.clone()).connect().await.unwrap();
    for seed in 0..if common::thorough() { 60 } else { 6 } {
        compare(&store, &mut Numbers(seed), 1 + 1000 * seed).await;
    }
}

/// Jobs from this number on, each in the queue and with the priority that is given for it.
async fn enqueue_into(store: &PostgresStore, numbers: std::ops::Range<u64>, place: impl Fn(u64) -> (String, i32)) {
    let jobs: Vec<NewJob> = numbers
        .map(|number| {
            let mut new = job(number);
            (new.queue, new.priority) = place(number);
            new
        })
        .collect();
    store.enqueue(&jobs).await.unwrap();
}

#[tokio::test]
async fn claims_from_all_queues_keep_their_order_behind_a_paused_backlog_of_any_length() {
    for backlog in [10, 2500] {
        let Some(db) = TestDb::new() else { return };
        let store = db.open().await;
        store.pause("held").await.unwrap();
        enqueue_into(&store, 0..backlog, |_| ("held".to_owned(), 1)).await;
        let place = |number| (format!("tenant{}", number % 40), i32::from(number % 3 == 0));
        enqueue_into(&store, 5000..5200, place).await;
        let mut expected: Vec<u64> = (5000..5200).collect();
        expected.sort_by_key(|number| (-place(*number).1, *number));
        for numbers in expected.chunks(7) {
            let claimed = store.claim(&Claim::all(ME, 7)).await.unwrap();
            let ids: Vec<JobId> = claimed.iter().map(Execution::id).collect();
            assert_eq!(ids, numbers.iter().map(|number| id(*number)).collect::<Vec<_>>(), "behind {backlog}");
            store.settle(&finish(claimed)).await.unwrap();
        }
        store.resume("held").await.unwrap();
        for first in [0, 5] {
            let claimed = store.claim(&Claim::all(ME, 5)).await.unwrap();
            let ids: Vec<JobId> = claimed.iter().map(Execution::id).collect();
            assert_eq!(ids, (first..first + 5).map(id).collect::<Vec<_>>(), "after the pause of {backlog}");
        }
    }
}

#[tokio::test]
async fn claims_by_a_prefix_keep_their_order_behind_a_paused_backlog_of_any_length() {
    for backlog in [10, 600, 2500] {
        let Some(db) = TestDb::new() else { return };
        let store = db.open().await;
        store.pause("tenant_held").await.unwrap();
        enqueue_into(&store, 0..backlog, |_| ("tenant_held".to_owned(), 1)).await;
        let place = |number| (format!("tenant{}", number % 60), i32::from(number % 3 == 0));
        enqueue_into(&store, 5000..5200, place).await;
        let mut expected: Vec<u64> = (5000..5200).collect();
        expected.sort_by_key(|number| (-place(*number).1, *number));
        for numbers in expected.chunks(7) {
            let queues = vec![QueueClaim::new(QueueSelector::Prefix("tenant".to_owned()), 7)];
            let claimed = store.claim(&Claim::limited(ME, queues, 7)).await.unwrap();
            let ids: Vec<JobId> = claimed.iter().map(Execution::id).collect();
            assert_eq!(ids, numbers.iter().map(|number| id(*number)).collect::<Vec<_>>(), "behind {backlog}");
            store.settle(&finish(claimed)).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_claim_takes_what_lies_behind_the_jobs_that_others_have_locked() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    let queue = |number| {
        if number < 500 {
            "long"
        } else if number % 2 == 0 {
            "mail_a"
        } else {
            "mail_b"
        }
    };
    let jobs: Vec<NewJob> = (0..1000)
        .map(|number| {
            let mut job = job(number);
            queue(number).clone_into(&mut job.queue);
            job
        })
        .collect();
    store.enqueue(&jobs).await.unwrap();
    let other = db.stranger().await;
    let lock = "BEGIN; SELECT FROM {schema}.jobs WHERE queue LIKE 'mail%' ORDER BY seq LIMIT 100 FOR UPDATE";
    other.batch_execute(&db.sql(lock)).await.unwrap();
    for (text, first) in [("mail*", 600), ("mail_a", 610), ("*", 0)] {
        let claimed = store.claim(&Claim::new(ME, vec![text.parse().unwrap()], 5)).await.unwrap();
        assert_eq!(claimed.len(), 5, "{text}");
        assert!(claimed.iter().all(|it| it.id() >= id(first)), "{text}");
    }
}

#[tokio::test]
async fn a_worker_may_name_thousands_of_queues() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    let mut last = job(1);
    "queue4999".clone_into(&mut last.queue);
    store.enqueue(&[last]).await.unwrap();
    let queues = (0..5000).map(|number| QueueSelector::Exact(format!("queue{number}"))).collect();
    let claimed = store.claim(&Claim::new(ME, queues, 10)).await.unwrap();
    assert_eq!(claimed.iter().map(Execution::id).collect::<Vec<_>>(), [id(1)]);
}

/// Claims and finishes until nothing is left; returns what was claimed.
async fn drain(store: Arc<PostgresStore>, process: i64, selectors: &'static [&'static str]) -> Vec<JobId> {
    let queues = selectors.iter().map(|text| text.parse().unwrap()).collect();
    let claim = Claim::new(ProcessId::new(process), queues, 7);
    let (mut ids, mut held): (Vec<JobId>, Vec<Execution>) = (Vec::new(), Vec::new());
    loop {
        let (_settled, claimed) = store.settle_and_claim(&finish(held), &claim).await.unwrap();
        if claimed.is_empty() {
            return ids;
        }
        ids.extend(claimed.iter().map(Execution::id));
        held = claimed;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_by_different_selectors_at_the_same_time_give_each_job_once() {
    let Some(db) = TestDb::new() else { return };
    let store = db.quick(db.clock.clone()).connect().await.unwrap();
    let mut numbers = Numbers(1);
    let jobs: Vec<NewJob> = (0..3000)
        .map(|number| {
            let mut job = job(number);
            job.queue = if number < 1500 { "long".to_owned() } else { format!("mail{}", numbers.below(40)) };
            job
        })
        .collect();
    store.enqueue(&jobs).await.unwrap();
    let selectors: [&[&str]; 6] =
        [&["*"], &["mail*"], &["mail*", "*"], &["mail1", "mail2", "mail3"], &["mail1*", "long"], &["mail2*"]];
    let mut workers = Vec::new();
    for (process, selectors) in (1..).zip(selectors) {
        let store = Arc::new(db.quick(db.clock.clone()).connect().await.unwrap());
        workers.push(tokio::spawn(drain(store, process, selectors)));
    }
    let mut ids = Vec::new();
    for worker in workers {
        ids.extend(worker.await.unwrap());
    }
    ids.extend(drain(Arc::new(store), 9, &["*"]).await);
    ids.sort_unstable();
    assert_eq!(ids, (0..3000).map(id).collect::<Vec<_>>());
}
