//! Processes on one server that differ in their clocks, or in the jobs that they know.

use std::sync::Arc;
use std::time::Duration;

use jobs::store::Store;
use jobs::time::{Clock, SystemClock};
use jobs::{Due, Event, State};
use jobs_testing::ManualClock;

use crate::common::TestDb;
use crate::site::{Ledger, Linger, Running, Work, builder, finished, is_accounted_for, open};

/// Much less than the silence after which a process is dead, which is much less than the error of the clocks.
const BEAT: Duration = Duration::from_millis(100);
const HOUR: Duration = Duration::from_secs(3600);

/// A runtime on a host with this clock.
async fn on_a_host(db: &TestDb, ledger: &Ledger, clock: ManualClock) -> Running {
    let builder = builder(open(db, &db.url).await, ledger).clock(Arc::new(clock));
    Running::with(builder.heartbeat_interval(BEAT).dead_after(100 * BEAT)).await
}

#[tokio::test]
async fn hosts_with_wrong_clocks_use_the_clock_of_the_server() {
    let Some(db) = TestDb::new() else { return };
    let (store, ledger) = (open(&db, &db.url).await, Ledger::default());
    let (early, late) = (ManualClock::new(), ManualClock::new());
    early.set(SystemClock.now() - HOUR);
    late.set(SystemClock.now() + HOUR);
    let hosts = [on_a_host(&db, &ledger, early).await, on_a_host(&db, &ledger, late).await];
    for number in 0..20 {
        let from = &hosts[usize::from(number % 2 == 0)].handle;
        let later = Work::perform_later(number).wait(Duration::from_millis(200)).on(&from.client());
        assert!(later.await.unwrap().id().is_some());
    }
    let beats = async {
        let mut ticks = tokio::time::interval(BEAT);
        for _ in 0..5 {
            ticks.tick().await;
        }
    };
    let (records, ()) = tokio::join!(is_accounted_for(&store, &ledger, 20), beats);
    for record in &records {
        assert_eq!((record.attempts, record.crashes), (1, 0), "{record:?}");
        let span = record.due_at.duration_since(record.enqueued_at);
        assert_eq!(span, Duration::from_millis(200), "both times are the server's: {record:?}");
        assert!(record.done_at.unwrap() >= record.due_at, "{record:?}");
    }
    for host in &hosts {
        assert_eq!(host.recovered(), 0, "no process is given up because of its clock");
    }
    let at = SystemClock.now();
    let enqueued = Work::perform_later(20).wait_until(at).on(&hosts[0].handle.client()).await.unwrap();
    finished(&store, 21).await;
    let record = store.inspect().unwrap().find(enqueued.id().unwrap()).await.unwrap().unwrap();
    assert_eq!(record.due_at, at, "an instant is stored as it was given");
    for host in hosts {
        host.handle.stop().await;
    }
}

#[tokio::test]
async fn a_program_that_does_not_know_a_job_leaves_it_to_one_that_does() {
    let Some(db) = TestDb::new() else { return };
    let (store, ledger) = (open(&db, &db.url).await, Ledger::default());
    ledger.open_gate();
    let older = Running::with(builder(open(&db, &db.url).await, &ledger).register(jobs::jobs![Work])).await;
    older.enqueue(0..10).await;
    let unknown = Linger::perform_later(10).on(&older.handle.client()).await.unwrap().id().unwrap();
    older.recorder.wait_for(|event| matches!(event, Event::NameUnknown(event) if event.job.id == unknown)).await;
    finished(&store, 10).await;
    let find = async || store.inspect().unwrap().find(unknown).await.unwrap().unwrap();
    while find().await.state != State::Scheduled {}
    let newer = Running::with(builder(open(&db, &db.url).await, &ledger).register(jobs::jobs![Linger])).await;
    newer.enqueue(11..21).await;
    // There is a minute between two tries, which this test does not wait for. Either program may be the next to claim.
    while store.inspect().unwrap().counts().await.unwrap().of(State::Finished) < 21 {
        store.manage().unwrap().reschedule(&put_off(&store).await, Due::Now).await.unwrap();
    }
    let records = is_accounted_for(&store, &ledger, 21).await;
    assert!(records.iter().all(|record| (record.attempts, record.crashes) == (1, 0)), "a look is no attempt");
    assert!(ledger.lines().values().all(|lines| *lines == 1));
    for running in [older, newer] {
        running.handle.stop().await;
    }
}

/// The jobs that are put off.
async fn put_off(store: &impl Store) -> Vec<jobs::JobId> {
    let filter = jobs::store::Filter { state: Some(State::Scheduled), ..jobs::store::Filter::default() };
    store.inspect().unwrap().list(&filter).await.unwrap().iter().map(|record| record.id).collect()
}
