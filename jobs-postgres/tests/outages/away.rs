//! The server cannot be reached.

use jobs::State;
use jobs::store::Store;

use crate::common::TestDb;
use crate::common::proxy::{Proxy, Way};
use crate::site::{Ledger, Running, is_accounted_for, open};

/// Two runtimes, each with a job that runs during the whole outage. The outage is longer than the silence after which a
/// process is given up as dead: with the default heartbeats it would be a minute.
async fn survives(during: Way, options: &str, failed_beats: usize) {
    let Some(db) = TestDb::new() else { return };
    let proxy = Proxy::to(&db.url).await;
    let (store, ledger) = (open(&db, &db.url).await, Ledger::default());
    let url = format!("{}{options}", proxy.url);
    let runtimes = [Running::start(&db, &url, &ledger).await, Running::start(&db, &url, &ledger).await];
    for number in 0..8 {
        runtimes[0].enqueue_lingering(number).await;
    }
    for running in &runtimes {
        running.recorder.wait_for_count(4, |event| matches!(event, jobs::Event::PerformStarted(_))).await;
    }
    proxy.set(during);
    for running in &runtimes {
        running.says(failed_beats, "record a heartbeat: ").await;
    }
    ledger.open_gate();
    proxy.set(Way::Open);
    let records = is_accounted_for(&store, &ledger, 8).await;
    assert!(records.iter().all(|record| (record.attempts, record.crashes) == (1, 0)), "a live process keeps its jobs");
    assert!(ledger.lines().values().all(|lines| *lines == 1), "each ran once: {:?}", ledger.lines());
    runtimes[0].enqueue(8..108).await;
    is_accounted_for(&store, &ledger, 108).await;
    for running in runtimes {
        assert_eq!(running.recovered(), 0, "after an outage a process does not recover others at once");
        running.handle.stop().await;
    }
    assert_eq!(store.inspect().unwrap().processes().await.unwrap().len(), 0, "both said goodbye");
}

#[tokio::test]
async fn workers_keep_their_jobs_if_the_server_is_away_for_longer_than_the_silence() {
    // There is a sixth of the silence between two heartbeats.
    survives(Way::Closed, "", 8).await;
}

#[tokio::test]
async fn workers_keep_their_jobs_if_the_server_hangs_for_longer_than_the_silence() {
    // Each call times out after more than the silence.
    survives(Way::Silent, "&call_timeout=500ms&connect_timeout=1", 2).await;
}

#[tokio::test]
async fn an_enqueue_while_the_server_is_away_fails_and_can_be_repeated() {
    let Some(db) = TestDb::new() else { return };
    let proxy = Proxy::to(&db.url).await;
    let (store, ledger) = (open(&db, &db.url).await, Ledger::default());
    let running = Running::start(&db, &proxy.url, &ledger).await;
    running.enqueue(0..1).await;
    is_accounted_for(&store, &ledger, 1).await;
    proxy.set(Way::Closed);
    let error = crate::site::Work::perform_later(1).on(&running.handle.client()).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    proxy.set(Way::Open);
    crate::common::until_done(async || crate::site::Work::perform_later(1).on(&running.handle.client()).await).await;
    let records = is_accounted_for(&store, &ledger, 2).await;
    assert!(records.iter().all(|record| record.state == State::Finished && record.attempts == 1));
    running.handle.stop().await;
}
