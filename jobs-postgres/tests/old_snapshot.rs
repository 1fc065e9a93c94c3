//! The figures say which session holds an old snapshot.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::{DEADLINE, TestDb};
use jobs_core::{Health, HealthLimits, OldestSnapshot, Store};
use tokio::time::timeout;

/// Waits until the oldest snapshot is as `wanted` says.
async fn becomes(store: &dyn Store, wanted: impl Fn(Option<&OldestSnapshot>) -> bool) -> jobs_core::JobStats {
    let change = async {
        loop {
            let stats = store.inspect().unwrap().stats().await.unwrap();
            if wanted(stats.oldest_snapshot.as_ref()) {
                return stats;
            }
        }
    };
    timeout(DEADLINE, change).await.expect("the snapshot is told")
}

#[tokio::test]
async fn the_figures_and_the_health_name_the_session_that_holds_an_old_snapshot() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    let report = db.stranger().await;
    let begin = "SET application_name = 'monthly report'; BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 'ssw0rd'";
    report.batch_execute(begin).await.unwrap();
    let held =
        |snapshot: Option<&OldestSnapshot>| snapshot.is_some_and(|it| it.name.as_deref() == Some("monthly report"));
    let stats = becomes(&store, held).await;
    let snapshot = stats.oldest_snapshot.clone().unwrap();
    assert!(snapshot.age.unwrap() >= Duration::from_secs(1));
    assert_eq!((snapshot.holder.as_str(), snapshot.state.as_deref()), ("session", Some("idle in transaction")));
    assert!(snapshot.pid.is_some() && snapshot.user.is_some());

    let limits = HealthLimits { max_snapshot_age: Some(Duration::from_millis(500)), ..HealthLimits::default() };
    let health = Health::of(&stats, &limits);
    let check = health.checks.iter().find(|check| check.check == "snapshot").unwrap();
    assert!(!check.healthy && check.words.contains("monthly report"), "{}", check.words);
    assert!(!format!("{stats:?}{health:?}").contains("ssw0rd"), "no text of a query");

    report.batch_execute("COMMIT").await.unwrap();
    becomes(&store, |snapshot| !held(snapshot)).await;
}
