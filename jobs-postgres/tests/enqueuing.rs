//! Enqueues: the jobs of concurrent callers share transactions, and many jobs of one call are stored by `COPY`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{TestDb, enqueue, finish, id, job, jobs};
use futures_util::future::join_all;
use jobs_core::{Claim, Clock, Due, JobRecord, NewJob, ProcessId, State, Store, Timestamp};
use jobs_postgres::PostgresStore;

const CALLERS: u64 = 8;
const CALLS: u64 = 25;

/// How many transactions stored the jobs.
async fn transactions(db: &TestDb) -> i64 {
    let words = db.sql("SELECT count(DISTINCT xmin::text) FROM {schema}.jobs");
    db.stranger().await.query_one(&words, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn callers_that_get_results_together_are_stored_together_again() {
    let Some(db) = TestDb::new() else { return };
    let store = Arc::new(db.open().await);
    let caller = |number: u64| {
        let store = store.clone();
        tokio::spawn(async move {
            for call in 0..CALLS {
                store.enqueue(&[job(number * CALLS + call + 1)]).await.unwrap();
            }
        })
    };
    for ended in join_all((0..CALLERS).map(caller)).await {
        ended.unwrap();
    }
    let (transactions, calls) = (transactions(&db).await, i64::try_from(CALLS).unwrap());
    assert!(transactions < calls * 3 / 2, "{transactions} transactions for {calls} calls of each of {CALLERS} callers");
}

/// Enough jobs that they are stored by `COPY`.
const MANY: u64 = 300;

/// A job with all fields set, some of them different from job to job.
fn rich(number: u64, now: Timestamp) -> NewJob {
    let mut job = job(number);
    job.due = match number % 4 {
        0 => Due::Now,
        1 => Due::In(Duration::from_secs(number)),
        2 => Due::At(now + Duration::from_secs(number)),
        _ => Due::At(Timestamp::from_micros(5)),
    };
    job.priority = i32::try_from(number % 3).unwrap() - 1;
    job.queue = format!("queue-{}", number % 2);
    job.version = u32::try_from(number % 5).unwrap() + 1;
    job.arguments = format!("{{\"text\":\"\\t{number} \u{1} ü\"}}");
    job.meta = number.is_multiple_of(6).then(|| r#"{"tags":["a"]}"#.to_owned());
    job.concurrency_key = number.is_multiple_of(7).then(|| format!("key {number}"));
    job.batch_id = number.is_multiple_of(8).then(|| format!("batch {number}"));
    job.expires_at = number.is_multiple_of(9).then(|| now + Duration::from_secs(60));
    job
}

async fn records(store: &PostgresStore, jobs: &[NewJob]) -> Vec<JobRecord> {
    let mut records = Vec::new();
    for job in jobs {
        records.push(store.inspect().unwrap().find(job.id).await.unwrap().unwrap());
    }
    records
}

#[tokio::test]
async fn many_jobs_at_once_are_stored_as_one_by_one() {
    let (Some(db), Some(other)) = (TestDb::new(), TestDb::found()) else { return };
    let (at_once, one_by_one) = (db.open().await, other.open().await);
    let many: Vec<NewJob> = (1..=MANY).map(|number| rich(number, db.clock.now())).collect();
    at_once.enqueue(&many).await.unwrap();
    for job in &many {
        one_by_one.enqueue(std::slice::from_ref(job)).await.unwrap();
    }
    assert_eq!(records(&at_once, &many).await, records(&one_by_one, &many).await);
    let claim = Claim::all(ProcessId::new(7), many.len());
    let (left, right) = (at_once.claim(&claim).await.unwrap(), one_by_one.claim(&claim).await.unwrap());
    let order = |claimed: Vec<jobs_core::Execution>| claimed.iter().map(jobs_core::Execution::id).collect::<Vec<_>>();
    assert_eq!(order(left), order(right), "they run in the same order");
    assert_eq!(transactions(&db).await, 2, "the enqueue is one of them, the claim the other");
}

#[tokio::test]
async fn many_jobs_are_stored_once_if_some_are_stored_or_done_already() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    enqueue(&store, 1..MANY + 1).await;
    let mut claimed = store.claim(&Claim::all(ProcessId::new(7), 20)).await.unwrap();
    let held = claimed.split_off(10);
    store.settle(&finish(claimed)).await.unwrap();
    let answers = store.enqueue(&jobs(1..2 * MANY + 1)).await.unwrap();
    assert_eq!(
        answers.iter().map(|answer| answer.id().unwrap()).collect::<Vec<_>>(),
        (1..=2 * MANY).map(id).collect::<Vec<_>>()
    );
    let counts = store.inspect().unwrap().counts().await.unwrap();
    assert_eq!((counts.of(State::Finished), counts.of(State::Claimed)), (10, 10));
    assert_eq!(counts.of(State::Ready), 2 * MANY - 20);
    drop(held);
}

#[tokio::test]
async fn many_jobs_that_are_all_done_are_not_stored_again() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    enqueue(&store, 1..MANY + 1).await;
    let claimed = store.claim(&Claim::all(ProcessId::new(7), 1000)).await.unwrap();
    store.settle(&finish(claimed)).await.unwrap();
    enqueue(&store, 1..MANY + 1).await;
    let counts = store.inspect().unwrap().counts().await.unwrap();
    assert_eq!((counts.of(State::Finished), counts.total()), (MANY, MANY));
}

/// The jobs in the order in which they will run.
async fn in_order(store: &PostgresStore) -> Vec<jobs_core::JobId> {
    let claimed = store.claim(&Claim::all(ProcessId::new(7), 10_000)).await.unwrap();
    claimed.iter().map(jobs_core::Execution::id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_two_jobs_of_concurrent_callers_get_one_number() {
    let Some(db) = TestDb::new() else { return };
    let stores = [Arc::new(db.open().await), Arc::new(db.open().await)];
    let caller = |number: u64| {
        let store = Arc::clone(&stores[usize::try_from(number % 2).unwrap()]);
        tokio::spawn(async move {
            let first = number * 10_000;
            enqueue(&*store, first..first + 1200).await;
            enqueue(&*store, first + 1200..first + 1201).await;
        })
    };
    for ended in join_all((0..6).map(caller)).await {
        ended.unwrap();
    }
    let distinct = "SELECT count(DISTINCT seq) FROM {schema}.jobs";
    let distinct: i64 = db.stranger().await.query_one(&db.sql(distinct), &[]).await.unwrap().get(0);
    assert_eq!(distinct, 6 * 1201);
    let order = in_order(&stores[0]).await;
    for number in 0..6 {
        let first = number * 10_000;
        let of_caller = order.iter().copied().filter(|job| (id(first)..id(first + 10_000)).contains(job));
        assert!(of_caller.eq((first..first + 1201).map(id)), "the jobs of caller {number} run in their order");
    }
}
