//! What genuine Resque 2.7 and 3.0 wrote is read, and written back byte for byte.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

use common::TestDb;
use common::jobs::{FINISH, claim};
use jobs_core::{Filter, Inspect, Manage, State, Store, Timestamp};
use jobs_resque::{DelayedJob, FailureRecord, Keys, Payload, RunningJob, WorkerId, read_time};
use serde_json::Value;

const VERSIONS: [&str; 2] = ["2.x", "3.0"];

/// Each key of a sample with the words that its command writes: the members of a list, or of a set, or the text.
fn keys(file: &Path) -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let words = |line: Value| -> Option<Vec<String>> { serde_json::from_value(line["command"].clone()).ok() };
    lines.filter_map(words).map(|words| (words[1].clone(), words[2..].to_vec())).collect()
}

fn all() -> Vec<(String, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let files = VERSIONS.iter().flat_map(|version| fs::read_dir(folder.join(version)).unwrap());
    files.flat_map(|file| keys(&file.unwrap().path())).collect()
}

fn sample(version: &str, name: &str) -> Vec<(String, Vec<String>)> {
    keys(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(version).join(format!("{name}.jsonl")))
}

/// The texts of the keys that begin so.
fn texts(prefix: &str) -> Vec<String> {
    let found = all().into_iter().filter(|(key, _)| key.starts_with(prefix));
    let texts: Vec<String> = found.flat_map(|(_, words)| words).collect();
    assert!(texts.len() >= VERSIONS.len(), "{prefix}: each version has samples");
    texts
}

#[test]
fn every_job_in_a_queue_is_read_and_written_back_byte_for_byte() {
    for text in texts("resque:queue:") {
        let payload = Payload::parse(&text).unwrap();
        assert_eq!((payload.text(), payload.text_of_ruby()), (text.clone(), text.clone()));
        let record = payload.record("default", State::Ready);
        assert!(!record.name.is_empty() && record.name != jobs_resque::WRAPPER, "{text}");
        assert_eq!(record.id, Payload::parse(&text).unwrap().id(), "the id is always the same");
    }
}

#[test]
fn every_delayed_job_is_read_and_its_three_keys_belong_together() {
    let keys = Keys::default();
    let delayed = all().into_iter().filter(|(key, _)| key.starts_with("resque:delayed:4"));
    let delayed: Vec<(String, Vec<String>)> = delayed.collect();
    assert!(!delayed.is_empty());
    for (key, texts) in delayed {
        let second: i64 = key.rsplit(':').next().unwrap().parse().unwrap();
        assert_eq!(keys.delayed(second), key);
        for text in texts {
            let job = DelayedJob::parse(&text).unwrap();
            assert_eq!(job.text(), text);
            assert!(!job.payload.text().contains("\"queue\":\""), "the job in its queue does not name it: {text}");
            let name = keys.timestamps(&text);
            assert!(all().iter().any(|(key, _)| *key == name), "{name}");
        }
    }
}

#[test]
fn every_failure_record_is_read_and_written_back_byte_for_byte() {
    let records = [texts("resque:failed"), texts("resque:default_failed")].concat();
    for text in records.iter().filter(|text| text.starts_with('{')) {
        let record = FailureRecord::parse(text).unwrap();
        assert_eq!(record.text(), *text);
        assert!(record.failed_at().unwrap().to_string().starts_with("2026-11-29"), "{text}");
        let error = record.error();
        assert!(!error.class.is_empty() && !error.message.is_empty(), "{text}");
        assert!(record.queue().is_some() && record.payload().is_ok(), "{text}");
        assert!(!WorkerId::parse(&record.worker().unwrap()).unwrap().is_ours());
    }
}

#[test]
fn a_requeued_record_has_its_time_in_the_form_of_both_versions() {
    for version in VERSIONS {
        let keys = sample(version, "failed_requeued");
        let (_, records) = keys.iter().find(|(key, _)| key == "resque:failed").unwrap();
        let (_, queue) = keys.iter().find(|(key, _)| key == "resque:queue:default").unwrap();
        let record = FailureRecord::parse(&records[0]).unwrap();
        assert_eq!(record.retried_at(), record.failed_at(), "{version}: both happened in one second");
        assert_eq!(record.payload().unwrap().text_of_ruby(), queue[0], "{version}");
    }
}

#[test]
fn every_worker_is_read_with_its_job_and_its_times() {
    for (key, words) in all() {
        let Some(rest) = key.strip_prefix("resque:worker:") else { continue };
        let id = rest.strip_suffix(":started").unwrap_or(rest);
        assert_eq!(WorkerId::parse(id).unwrap().to_string(), id);
        if rest == id {
            let running = RunningJob::parse(&words[0]).unwrap();
            assert_eq!((running.text(), running.token()), (words[0].clone(), None));
            assert!(running.run_at().is_some() && Payload::parse(running.payload()).is_ok());
        } else {
            assert!(read_time(&words[0]).is_some(), "{words:?}");
        }
    }
    for heartbeat in texts("resque:workers:heartbeat").iter().skip(1).step_by(2) {
        assert!(read_time(heartbeat).is_some(), "{heartbeat}");
    }
}

#[test]
fn the_lock_of_the_scheduler_has_the_namespace_twice() {
    for version in VERSIONS {
        let lock = Keys::default().master_lock();
        assert!(sample(version, "delayed_due").iter().any(|(key, _)| *key == lock), "{version}: {lock}");
    }
}

/// The samples of all versions: the commands that load each.
fn loads() -> Vec<(String, Vec<Vec<String>>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let files = VERSIONS.iter().flat_map(|version| fs::read_dir(folder.join(version)).unwrap());
    let load = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let commands = lines.filter_map(|line| serde_json::from_value(line["command"].clone()).ok()).collect();
        (path.display().to_string(), commands)
    };
    files.map(|file| load(&file.unwrap().path())).collect()
}

#[tokio::test]
async fn every_sample_is_loaded_listed_and_acted_on() {
    for (name, commands) in loads() {
        let Some(db) = TestDb::new().await else { return };
        for command in &commands {
            let words: Vec<&str> = command.iter().map(String::as_str).collect();
            let _: redis::Value = db.run(&words).await;
        }
        // After all times in the samples, and without what paused the fleet or schedules for it.
        db.clock.advance(Duration::from_secs(200 * 365 * 24 * 60 * 60));
        for key in ["pause-all-workers", "pause:all", "pause:queue:default", "resque:resque_scheduler_master_lock"] {
            let _: redis::Value = db.run(&["DEL", &format!("resque:{key}")]).await;
        }
        let store = db.open().await;
        let listed = store.page(&Filter::default()).await.unwrap().jobs;
        let counts = store.counts().await.unwrap();
        assert!(u64::try_from(listed.len()).unwrap() <= counts.total(), "{name}");
        for job in &listed {
            assert!(job.name != jobs_resque::WRAPPER && job.enqueued_at > Timestamp::default(), "{name}: {job:?}");
            assert_eq!(store.find(job.id).await.unwrap().map(|it| it.id), Some(job.id), "{name}");
        }
        let failed: Vec<_> = listed.iter().filter(|job| job.state == State::Failed).map(|job| job.id).collect();
        store.retry(&failed).await.unwrap();
        while store.dispatch(100).await.unwrap().ready > 0 {}
        loop {
            let claimed = claim(&store, 100).await;
            if claimed.is_empty() {
                break;
            }
            let settlements: Vec<_> = claimed.into_iter().map(|job| job.settle(FINISH)).collect();
            store.settle(&settlements).await.unwrap();
        }
        let left = store.counts().await.unwrap();
        assert_eq!((left.of(State::Ready), left.of(State::Scheduled)), (0, 0), "{name}");
    }
}
