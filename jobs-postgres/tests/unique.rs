//! Unique keys with many processes, with open transactions of other sessions, and with processes that die.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::Arc;

use common::{ME, TestDb, enqueue, finish, id, job, work};
use futures_util::future::join_all;
use jobs_core::{
    Claim, Decision, Enqueued, ErrorRecord, NewJob, Store, SystemClock, Unique, UniqueBy, UniqueKey, UniqueUntil,
};
use jobs_postgres::PostgresOptions;

const CHILD: &str = "JOBS_POSTGRES_TEST_CHILD";
const PROCESSES: u64 = 4;
/// In each of the four processes: fifty in all, and two more.
const ENQUEUERS: u64 = 13;
const KEYS: u64 = 20;

fn unique(number: u64, unique: Unique, word: &str) -> NewJob {
    let mut job = job(number);
    job.unique_key = UniqueKey::of("test", &unique, "{}", Some(&UniqueBy::value(&word))).unwrap();
    job
}

fn until_done(number: u64, word: &str) -> NewJob {
    unique(number, Unique::until(UniqueUntil::Done), word)
}

/// Not a test of its own: one of several processes. Each of its enqueuers requests each key once, and prints its
/// result.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Ok(orders) = std::env::var(CHILD) else { return };
    let [url, schema, process] = orders.split('|').collect::<Vec<_>>()[..] else { return };
    let process: u64 = process.parse().unwrap();
    let options = PostgresOptions::from_url(url).unwrap().schema(schema).clock(Arc::new(SystemClock));
    let store = options.connect().await.unwrap();
    let enqueuer = async |number: u64| {
        let mut answers = Vec::new();
        for key in 0..KEYS {
            let me = ((process * ENQUEUERS + number) * KEYS + key) + 1;
            let answer = store.enqueue(&[until_done(me, &key.to_string())]).await.unwrap()[0];
            answers.push((key, matches!(answer, Enqueued::New(_)), answer.id().unwrap()));
        }
        answers
    };
    for (key, is_new, of) in join_all((0..ENQUEUERS).map(enqueuer)).await.into_iter().flatten() {
        println!("\n@ {key} {is_new} {of}");
    }
}

/// Runs the processes at the same time. Returns the lines that they printed: the key, whether the job was stored, and
/// the job that holds the key.
fn run_children(db: &TestDb) -> Vec<(u64, bool, String)> {
    let start = |number: u64| {
        Command::new(std::env::current_exe().unwrap())
            .args(["child", "--exact", "--nocapture"])
            .env(CHILD, format!("{}|{}|{number}", db.url, db.schema))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let children: Vec<_> = (0..PROCESSES).map(start).collect();
    let outputs = children.into_iter().map(|child| child.wait_with_output().unwrap());
    let mut answers = Vec::new();
    for output in outputs {
        assert!(output.status.success(), "each process ends well");
        let text = String::from_utf8(output.stdout).unwrap();
        for line in text.lines().filter_map(|line| line.strip_prefix("@ ")) {
            let [key, is_new, of] = line.split(' ').collect::<Vec<_>>()[..] else { continue };
            answers.push((key.parse().unwrap(), is_new == "true", of.to_owned()));
        }
    }
    answers
}

#[tokio::test]
async fn fifty_enqueuers_in_four_processes_store_one_job_of_each_key() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    let answers = run_children(&db);
    assert_eq!(answers.len() as u64, PROCESSES * ENQUEUERS * KEYS, "each enqueue was answered");
    for key in 0..KEYS {
        let of_key: Vec<_> = answers.iter().filter(|(one, ..)| *one == key).collect();
        assert_eq!(of_key.iter().filter(|(_, is_new, _)| *is_new).count(), 1, "one of {key} is new");
        assert_eq!(of_key.iter().map(|(.., of)| of).collect::<BTreeSet<_>>().len(), 1, "all know which of {key} it is");
    }
    assert_eq!(work(&store, 10_000).await.len() as u64, KEYS, "one job of each key is stored");
}

#[tokio::test]
async fn a_dead_process_releases_the_key_it_was_taking_and_blocks_no_other_key() {
    let Some(db) = TestDb::new() else { return };
    let store = Arc::new(db.open().await);
    let stranger = db.stranger().await;
    let pid: i32 = stranger.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let mine = until_done(1, "a");
    let take = "BEGIN; INSERT INTO {schema}.unique_keys (key, job, until) VALUES ('{key}', gen_random_uuid(), 'done')";
    let take = db.sql(take).replace("{key}", &mine.unique_key.unwrap().name());
    stranger.batch_execute(&take).await.unwrap();

    let waiting = tokio::spawn({
        let (store, mine) = (store.clone(), mine.clone());
        async move { store.enqueue(&[mine]).await }
    });
    enqueue(&*store, 10..20).await;
    assert!(!waiting.is_finished(), "whether the key is free is not known before the other has ended");
    db.run(&format!("SELECT pg_terminate_backend({pid})")).await;
    assert_eq!(
        waiting.await.unwrap().unwrap(),
        [Enqueued::New(id(1))],
        "the dead one stored nothing and holds nothing"
    );
    assert_eq!(store.enqueue(&[until_done(2, "a")]).await.unwrap(), [Enqueued::Duplicate { of: id(1) }]);
}

/// Another session takes the key of a failed job at the same moment, with these statements. Returns the holder of the
/// key.
async fn taken_meanwhile(statements: &str) -> Option<Enqueued> {
    let db = TestDb::new()?;
    let store = Arc::new(db.open().await);
    let _stored = store.enqueue(&[until_done(1, "a")]).await.unwrap();
    let execution = store.claim(&Claim::all(ME, 1)).await.unwrap().pop().unwrap();
    let error = ErrorRecord::new("E", "no luck");
    let _failed = store.settle(&[execution.settle(Decision::Fail { meta: None, error })]).await.unwrap();
    let stranger = db.stranger().await;
    stranger.batch_execute(&db.sql(&format!("BEGIN; {statements}"))).await.unwrap();
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.enqueue(&[until_done(3, "a")]).await }
    });
    let blocked = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)";
    while !stranger.query_one(blocked, &[]).await.unwrap().get::<_, bool>(0) {
        tokio::task::yield_now().await;
    }
    stranger.batch_execute("COMMIT").await.unwrap();
    Some(waiting.await.unwrap().unwrap()[0])
}

#[tokio::test]
async fn of_two_transactions_that_take_over_a_key_the_second_reads_it_again() {
    let other = "UPDATE {schema}.unique_keys SET job = '00000000-0000-0000-0000-000000000002', taken = taken + 1;
        INSERT INTO {schema}.jobs (id, state, due_at, enqueued_at, version, priority, queue, name, arguments)
        VALUES ('00000000-0000-0000-0000-000000000002', 2, 1, 1, 1, 0, 'default', 'test', '{}')";
    let Some(answer) = taken_meanwhile(other).await else { return };
    assert_eq!(answer, Enqueued::Duplicate { of: id(2) }, "another job took it");
    let itself = "UPDATE {schema}.unique_keys SET taken = taken + 1; UPDATE {schema}.jobs SET state = 2";
    let Some(answer) = taken_meanwhile(itself).await else { return };
    assert_eq!(answer, Enqueued::Duplicate { of: id(1) }, "the failed job was retried manually");
}

#[tokio::test]
async fn a_worker_does_not_wait_for_a_transaction_that_locks_a_key() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    let _stored = store.enqueue(&[until_done(1, "a"), until_done(2, "b"), until_done(3, "c")]).await.unwrap();
    let stranger = db.stranger().await;
    stranger.batch_execute(&db.sql("BEGIN; SELECT FROM {schema}.unique_keys FOR UPDATE")).await.unwrap();
    let executions = store.claim(&Claim::all(ME, 2)).await.unwrap();
    let (settled, claimed) = store.settle_and_claim(&finish(executions), &Claim::all(ME, 1)).await.unwrap();
    assert_eq!((settled.len(), claimed.len()), (2, 1), "it finishes and claims without waiting");
    let _settled = store.settle(&finish(claimed)).await.unwrap();
    stranger.batch_execute("ROLLBACK").await.unwrap();
    // The rows were left behind, but they hold no key.
    let next = [until_done(4, "a"), until_done(5, "b"), until_done(6, "a")];
    let expected = [Enqueued::New(id(4)), Enqueued::New(id(5)), Enqueued::Duplicate { of: id(4) }];
    assert_eq!(store.enqueue(&next).await.unwrap(), expected);
}

#[tokio::test]
async fn keys_are_removed_with_their_jobs_and_when_they_expire() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    let hour = std::time::Duration::from_secs(3600);
    let _stored =
        store.enqueue(&[until_done(1, "a"), unique(2, Unique::until(UniqueUntil::Start), "b")]).await.unwrap();
    let _stored = store.enqueue(&[unique(3, Unique::lasting(hour), "c"), job(4)]).await.unwrap();
    assert_eq!(rows(&db).await, 3, "those without a key have no row");
    assert_eq!(work(&store, 10).await.len(), 4);
    assert_eq!(rows(&db).await, 1, "a key that is held for a fixed time stays");
    db.clock.advance(hour);
    store.manage().unwrap().prune(hour, 1).await.unwrap();
    assert_eq!(rows(&db).await, 0, "and goes when that is over");
}

async fn rows(db: &TestDb) -> i64 {
    let counted = db.stranger().await.query_one(&db.sql("SELECT count(*) FROM {schema}.unique_keys"), &[]).await;
    counted.unwrap().get(0)
}

#[tokio::test]
async fn a_schema_without_keys_is_migrated_and_keeps_its_jobs() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    enqueue(&store, 1..2).await;
    drop(store);
    db.back_to_step(1).await;
    let store = db.open().await;
    let _stored = store.enqueue(&[until_done(2, "a")]).await.unwrap();
    assert_eq!(store.enqueue(&[until_done(3, "a")]).await.unwrap(), [Enqueued::Duplicate { of: id(2) }]);
    assert_eq!(work(&store, 10).await, [id(1), id(2)]);
}
