//! What other programs leave in Resque's keys, in any number, holds up neither Redis nor the jobs beside it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::TestDb;
use common::jobs::{claim, delayed_text, error, job, retry_in, run, text};
use common::log::Log;
use jobs_core::{Clock, Decision, Filter, Inspect, Notifier, State, Store};
use jobs_resque::{DelayedJob, FailureRecord};

#[tokio::test]
async fn a_claim_puts_no_more_than_a_thousand_bad_texts_aside_and_the_next_one_comes_at_once() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let mut push = redis::cmd("RPUSH");
    push.arg("resque:queue:low").arg(vec!["no json"; 3_500]);
    let _: i64 = db.run_command(&push).await;
    db.push("low", &text(1)).await;
    for left in [2_501, 1_501, 501] {
        let mut listener = store.listen();
        assert!(claim(&store, 10).await.is_empty());
        tokio::time::timeout(Duration::from_secs(20), listener.recv()).await.expect("there may be more");
        assert_eq!(db.list("resque:queue:low").await.len(), left);
    }
    assert_eq!(claim(&store, 10).await.len(), 1);
    assert_eq!(store.counts().await.unwrap().of(State::Failed), 3_500, "all are reported");
}

#[tokio::test]
async fn a_text_that_only_the_json_of_redis_reads_becomes_a_failure() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let bad = [
        "[NaN]",
        "[-nan]",
        "[Infinity]",
        "[0x10]",
        "[01]",
        "[-01.5]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[1e]",
        "[\"a\nb\"]",
        "[]}\0",
    ];
    for args in bad {
        db.push("low", &format!(r#"{{"class":"Charge","args":{args}}}"#)).await;
    }
    let good = r#"[ -0, 0.5, 1.5E-7,1e+5,	10, "NaN 0x10 \\\" [01]", true,false,null,{"":-10.25e3}]"#;
    db.push("low", &format!("{{\"class\":\"Charge\",\r\n\"args\":{good}}}")).await;
    let claimed = claim(&store, 100).await;
    assert_eq!(claimed.iter().map(|job| &*job.arguments).collect::<Vec<_>>(), [good]);
    let records = db.list("resque:failed").await;
    let aside = records.iter().map(|text| FailureRecord::parse(text).unwrap().unreadable().unwrap());
    let bad = bad.map(|args| format!(r#"{{"class":"Charge","args":{args}}}"#).into_bytes());
    assert_eq!(aside.collect::<Vec<_>>(), bad);
}

#[tokio::test]
async fn figures_count_a_queue_whose_name_is_not_utf8() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for (set, name) in
        [("queues", &b"caf\xe9"[..]), ("workers", b"caf\xe9:1:low"), ("failed_queues", b"caf\xe9_failed")]
    {
        let _: () = db.run_command(redis::cmd("SADD").arg(format!("resque:{set}")).arg(name)).await;
    }
    let _: () = db.run_command(redis::cmd("RPUSH").arg(&b"resque:queue:caf\xe9"[..]).arg(text(1))).await;
    let _: () = db.run_command(redis::cmd("RPUSH").arg(&b"resque:caf\xe9_failed"[..]).arg("{}")).await;
    let _: () = db.run_command(redis::cmd("SET").arg(&b"resque:worker:caf\xe9:1:low"[..]).arg("{}")).await;
    db.push("low", &text(2)).await;
    let counts = store.counts().await.unwrap();
    assert_eq!([State::Ready, State::Claimed, State::Failed].map(|state| counts.of(state)), [2, 1, 1]);
    let queues: Vec<_> =
        store.stats().await.unwrap().queues.into_iter().map(|queue| (queue.name, queue.ready)).collect();
    assert_eq!(queues, [("caf\u{fffd}".to_owned(), 1), ("low".to_owned(), 1)]);
    assert_eq!(store.page(&Filter::state(State::Ready)).await.unwrap().jobs.len(), 1);
}

#[tokio::test]
async fn members_of_the_schedule_that_are_no_seconds_are_passed_over() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let log = Log::default();
    let _logging = log.begin();
    let now = DelayedJob::second_of(db.clock.now());
    for (score, member) in
        [("0", "17.5"), ("1", "1.5e9"), ("2", "tomorrow"), ("3", "007"), ("4", "99999999999999999999")]
    {
        let _: () = db.run(&["ZADD", "resque:delayed_queue_schedule", score, member]).await;
        let _: () = db.run(&["RPUSH", &format!("resque:delayed:{member}"), &delayed_text(9, "low")]).await;
    }
    // More than are moved at a time.
    for number in 0..1_100 {
        let member = format!("{number}.5");
        let _: () = db.run(&["ZADD", "resque:delayed_queue_schedule", "5", &member]).await;
        let _: () = db.run(&["RPUSH", &format!("resque:delayed:{member}"), &delayed_text(9, "low")]).await;
    }
    db.schedule(now, &delayed_text(1, "low")).await;
    db.schedule(now + 9, &delayed_text(2, "low")).await;
    assert_eq!(store.page(&Filter::state(State::Scheduled)).await.unwrap().jobs.len(), 2);
    assert_eq!(store.counts().await.unwrap().of(State::Scheduled), 2);
    assert_eq!(store.stats().await.unwrap().dispatch_latency, Duration::ZERO);
    let dispatched = store.dispatch(100).await.unwrap();
    assert_eq!(dispatched.ready, 1);
    assert_eq!(db.list("resque:queue:low").await, [text(1)]);
    let logged = log.text();
    assert_eq!(logged.matches("not whole seconds").count(), 1, "{logged}");
    assert!(!logged.contains("tomorrow"), "{logged}");
}

/// A job of Active Job as Rails writes it.
const OF_RAILS: &str = r#"{"class":"ActiveJob::QueueAdapters::ResqueAdapter::JobWrapper","args":[{"job_class":"GuestJob","job_id":"db18faec-ae88-420a-ab88-f5bfff7935e7","provider_job_id":null,"queue_name":"low","priority":null,"arguments":[1],"executions":0,"exception_executions":{},"locale":"en","timezone":null,"enqueued_at":"2026-11-29T16:46:19.657595828Z","scheduled_at":null}]}"#;

#[tokio::test]
async fn a_retry_or_discard_of_active_job_is_no_failed_run_for_resque_and_one_of_another_job_is() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let discard = || Decision::Discard { error: Some(error("declined")) };
    for (text, failed) in [(OF_RAILS.to_owned(), None), (text(1), Some(2))] {
        for decision in [retry_in(Duration::from_secs(60)), discard()] {
            db.push("low", &text).await;
            run(&store, decision).await;
        }
        assert_eq!(db.number("resque:stat:failed").await, failed);
    }
    assert_eq!(db.number("resque:stat:processed").await, Some(4));
}

#[tokio::test]
async fn a_page_shows_all_jobs_that_stay_while_workers_take_others_from_the_queue() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let jobs: Vec<_> = (0..6_000).map(job).collect();
    store.enqueue(&jobs).await.unwrap();
    let mut filter = Filter::state(State::Ready);
    filter.limit = 10_000;
    let take = async {
        for _ in 0..50 {
            let _: Vec<String> = db.run(&["LPOP", "resque:queue:low", "50"]).await;
        }
    };
    let (page, ()) = tokio::join!(store.page(&filter), take);
    let seen: std::collections::HashSet<_> = page.unwrap().jobs.into_iter().map(|job| job.id).collect();
    let hidden = jobs[2_500..].iter().filter(|job| !seen.contains(&job.id)).count();
    assert_eq!(hidden, 0);
}
