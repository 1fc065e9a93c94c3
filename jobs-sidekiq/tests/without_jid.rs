//! Payloads without a `jid` are jobs of their own, also if their texts are equal.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use common::TestDb;
use common::jobs::{claim, fail};
use jobs_core::{Decision, Due, ErrorRecord, Filter, Inspect, Manage, Store};

#[tokio::test]
async fn equal_texts_without_a_jid_stay_jobs_of_their_own() {
    let later = Decision::Continue { wait: Duration::from_secs(60), meta: None };
    let (wait, error) = (Duration::from_secs(60), ErrorRecord::new("Busy", "later"));
    let again = Decision::Retry { wait, queue: None, priority: None, meta: None, error };
    let of_batch = r#"{"class":"Foreign","args":[],"bid":"b-1"}"#;
    let plain = r#"{"class":"Foreign","args":[]}"#;
    for (text, decision, set) in [
        (plain, later.clone(), "schedule"),
        (plain, again, "retry"),
        (plain, fail("no luck"), "retry"),
        (of_batch, later, "schedule"),
    ] {
        let Some(db) = TestDb::new().await else { return };
        let store = db.open().await;
        for _ in 0..2 {
            db.push("default", text).await;
        }
        let claimed = claim(&store, 2).await;
        let settlements: Vec<_> = claimed.into_iter().map(|execution| execution.settle(decision.clone())).collect();
        let _settled = store.settle(&settlements).await.unwrap();
        let jids: BTreeSet<_> =
            db.set(set).await.iter().map(|(text, _)| text["jid"].as_str().unwrap().to_owned()).collect();
        assert_eq!(jids.len(), 2, "in {set} of {text}");
        assert!(jids.iter().all(|jid| jid.len() == 24), "{jids:?}");
    }
}

#[tokio::test]
async fn equal_texts_without_a_jid_are_rescheduled_one_by_one() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for _ in 0..2 {
        db.push("default", r#"{"class":"Foreign","args":[]}"#).await;
    }
    let id = store.page(&Filter::default()).await.unwrap().jobs[0].id;
    for _ in 0..2 {
        assert_eq!(store.reschedule(&[id], Due::In(Duration::from_secs(60))).await.unwrap(), 1);
    }
    assert_eq!(db.set("schedule").await.len(), 2);
}
