//! What genuine Sidekiq 6.4, 7.3 and 8.1 wrote is loaded, listed and acted on.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use common::TestDb;
use common::jobs::claim;
use jobs_core::{Decision, Filter, Inspect, JobRecord, Manage, State, Store};
use jobs_sidekiq::SidekiqStore;
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")
}

fn samples(version: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(folder().join(version)).unwrap();
    files.map(|file| file.unwrap().path()).collect()
}

/// Builds the keys of a sample in the database.
async fn load(db: &TestDb, file: &Path) {
    for line in fs::read_to_string(file).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let Some(command) = line["command"].as_array() else { continue };
        let words: Vec<&str> = command.iter().map(|word| word.as_str().unwrap()).collect();
        let _: redis::Value = db.run(&words).await;
    }
}

async fn all(store: &SidekiqStore) -> Vec<JobRecord> {
    store.list(&Filter { limit: 10_000, ..Filter::default() }).await.unwrap()
}

#[tokio::test]
async fn every_sample_is_loaded_listed_and_acted_on() {
    for version in ["6.4", "7.3", "8.1"] {
        for file in samples(version) {
            let Some(db) = TestDb::new().await else { return };
            load(&db, &file).await;
            // All times of the samples are past by then.
            db.clock.set(jobs_core::Timestamp::from_micros(4_200_000_000_000_000));
            let store = db.open().await;
            acts_on_all(&db, &store, &file.display().to_string()).await;
        }
    }
}

async fn acts_on_all(db: &TestDb, store: &SidekiqStore, file: &str) {
    let jobs = all(store).await;
    assert_eq!(store.counts().await.unwrap().total(), jobs.len() as u64, "{file}: all are listed");
    for job in &jobs {
        let found = store.find(job.id).await.unwrap();
        assert_eq!(found.as_ref().map(|found| (found.state, &found.name)), Some((job.state, &job.name)), "{file}");
    }
    store.stats().await.unwrap();
    let failed: Vec<_> =
        jobs.iter().filter(|job| job.state == State::Failed && job.attempts > 0).map(|job| job.id).collect();
    assert_eq!(store.retry(&failed).await.unwrap(), failed.len() as u64, "{file}: dead jobs are retried");
    let waiting = jobs.iter().filter(|job| job.state == State::Scheduled).count();
    assert_eq!(store.dispatch(1_000).await.unwrap().ready, waiting, "{file}: all that is due becomes ready");
    let claimed = claim(store, 1_000).await;
    let names: BTreeSet<String> = claimed.iter().map(|execution| execution.name.clone()).collect();
    assert!(!names.contains(""), "{file}: {names:?}");
    for execution in claimed {
        let _settled = common::jobs::settle(store, execution, Decision::Finish { keep: false }).await;
    }
    let queues: Vec<String> = db.run(&["SMEMBERS", "queues"]).await;
    for queue in queues {
        assert_eq!(db.list(&format!("queue:{queue}")).await, Vec::<String>::new(), "{file}: all were performed");
    }
}

#[tokio::test]
async fn jobs_of_three_versions_are_claimed_with_their_arguments() {
    for version in ["6.4", "7.3", "8.1"] {
        let Some(db) = TestDb::new().await else { return };
        load(&db, &folder().join(version).join("enqueue_arguments.jsonl")).await;
        let texts = db.list("queue:default").await;
        let store = db.open().await;
        let claimed = claim(&store, 100).await;
        assert_eq!(claimed.len(), texts.len(), "{version}");
        for (text, execution) in texts.iter().rev().zip(&claimed) {
            let sent: Box<serde_json::value::RawValue> = argument(text);
            assert_eq!(execution.arguments, sent.get(), "{version}: byte for byte");
            let payload: Value = serde_json::from_str(text).unwrap();
            assert_eq!(execution.name, payload["class"].as_str().unwrap());
            assert_eq!(execution.id().to_string(), payload["jid"].as_str().unwrap());
            let year = execution.enqueued_at.to_string();
            assert!(year.starts_with("2026-11-29"), "{version}: the unit of the time is that of its type: {year}");
        }
    }
}

fn argument(text: &str) -> Box<serde_json::value::RawValue> {
    #[derive(serde::Deserialize)]
    struct Payload {
        args: Box<serde_json::value::RawValue>,
    }
    serde_json::from_str::<Payload>(text).unwrap().args
}

#[tokio::test]
async fn a_failed_job_of_ruby_shows_its_error_and_backtrace() {
    for version in ["6.4", "7.3", "8.1"] {
        let Some(db) = TestDb::new().await else { return };
        load(&db, &folder().join(version).join("retry_first_failure.jsonl")).await;
        let store = db.open().await;
        let job = all(&store).await.into_iter().find(|job| !job.errors.is_empty()).expect("a job has failed");
        assert_eq!((job.state, job.attempts), (State::Scheduled, 1), "{version}");
        let error = &job.errors[0];
        assert!(!error.class.is_empty() && !error.message.is_empty(), "{version}: {error:?}");
        assert!(!error.causes.is_empty(), "{version}: the lines of the backtrace are shown");
    }
}
