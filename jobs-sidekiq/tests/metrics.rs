//! The metrics page of Sidekiq counts the jobs that Rust performs.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::TestDb;
use common::jobs::{ME, claim, fail, payload, settle};
use jobs_core::{Decision, FigureFilter, Process, ProcessStatus, Store, StoreExt, TimeRange};
use serde_json::json;

const FINISH: Decision = Decision::Finish { keep: false };

/// Performs two jobs that end after 40 ms, and one of another class that fails, then sends a heartbeat.
async fn after_three_runs(info: Option<&str>, query: &str, phase: ProcessStatus) -> Option<TestDb> {
    let db = TestDb::new().await?;
    if let Some(info) = info {
        let _: () = db.run(&["SADD", "processes", "h:1:abc"]).await;
        let _: () = db.run(&["HSET", "h:1:abc", "info", info]).await;
    }
    let mut options = jobs_sidekiq::SidekiqOptions::from_url(&format!("{}{query}", db.url)).unwrap();
    options = options.clock(db.clock.clone());
    let store = options.connect().await.unwrap();
    let runs = [(json!({}), FINISH), (json!({}), FINISH), (json!({"wrapped": "MailJob"}), fail("no luck"))];
    for (number, (more, decision)) in (1..).zip(runs) {
        db.push("default", &payload(number, more)).await;
        let held = claim(&store, 1).await.pop().unwrap();
        db.clock.advance(Duration::from_millis(40));
        let _settled = settle(&store, held, decision).await;
    }
    db.push("default", &payload(9, json!({}))).await;
    let given_back = claim(&store, 1).await.pop().unwrap();
    let _settled = settle(&store, given_back, Decision::Release).await;
    let mut process = Process::new(ME, "worker", "host-1", 4711);
    process.phase = phase;
    let _reply = store.heartbeat(&process).await.unwrap();
    Some(db)
}

async fn bars(db: &TestDb, key: &str) -> Vec<u64> {
    let words: Vec<String> = (0..26).flat_map(|bar| ["GET".into(), "u16".into(), format!("#{bar}")]).collect();
    let words: Vec<&str> = ["BITFIELD_RO", key].into_iter().chain(words.iter().map(String::as_str)).collect();
    db.run(&words).await
}

#[tokio::test]
async fn runs_are_counted_by_class_in_the_form_of_the_fleet() {
    let of_8 = [("j|260101|0:00", 28_800), ("j|260101|0:0", 259_200)];
    for (info, query, counters, histogram) in [
        (None, "", &of_8[..], "h|HardJob-1-0:0"),
        (Some(r#"{"version":"8.1.7"}"#), "", &of_8[..], "h|HardJob-1-0:0"),
        (Some(r#"{"version":"7.3.2"}"#), "", &[("j|20260101|0:0", 28_800)], "HardJob-01-00:0"),
        (None, "?version=7.3", &[("j|20260101|0:0", 28_800)], "HardJob-01-00:0"),
    ] {
        for phase in [ProcessStatus::Running, ProcessStatus::Stopped] {
            let Some(db) = after_three_runs(info, query, phase).await else { return };
            let expected = [("HardJob|ms", 80), ("HardJob|p", 2), ("MailJob|f", 1), ("MailJob|p", 1)];
            let expected: BTreeMap<String, u64> = expected.map(|(field, count)| (field.to_owned(), count)).into();
            for (key, seconds) in counters {
                assert_eq!(db.run::<BTreeMap<String, u64>>(&["HGETALL", key]).await, expected, "{key} for {info:?}");
                assert!((seconds - 60..=*seconds).contains(&db.run::<i64>(&["TTL", key]).await), "{key}");
            }
            let mut of_40_ms = vec![0; 26];
            of_40_ms[2] = 2;
            assert_eq!(bars(&db, histogram).await, of_40_ms, "{histogram} for {info:?}");
            assert!((28_000..=28_800).contains(&db.run::<i64>(&["TTL", histogram]).await));
            let keys: Vec<String> = db.run(&["KEYS", "j|*"]).await;
            assert_eq!(keys.len(), counters.len(), "{keys:?}");
        }
    }
}

#[tokio::test]
async fn a_class_that_breaks_the_page_and_a_fleet_without_one_get_no_metrics() {
    let Some(db) = after_three_runs(Some(r#"{"hostname":"of Sidekiq 6"}"#), "", ProcessStatus::Running).await else {
        return;
    };
    assert_eq!(db.run::<Vec<String>>(&["KEYS", "*|*"]).await, Vec::<String>::new());
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    db.push("default", &payload(1, json!({"class": "a|b"}))).await;
    let held = claim(&store, 1).await.pop().unwrap();
    let _settled = settle(&store, held, FINISH).await;
    let _reply = store.heartbeat(&Process::new(ME, "worker", "host-1", 4711)).await.unwrap();
    assert_eq!(db.run::<Vec<String>>(&["KEYS", "*|*"]).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_sidekiq_counted_is_read_as_figures() {
    for (info, query) in [(r#"{"version":"8.1.7"}"#, ""), (r#"{"version":"7.3.2"}"#, "?version=7.3")] {
        let Some(db) = after_three_runs(Some(info), query, ProcessStatus::Running).await else { return };
        db.clock.advance(Duration::from_secs(180));
        let store = db.open().await;
        let store: &dyn Store = &store;
        for range in TimeRange::ALL {
            let report = store.require_figures().unwrap().report(&FigureFilter::all(range)).await.unwrap();
            let jobs: Vec<_> =
                report.jobs.iter().map(|job| (&*job.name, job.figures.attempts, job.figures.errors)).collect();
            assert_eq!(jobs, [("HardJob", 2, 0), ("MailJob", 1, 1)], "{info} {range}");
            assert!(report.queues.is_empty(), "Sidekiq counts by class only");
        }
        let hour = FigureFilter::all(TimeRange::Hour).job("HardJob");
        let report = store.require_figures().unwrap().report(&hour).await.unwrap();
        let median = report.total.run.quantile(0.5).unwrap();
        assert!((30..45).contains(&median.as_millis()), "{median:?}");
        assert_eq!((report.total.run.mean(), report.total.wait.count()), (Some(Duration::from_millis(40)), 0));
    }
}
