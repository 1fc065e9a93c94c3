//! Jobs for later, in the keys of resque-scheduler and under its lock.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::TestDb;
use common::jobs::{claim, delayed_text, job, job_in, retry_in, run, text};
use jobs_core::{Clock, Due, Inspect, Manage, NewJob, Signature, State, Store};
use jobs_resque::{DelayedJob, FailureRecord, Keys, Payload, ResqueStore};

const LOCK: &str = "resque:resque:resque_scheduler_master_lock";
const RUBY: &str = "worker-1:11189";
const MINUTE: Duration = Duration::from_secs(60);

/// A job for a class of Ruby.
fn ruby_job(number: u64, wait: Duration) -> NewJob {
    let mut job = job_in(number, wait);
    (job.name, job.signature) = ("Charge".to_owned(), Some(Signature::new(&["order"])));
    job.arguments = format!(r#"{{"order":{number}}}"#);
    job
}

async fn ready(store: &ResqueStore) -> usize {
    store.dispatch(1_000).await.unwrap().ready
}

/// The texts in the list of the second after this wait.
async fn delayed_in(db: &TestDb, wait: Duration) -> Vec<String> {
    db.list(&Keys::default().delayed(DelayedJob::second_of(db.clock.now() + wait))).await
}

#[tokio::test]
async fn jobs_are_added_to_the_right_end_and_their_queues_are_known() {
    let Some(db) = TestDb::new().await else { return };
    let (mut one, mut other) = (ruby_job(1, Duration::ZERO), ruby_job(2, Duration::ZERO));
    (one.due, other.due) = (Due::Now, Due::At(jobs_core::Timestamp::default()));
    "high".clone_into(&mut other.queue);
    let last = ruby_job(3, Duration::ZERO);
    db.open().await.enqueue(&[one, other, last]).await.unwrap();
    let texts = [1, 3].map(|number| format!(r#"{{"class":"Charge","args":[{number}]}}"#));
    assert_eq!(db.list("resque:queue:low").await, texts);
    let mut queues: Vec<String> = db.run(&["SMEMBERS", "resque:queues"]).await;
    queues.sort();
    assert_eq!(queues, ["high", "low"]);
}

#[tokio::test]
async fn a_delayed_job_is_in_all_three_keys_and_ruby_finds_it_by_its_text() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let wait = Duration::from_millis(60_900);
    let ours = job_in(2, wait);
    store.enqueue(&[ruby_job(1, wait), ours.clone()]).await.unwrap();
    let second = DelayedJob::second_of(db.clock.now() + wait);
    let texts = [r#"{"class":"Charge","args":[1],"queue":"low"}"#, r#"{"class":"charge","args":[2],"queue":"low"}"#];
    assert_eq!(db.list(&Keys::default().delayed(second)).await, texts, "nothing that Ruby's text has not");
    for text in texts {
        let seconds: Vec<String> = db.run(&["SMEMBERS", &Keys::default().timestamps(text)]).await;
        assert_eq!(seconds, [format!("delayed:{second}")]);
    }
    let schedule: Vec<(i64, i64)> = db.run(&["ZRANGE", "resque:delayed_queue_schedule", "0", "-1", "WITHSCORES"]).await;
    assert_eq!(schedule, [(second, second)]);
    let record = store.find(ours.id).await.unwrap().unwrap();
    assert_eq!((record.state, record.due_at), (State::Scheduled, db.clock.now() + wait), "to the microsecond");
}

#[tokio::test]
async fn a_job_that_is_due_within_seconds_is_no_matter_of_the_scheduler() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _: () = db.run(&["SET", LOCK, RUBY, "EX", "180"]).await;
    store.enqueue(&[job_in(1, Duration::from_millis(1_500))]).await.unwrap();
    assert_eq!(db.keys(&[LOCK]).await, Vec::<String>::new());
    assert_eq!(store.counts().await.unwrap().of(State::Scheduled), 1);
    db.clock.advance(Duration::from_millis(1_499));
    assert_eq!(ready(&store).await, 0);
    db.clock.advance(Duration::from_millis(1));
    assert_eq!(ready(&store).await, 1, "whoever is the master");
    assert_eq!(claim(&store, 1).await[0].id(), job(1).id);
}

#[tokio::test]
async fn a_job_for_ruby_that_is_due_within_seconds_waits_where_its_scheduler_looks() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    store.enqueue(&[ruby_job(1, Duration::from_secs(1))]).await.unwrap();
    let second = DelayedJob::second_of(db.clock.now()) + 3;
    assert_eq!(db.list(&Keys::default().delayed(second)).await.len(), 1);
}

#[tokio::test]
async fn a_cancelled_job_leaves_nothing_in_the_three_keys_and_others_stay() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    store.enqueue(&[job_in(1, MINUTE), job_in(2, MINUTE)]).await.unwrap();
    let second = DelayedJob::second_of(db.clock.now() + MINUTE);
    db.schedule(second, &delayed_text(3, "low")).await;
    db.schedule(second + 30, &delayed_text(3, "low")).await;
    let of_ruby = Payload::parse(&text(3)).unwrap().id();
    assert_eq!(store.discard(&[job(1).id, of_ruby]).await.unwrap(), 2);
    assert_eq!(store.discard(&[of_ruby]).await.unwrap(), 1, "the other one of equal jobs");
    let left = r#"{"class":"charge","args":[2],"queue":"low"}"#;
    let keys = Keys::default();
    let mut expected = [keys.delayed(second), keys.delayed_schedule(), keys.timestamps(left)];
    expected.sort();
    assert_eq!(db.keys(&[]).await, expected);
    assert_eq!(db.list(&keys.delayed(second)).await, [left]);
}

#[tokio::test]
async fn due_jobs_are_moved_in_their_order_and_nothing_is_left_of_them() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let at = |wait| Duration::from_secs(wait);
    let mut jobs: Vec<_> = (1..=450).map(|number| ruby_job(number, at(9))).collect();
    jobs.extend([ruby_job(0, at(7)), ruby_job(1, at(9))]);
    store.enqueue(&jobs).await.unwrap();
    db.clock.advance(at(8));
    assert_eq!(store.dispatch(1_000).await.unwrap().ready, 1, "the others are not due");
    db.clock.advance(at(1));
    assert_eq!(store.dispatch(120).await.unwrap().ready, 120);
    assert_eq!(store.dispatch(1_000).await.unwrap().ready, 331);
    let text = |number: u32| format!(r#"{{"class":"Charge","args":[{number}]}}"#);
    let mut expected: Vec<String> = (0..=450).map(text).collect();
    expected.push(text(1));
    assert_eq!(db.list("resque:queue:low").await, expected);
    assert_eq!(db.keys(&[]).await, ["resque:queue:low", "resque:queues"]);
}

#[tokio::test]
async fn nothing_is_moved_while_a_scheduler_of_ruby_is_the_master() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    store.enqueue(&[job_in(1, MINUTE)]).await.unwrap();
    db.clock.advance(MINUTE * 2);
    let _: () = db.run(&["SET", LOCK, RUBY, "EX", "180"]).await;
    let dispatched = store.dispatch(10).await.unwrap();
    assert_eq!((dispatched.ready, dispatched.next_in), (0, None), "and there is nothing to come back for soon");
    assert_eq!(store.discard(&[job(1).id]).await.unwrap(), 0, "a due second belongs to the master");
    let _: () = db.run(&["DEL", LOCK]).await;
    assert_eq!(ready(&store).await, 1);
    let holder: Option<String> = db.run(&["GET", LOCK]).await;
    assert_eq!(holder, None, "a scheduler of Ruby can be the master again at once");
}

#[tokio::test]
async fn a_due_text_that_is_no_job_is_put_aside_and_the_others_are_moved() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let now = DelayedJob::second_of(db.clock.now());
    for entry in ["no json", &delayed_text(1, "low"), &text(9), &delayed_text(2, "low")] {
        db.schedule(now, entry).await;
    }
    let empty = (now - 1).to_string();
    let _: () = db.run(&["ZADD", "resque:delayed_queue_schedule", &empty, &empty]).await;
    assert_eq!(ready(&store).await, 4);
    assert_eq!(db.list("resque:queue:low").await, [text(1), text(2)]);
    let records = db.list("resque:failed").await;
    let aside = records.iter().map(|text| FailureRecord::parse(text).unwrap().unreadable().unwrap());
    assert_eq!(aside.collect::<Vec<_>>(), [b"no json".to_vec(), text(9).into_bytes()]);
    assert_eq!(db.keys(&[]).await, ["resque:failed", "resque:queue:low", "resque:queues"]);
}

#[tokio::test]
async fn attempts_count_on_when_a_scheduler_of_ruby_moves_the_retry() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for of_ruby in [false, true] {
        if of_ruby {
            db.push("low", &text(1)).await;
        } else {
            drop(store.enqueue(&[job(2)]).await.unwrap());
        }
        for attempt in 1..=3 {
            let execution = claim(&store, 1).await.pop().expect("it is ready");
            assert_eq!(execution.attempt, attempt, "of Ruby: {of_ruby}");
            assert!(of_ruby || execution.id() == job(2).id, "it is the same job");
            store.settle(&[execution.settle(retry_in(MINUTE))]).await.unwrap();
            assert_eq!(store.counts().await.unwrap().of(State::Scheduled), 1);
            let waiting = delayed_in(&db, MINUTE).await.pop().expect("Ruby's page shows it");
            db.clock.advance(MINUTE);
            moved_by_ruby(&db, &waiting).await;
        }
        run(&store, common::jobs::FINISH).await;
    }
    let keys: Vec<String> = db.run(&["KEYS", "resque:jobs_rs:waiting:*"]).await;
    assert_eq!(keys, Vec::<String>::new(), "nothing is left beside the jobs");
}

/// Moves a delayed job as resque-scheduler does: with class and arguments alone.
async fn moved_by_ruby(db: &TestDb, text: &str) {
    let second = DelayedJob::second_of(db.clock.now());
    let job = DelayedJob::parse(text).unwrap();
    db.push(&job.queue, &job.payload.text_of_ruby()).await;
    let keys = Keys::default();
    let _: () = db.run(&["SREM", &keys.timestamps(text), &format!("delayed:{second}")]).await;
    let _: () = db.run(&["DEL", &keys.delayed(second)]).await;
    let _: () = db.run(&["ZREM", &keys.delayed_schedule(), &second.to_string()]).await;
}

#[tokio::test]
async fn equal_jobs_for_one_second_keep_their_ids_and_metadata() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let mut jobs = [job_in(1, MINUTE), job_in(2, MINUTE), job_in(3, MINUTE * 2)];
    for (number, job) in jobs.iter_mut().enumerate() {
        job.arguments = "[0]".to_owned();
        job.meta = Some(format!(r#"{{"tags":["{number}"]}}"#));
    }
    store.enqueue(&jobs).await.unwrap();
    db.clock.advance(MINUTE);
    assert_eq!(ready(&store).await, 2);
    let seen: Vec<_> = claim(&store, 10).await.into_iter().map(|job| (job.id(), job.meta)).collect();
    assert_eq!(seen, [(jobs[0].id, jobs[0].meta.clone()), (jobs[1].id, jobs[1].meta.clone())]);
    let last = store.find(jobs[2].id).await.unwrap().unwrap();
    assert_eq!((last.state, last.meta), (State::Scheduled, jobs[2].meta.clone()));
}

#[tokio::test]
async fn calls_go_on_after_the_server_has_forgotten_its_scripts() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for number in 1..=2 {
        store.enqueue(&[job(number)]).await.unwrap();
        let _: () = db.run(&["SCRIPT", "FLUSH"]).await;
    }
    assert_eq!(claim(&store, 10).await.len(), 2);
}
