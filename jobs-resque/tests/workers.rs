//! Workers that claim jobs and settle them, beside those of Ruby.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use common::TestDb;
use jobs_core::{Clock, ErrorRecord};
use jobs_resque::{FailureRecord, Payload, ResqueRedis, RunOutcome, RunningJob, WorkerId, heartbeat_text, read_time};

fn worker(slot: usize) -> WorkerId {
    WorkerId::of_slot("worker-1", 42, slot, &["high", "low"])
}

fn text(number: u32) -> String {
    format!(r#"{{"class":"Charge","args":[{number},1.0,9007199254740993123,[]]}}"#)
}

async fn push(redis: &ResqueRedis, queue: &str, number: u32) {
    redis.push(&[(queue, &Payload::parse(&text(number)).unwrap())]).await.unwrap();
}

async fn number(db: &TestDb, key: &str) -> Option<u32> {
    db.run(&["GET", key]).await
}

#[tokio::test]
async fn jobs_are_claimed_from_the_left_end_of_the_queues_in_their_order() {
    let Some(db) = TestDb::new().await else { return };
    let redis = db.open();
    for (queue, number) in [("low", 1), ("high", 2), ("high", 3), ("low", 4)] {
        push(&redis, queue, number).await;
    }
    let workers = [worker(0), worker(1), worker(2)];
    let claimed = redis.claim(&workers, &["high", "low"]).await.unwrap();
    let seen: Vec<_> = claimed.iter().map(|job| (job.queue.as_str(), job.text.clone())).collect();
    assert_eq!(seen, [("high", text(2)), ("high", text(3)), ("low", text(1))]);
    assert!(redis.claim(&workers, &["high", "low"]).await.unwrap().is_empty(), "each performs one job");
    let value: String = db.run(&["GET", &format!("resque:worker:{}", worker(0))]).await;
    let running = RunningJob::parse(&value).unwrap();
    assert_eq!((running.queue().as_deref(), running.payload()), (Some("high"), text(2).as_str()));
    assert_eq!(running.run_at(), read_time(&heartbeat_text(db.clock.now())));
}

#[tokio::test]
async fn a_done_job_is_counted_once_and_a_stale_settlement_changes_nothing() {
    let Some(db) = TestDb::new().await else { return };
    let redis = db.open();
    push(&redis, "low", 1).await;
    let claimed = redis.claim(&[worker(0)], &["low"]).await.unwrap();
    let run = [(&claimed[0], RunOutcome::Done)];
    assert_eq!(redis.settle(&run).await.unwrap(), [true]);
    push(&redis, "low", 1).await;
    let again = redis.claim(&[worker(0)], &["low"]).await.unwrap();
    assert_eq!(redis.settle(&run).await.unwrap(), [false], "an equal job of the same worker is another run");
    assert_eq!(redis.settle(&[(&again[0], RunOutcome::Done)]).await.unwrap(), [true]);
    assert_eq!(number(&db, "resque:stat:processed").await, Some(2));
    assert_eq!(number(&db, &format!("resque:stat:processed:{}", worker(0))).await, Some(2));
    assert_eq!(number(&db, "resque:stat:failed").await, None);
}

#[tokio::test]
async fn a_failed_run_has_a_record_and_counts_as_processed_and_as_failed() {
    let Some(db) = TestDb::new().await else { return };
    let redis = db.open();
    push(&redis, "low", 1).await;
    let claimed = redis.claim(&[worker(0)], &["low"]).await.unwrap();
    let payload = Payload::parse(&claimed[0].text).unwrap();
    let error = ErrorRecord::new("shop::PaymentError", "declined");
    let record = FailureRecord::new(&payload, &error, &claimed[0].worker, "low", db.clock.now());
    let run = [(&claimed[0], RunOutcome::Failed(record.clone()))];
    assert_eq!(redis.settle(&run).await.unwrap(), [true]);
    assert_eq!(redis.settle(&run).await.unwrap(), [false]);
    assert_eq!(db.list("resque:failed").await, [record.text()]);
    for key in ["processed", "failed"] {
        assert_eq!(number(&db, &format!("resque:stat:{key}")).await, Some(1));
        assert_eq!(number(&db, &format!("resque:stat:{key}:{}", worker(0))).await, Some(1));
    }
}

#[tokio::test]
async fn a_stopped_worker_leaves_nothing_and_its_job_is_the_next_to_run() {
    let Some(db) = TestDb::new().await else { return };
    let redis = db.open();
    assert_eq!(redis.beat(&[worker(0), worker(1)]).await.unwrap(), 2);
    assert_eq!(redis.beat(&[worker(0), worker(1)]).await.unwrap(), 0);
    let heartbeat: String = db.run(&["HGET", "resque:workers:heartbeat", &worker(0).to_string()]).await;
    assert_eq!(heartbeat, heartbeat_text(db.clock.now()));
    for number in 1..=4 {
        push(&redis, "low", number).await;
    }
    let claimed = redis.claim(&[worker(0), worker(1)], &["low"]).await.unwrap();
    let back = redis.settle(&[(&claimed[1], RunOutcome::Back)]).await.unwrap();
    assert_eq!((back, number(&db, "resque:stat:processed").await), (vec![true], None));
    assert_eq!(redis.stop(&[worker(0), worker(1)]).await.unwrap(), 1);
    assert_eq!(db.list("resque:queue:low").await, [text(1), text(2), text(3), text(4)]);
    assert_eq!(db.keys(&[]).await, ["resque:queue:low", "resque:queues"]);
    assert_eq!(redis.settle(&[(&claimed[0], RunOutcome::Done)]).await.unwrap(), [false]);
}

#[tokio::test]
async fn paused_queues_give_no_jobs() {
    let Some(db) = TestDb::new().await else { return };
    let redis = db.open();
    push(&redis, "low", 1).await;
    for (key, value) in [("pause-all-workers", " TRUE "), ("pause:all", "true"), ("pause:queue:low", "true")] {
        let _: () = db.run(&["SET", &format!("resque:{key}"), value]).await;
        assert!(redis.claim(&[worker(0)], &["low"]).await.unwrap().is_empty(), "{key}");
        let _: () = db.run(&["DEL", &format!("resque:{key}")]).await;
    }
    let _: () = db.run(&["SET", "resque:pause-all-workers", "false"]).await;
    assert_eq!(redis.claim(&[worker(0)], &["low"]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_text_that_is_not_json_becomes_a_failure_and_the_next_job_is_claimed() {
    let Some(db) = TestDb::new().await else { return };
    let fleet = db.open();
    let _: () = db.run(&["RPUSH", "resque:queue:low", "no json", "{\"class\":", "7"]).await;
    let mut latin1 = redis::cmd("RPUSH");
    latin1.arg("resque:queue:low").arg(&b"{\"class\":\"Caf\xe9\"}"[..]);
    let _: () = db.run_command(&latin1).await;
    let emoji = r#"{"class":"Charge","args":["é € 😀"]}"#;
    fleet.push(&[("low", &Payload::parse(emoji).unwrap())]).await.unwrap();
    let claimed = fleet.claim(&[worker(0)], &["low"]).await.unwrap();
    assert_eq!(claimed[0].text, emoji);
    let records = db.list("resque:failed").await;
    let aside = records.iter().map(|text| FailureRecord::parse(text).unwrap().unreadable().unwrap());
    assert_eq!(aside.collect::<Vec<_>>(), [&b"no json"[..], b"{\"class\":", b"7", b"{\"class\":\"Caf\xe9\"}"]);
    assert_eq!(FailureRecord::parse(&records[0]).unwrap().queue().as_deref(), Some("low"));
    assert_eq!(db.list("resque:jobs_rs:unreadable").await, Vec::<String>::new());
}
