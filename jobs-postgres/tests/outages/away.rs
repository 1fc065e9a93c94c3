//! The server cannot be reached.

use jobs::{State, Store};

use crate::common::Place;
use crate::common::proxy::{Proxy, Way};
use crate::site::{Ledger, Running, is_accounted_for, open};

/// Two runtimes with a job each that runs on through the outage, which lasts for longer than the silence by which a
/// process is thought dead: a minute, in the proportion of the heartbeats here.
async fn survives(during: Way, options: &str, failed_beats: usize) {
    let Some(place) = Place::new() else { return };
    let proxy = Proxy::to(&place.url).await;
    let (store, ledger) = (open(&place, &place.url).await, Ledger::default());
    let url = format!("{}{options}", proxy.url);
    let runtimes = [Running::start(&place, &url, &ledger).await, Running::start(&place, &url, &ledger).await];
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
    assert!(records.iter().all(|record| (record.attempts, record.crashes) == (1, 0)), "who lives keeps its jobs");
    assert!(ledger.lines().values().all(|lines| *lines == 1), "each ran once: {:?}", ledger.lines());
    runtimes[0].enqueue(8..108).await;
    is_accounted_for(&store, &ledger, 108).await;
    for running in runtimes {
        assert_eq!(running.recovered(), 0, "who was cut off judges nobody");
        running.handle.stop().await;
    }
    assert_eq!(store.inspect().unwrap().processes().await.unwrap().len(), 0, "both said goodbye");
}

#[tokio::test]
async fn workers_whose_server_is_away_for_longer_than_the_silence_keep_their_jobs_and_go_on() {
    // Heartbeats lie a sixth of the silence apart.
    survives(Way::Closed, "", 8).await;
}

#[tokio::test]
async fn workers_whose_server_is_silent_for_longer_than_the_silence_keep_their_jobs_and_go_on() {
    // Each gives up after longer than the silence.
    survives(Way::Silent, "&patience=500ms&connect_timeout=1", 2).await;
}

#[tokio::test]
async fn what_is_enqueued_while_the_server_is_away_is_refused_and_can_be_repeated() {
    let Some(place) = Place::new() else { return };
    let proxy = Proxy::to(&place.url).await;
    let (store, ledger) = (open(&place, &place.url).await, Ledger::default());
    let running = Running::start(&place, &proxy.url, &ledger).await;
    running.enqueue(0..1).await;
    is_accounted_for(&store, &ledger, 1).await;
    proxy.set(Way::Closed);
    let error = crate::site::Work::perform_later(1).on(&running.handle.jobs()).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    proxy.set(Way::Open);
    crate::common::until_done(async || crate::site::Work::perform_later(1).on(&running.handle.jobs()).await).await;
    let records = is_accounted_for(&store, &ledger, 2).await;
    assert!(records.iter().all(|record| record.state == State::Finished && record.attempts == 1));
    running.handle.stop().await;
}
