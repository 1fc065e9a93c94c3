//! Jobs in queues and in the schedule of resque-scheduler, under its lock.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::TestDb;
use jobs_core::{Clock, Timestamp};
use jobs_resque::{DelayedJob, FailureRecord, Keys, Payload};

const LOCK: &str = "resque:resque:resque_scheduler_master_lock";
const RUBY: &str = "worker-1:11189";
const ME: &str = "worker-1-rust:42";

fn payload(number: u32) -> Payload {
    Payload::parse(&format!(r#"{{"class":"Charge","args":[{number}]}}"#)).unwrap()
}

fn delayed(number: u32) -> DelayedJob {
    DelayedJob::new(payload(number), "low")
}

fn text(number: u32) -> String {
    delayed(number).text()
}

#[tokio::test]
async fn jobs_are_added_to_the_right_end_and_their_queues_are_known() {
    let Some(db) = TestDb::new().await else { return };
    db.open().push(&[("low", &payload(1)), ("high", &payload(2)), ("low", &payload(3))]).await.unwrap();
    assert_eq!(db.list("resque:queue:low").await, [payload(1).text(), payload(3).text()]);
    let mut queues: Vec<String> = db.run(&["SMEMBERS", "resque:queues"]).await;
    queues.sort();
    assert_eq!(queues, ["high", "low"]);
}

#[tokio::test]
async fn a_delayed_job_is_in_all_three_keys_and_a_due_one_in_its_queue() {
    let Some(db) = TestDb::new().await else { return };
    let now = db.clock.now();
    let later = now + Duration::from_millis(2_900);
    let jobs = [(later, delayed(1)), (now, delayed(2)), (Timestamp::default(), delayed(3))];
    assert_eq!(db.open().schedule(&jobs).await.unwrap(), 1);
    let second = DelayedJob::second_of(later);
    assert_eq!(db.list(&Keys::default().delayed(second)).await, [text(1)]);
    let seconds: Vec<String> = db.run(&["SMEMBERS", &Keys::default().timestamps(&text(1))]).await;
    assert_eq!(seconds, [format!("delayed:{second}")]);
    let schedule: Vec<(i64, i64)> = db.run(&["ZRANGE", "resque:delayed_queue_schedule", "0", "-1", "WITHSCORES"]).await;
    assert_eq!(schedule, [(second, second)]);
    assert_eq!(db.list("resque:queue:low").await, [payload(2).text(), payload(3).text()]);
}

#[tokio::test]
async fn a_removed_job_leaves_nothing_in_the_three_keys_and_others_stay() {
    let Some(db) = TestDb::new().await else { return };
    let redis = db.open();
    let at = |seconds| db.clock.now() + Duration::from_secs(seconds);
    redis.schedule(&[(at(60), delayed(1)), (at(90), delayed(1)), (at(60), delayed(2))]).await.unwrap();
    assert_eq!(redis.unschedule(&delayed(1)).await.unwrap(), 2);
    let second = DelayedJob::second_of(at(60));
    let keys = Keys::default();
    let mut left = [keys.delayed(second), keys.delayed_schedule(), keys.timestamps(&text(2))];
    left.sort();
    assert_eq!(db.keys(&[]).await, left);
    assert_eq!(redis.unschedule(&delayed(1)).await.unwrap(), 0);
    db.clock.advance(Duration::from_secs(60));
    assert_eq!(redis.unschedule(&delayed(2)).await.unwrap(), 0, "a due second belongs to the scheduler");
    assert_eq!(db.list(&keys.delayed(second)).await, [text(2)]);
}

#[tokio::test]
async fn due_jobs_are_moved_in_their_order_and_nothing_is_left_of_them() {
    let Some(db) = TestDb::new().await else { return };
    let redis = db.open();
    let at = |seconds| db.clock.now() + Duration::from_secs(seconds);
    let mut jobs: Vec<_> = (1..=250).map(|number| (at(5), delayed(number))).collect();
    jobs.extend([(at(3), delayed(0)), (at(5), delayed(1))]);
    redis.schedule(&jobs).await.unwrap();
    db.clock.advance(Duration::from_secs(4));
    assert_eq!(redis.dispatch(ME, 1_000).await.unwrap(), Some(1), "the others are not due");
    db.clock.advance(Duration::from_secs(1));
    assert_eq!(redis.dispatch(ME, 120).await.unwrap(), Some(120));
    assert_eq!(redis.dispatch(ME, 1_000).await.unwrap(), Some(131));
    let mut expected: Vec<String> = (0..=250).map(|number| payload(number).text()).collect();
    expected.push(payload(1).text());
    assert_eq!(db.list("resque:queue:low").await, expected);
    assert_eq!(db.keys(&[LOCK]).await, ["resque:queue:low", "resque:queues"]);
}

#[tokio::test]
async fn nothing_is_moved_while_a_scheduler_of_ruby_is_the_master() {
    let Some(db) = TestDb::new().await else { return };
    let redis = db.open();
    redis.schedule(&[(db.clock.now() + Duration::from_secs(1), delayed(1))]).await.unwrap();
    db.clock.advance(Duration::from_secs(2));
    let _: () = db.run(&["SET", LOCK, RUBY, "EX", "180"]).await;
    assert_eq!(redis.dispatch(ME, 10).await.unwrap(), None);
    let _: () = db.run(&["DEL", LOCK]).await;
    assert_eq!(redis.dispatch(ME, 10).await.unwrap(), Some(1));
    let expires: i64 = db.run(&["TTL", LOCK]).await;
    assert!((1..=180).contains(&expires), "{expires}");
    assert_eq!(redis.dispatch("other-rust:1", 10).await.unwrap(), None, "one of ours is the master too");
}

#[tokio::test]
async fn a_due_text_that_is_no_job_is_put_aside_and_the_others_are_moved() {
    let Some(db) = TestDb::new().await else { return };
    let redis = db.open();
    let now = DelayedJob::second_of(db.clock.now());
    let key = Keys::default().delayed(now);
    let noqueue = payload(9).text();
    let _: () = db.run(&["RPUSH", &key, "no json", &text(1), &noqueue, &text(2)]).await;
    let empty = (now - 1).to_string();
    let second = now.to_string();
    let _: () = db.run(&["ZADD", "resque:delayed_queue_schedule", &second, &second, &empty, &empty]).await;
    assert_eq!(redis.dispatch(ME, 10).await.unwrap(), Some(4));
    assert_eq!(db.list("resque:queue:low").await, [payload(1).text(), payload(2).text()]);
    let records = db.list("resque:failed").await;
    let aside = records.iter().map(|text| FailureRecord::parse(text).unwrap().unreadable().unwrap());
    assert_eq!(aside.collect::<Vec<_>>(), [b"no json".to_vec(), noqueue.into_bytes()]);
    assert_eq!(db.keys(&[LOCK]).await, ["resque:failed", "resque:queue:low", "resque:queues"]);
}

#[tokio::test]
async fn calls_go_on_after_the_server_has_forgotten_its_scripts() {
    let Some(db) = TestDb::new().await else { return };
    let redis = db.open();
    for number in 1..=2 {
        redis.push(&[("low", &payload(number))]).await.unwrap();
        let _: () = db.run(&["SCRIPT", "FLUSH"]).await;
    }
    assert_eq!(db.list("resque:queue:low").await.len(), 2);
}
