//! Stored data of a job survives a restart: counters, unknown keys, and unreadable values.

use std::io;
use std::time::Duration;

use jobs::State;
use jobs::prelude::*;
use jobs::store::Meta;
use jobs::time::Clock;

use crate::fixture::{Fixture, id};

#[job(retry_on(io::Error, wait = 1h, attempts = 3, jitter = 0.0))]
async fn always_fail() -> Result<(), io::Error> {
    Err(io::Error::other("as always"))
}

#[tokio::test]
async fn the_counters_of_rules_go_on_when_another_runtime_opens_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jobs.db");
    let mut stored = None;
    let mut now = None;
    for attempt in 1..=3 {
        let fixture = Fixture::on_file(&path);
        if let Some(now) = now {
            fixture.clock.set(now);
        }
        let running = fixture.start(jobs::jobs![AlwaysFail]).await;
        let job = match stored {
            Some(job) => job,
            None => id(AlwaysFail::perform_later().on(&running.client()).await.unwrap()),
        };
        stored = Some(job);
        if attempt < 3 {
            assert_eq!(fixture.wait_after(job, attempt).await, Duration::from_secs(3600));
            now = Some(fixture.clock.now());
        } else {
            let record = fixture.reaches(job, State::Failed).await;
            assert_eq!((record.attempts, record.errors.len()), (3, 3));
        }
        running.stop().await;
    }
}

#[tokio::test]
async fn keys_of_meta_that_this_version_does_not_know_are_kept_over_a_retry() {
    let fixture = Fixture::new();
    let meta = r#"{"locale":"de","exception_executions":{"other::Rule":2},"deep":{"list":[1,null]}}"#;
    let id = fixture.store_raw("always_fail", "{}", |new| new.meta = Some(meta.to_owned())).await;
    let _running = fixture.start(jobs::jobs![AlwaysFail]).await;
    let _wait = fixture.wait_after(id, 1).await;
    let record = fixture.becomes(id, |record| record.attempts == 2 && record.state == State::Scheduled).await;
    let kept: serde_json::Value = serde_json::from_str(&record.meta.unwrap()).unwrap();
    assert_eq!(kept["locale"], "de");
    assert_eq!(kept["deep"], serde_json::json!({"list": [1, null]}));
    assert_eq!(kept["exception_executions"]["other::Rule"], 2, "counters of rules that are gone are kept too");
    let meta = Meta::parse(Some(&kept.to_string())).unwrap();
    assert_eq!(meta.exception_executions.values().sum::<u32>(), 4);
}

#[tokio::test]
async fn unreadable_counters_are_not_reset_and_the_job_fails() {
    let fixture = Fixture::new();
    let _running = fixture.start(jobs::jobs![AlwaysFail]).await;
    for meta in ["nonsense", "[]", r#"{"exception_executions":{"a":-1}}"#] {
        let id = fixture.store_raw("always_fail", "{}", |new| new.meta = Some(meta.to_owned())).await;
        let record = fixture.reaches(id, State::Failed).await;
        assert_eq!(record.meta.as_deref(), Some(meta), "as it was");
        let error = &record.errors[0];
        assert_eq!(error.message, "as always", "the job's own error comes first");
        assert!(error.causes.iter().any(|cause| cause.contains("meta")), "{error:?}");
    }
}

#[job]
async fn succeed() -> Result<(), io::Error> {
    Ok(())
}

#[tokio::test]
async fn a_job_that_succeeds_does_not_care_for_its_counters() {
    let fixture = Fixture::new();
    let _running = fixture.start(jobs::jobs![Succeed]).await;
    let id = fixture.store_raw("succeed", "{}", |new| new.meta = Some("nonsense".to_owned())).await;
    fixture.reaches(id, State::Finished).await;
}
