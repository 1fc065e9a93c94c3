//! Jobs that block all threads of tokio: the process stays alive, and it ends at a signal.

use std::time::Duration;

use jobs::State;
use jobs::store::ProcessOrder;

use crate::support::fixture::{Fixture, id};
use crate::support::process::Process;
use crate::support::worker::{Heed, Linger, Occupy, Orders, Rest, Seize, Spin, Work};

/// A process with one thread of tokio, as in a container with one processor. It runs until a signal ends it.
fn orders(fixture: &Fixture) -> Orders {
    Orders { tokio_threads: Some(1), until_drained: false, exits: true, ..fixture.orders() }
}

async fn a_blocked_process_keeps_its_job(fixture: &Fixture) {
    // Shorter than the first report that the runtime stands still, and long for a busy machine.
    let orders = Orders { silence: Duration::from_millis(1500), crash_limit: 3, ..orders(fixture) };
    let mut blocked = Process::start(&orders);
    let job = id(Occupy::perform_later(1).on(&fixture.jobs).await.unwrap());
    blocked.says(1, "@perform_start occupy").await;
    let mut other = Process::start(&orders);
    other.says(1, "@start").await;
    blocked.says(2, &format!("@runtime_stalled occupy {job}")).await;
    std::fs::write(fixture.folder.path().join("go"), "").unwrap();
    let record = fixture.reaches(job, State::Finished).await;
    assert_eq!((record.attempts, record.crashes), (1, 0));
    assert_eq!(fixture.ledger().get(&1), Some(&1), "it ran once");
    for process in [&mut blocked, &mut other] {
        process.signal("TERM");
        process.succeeds().await;
        assert!(!process.has_said("@recover") && !process.has_said("@revive") && !process.has_said("@fenced"));
    }
}

#[tokio::test]
async fn a_process_whose_threads_are_all_blocked_is_not_taken_for_dead() {
    a_blocked_process_keeps_its_job(&Fixture::new().await).await;
}

#[tokio::test]
async fn on_a_server_a_process_whose_threads_are_all_blocked_is_not_taken_for_dead() {
    let Some(fixture) = Fixture::on_server().await else { return };
    a_blocked_process_keeps_its_job(&fixture).await;
}

/// A job that never ends holds the only thread of tokio; the process ends at these signals, and the job is released.
async fn ends_at(signals: &[&str], orders: Orders, fixture: &Fixture, job: jobs::JobId) {
    let mut process = Process::start(&orders);
    process.says(1, "@seized").await;
    for signal in signals {
        process.signal(signal);
    }
    process.succeeds().await;
    is_released(fixture, job).await;
}

async fn is_released(fixture: &Fixture, job: jobs::JobId) {
    let record = fixture.record(job).await;
    assert_eq!((record.state, record.attempts, record.crashes), (State::Ready, 0, 0), "it is released");
    assert!(fixture.inspect().processes().await.unwrap().is_empty(), "the process said goodbye");
}

#[tokio::test]
async fn a_process_whose_job_never_yields_ends_after_the_shutdown_limit() {
    let fixture = Fixture::new().await;
    let job = id(Seize::perform_later().on(&fixture.jobs).await.unwrap());
    let limit = Duration::from_millis(100);
    ends_at(&["TERM"], Orders { shutdown: limit, ..orders(&fixture) }, &fixture, job).await;
    let two_threads = Orders { tokio_threads: Some(2), shutdown: limit, ..orders(&fixture) };
    ends_at(&["INT"], two_threads, &fixture, job).await;
}

#[tokio::test]
async fn a_process_whose_job_spins_ends_after_the_shutdown_limit() {
    let fixture = Fixture::new().await;
    let job = id(Spin::perform_later().on(&fixture.jobs).await.unwrap());
    ends_at(&["TERM"], Orders { shutdown: Duration::from_millis(100), ..orders(&fixture) }, &fixture, job).await;
}

#[tokio::test]
async fn on_a_server_a_process_whose_job_never_yields_ends_after_the_shutdown_limit() {
    let Some(fixture) = Fixture::on_server().await else { return };
    let job = id(Seize::perform_later().on(&fixture.jobs).await.unwrap());
    ends_at(&["TERM"], Orders { shutdown: Duration::from_millis(100), ..orders(&fixture) }, &fixture, job).await;
}

#[tokio::test]
async fn a_second_signal_ends_a_process_whose_job_never_yields() {
    let fixture = Fixture::new().await;
    let job = id(Seize::perform_later().on(&fixture.jobs).await.unwrap());
    let hour = Duration::from_secs(3600);
    // Two signals of one kind at the same time may arrive as one.
    ends_at(&["TERM", "INT"], Orders { shutdown: hour, ..orders(&fixture) }, &fixture, job).await;
}

/// Starts a process whose job never yields, and asks it through the store to stop.
async fn asked_to_stop(fixture: &Fixture, limit: Duration) -> (Process, jobs::JobId) {
    let job = id(Seize::perform_later().on(&fixture.jobs).await.unwrap());
    let process = Process::start(&Orders { shutdown: limit, ..orders(fixture) });
    process.says(1, "@seized").await;
    let known = fixture.inspect().processes().await.unwrap()[0].process.id;
    assert!(fixture.jobs.store().process_orders().unwrap().order(known, ProcessOrder::Stop).await.unwrap());
    (process, job)
}

#[tokio::test]
async fn a_process_whose_job_never_yields_ends_if_a_person_asks_it_to_stop() {
    let fixture = Fixture::new().await;
    let (mut process, job) = asked_to_stop(&fixture, Duration::from_millis(100)).await;
    process.succeeds().await;
    is_released(&fixture, job).await;
}

#[tokio::test]
async fn two_signals_end_a_process_that_was_asked_to_stop_and_whose_job_never_yields() {
    let fixture = Fixture::new().await;
    let (mut process, job) = asked_to_stop(&fixture, Duration::from_secs(3600)).await;
    process.signal("TERM");
    process.signal("INT");
    process.succeeds().await;
    is_released(&fixture, job).await;
}

#[tokio::test]
async fn after_a_signal_no_job_is_begun_although_all_threads_were_blocked() {
    let fixture = Fixture::new().await;
    let first = id(Heed::perform_later(1).on(&fixture.jobs).await.unwrap());
    let mut waiting = Vec::new();
    for number in 2..6 {
        waiting.push(id(Heed::perform_later(number).on(&fixture.jobs).await.unwrap()));
    }
    waiting.push(id(Rest::perform_later().on(&fixture.jobs).await.unwrap()));
    let mut process = Process::start(&Orders { threads: 4, ..orders(&fixture) });
    process.says(1, "@seized").await;
    process.signal("TERM");
    process.succeeds().await;
    assert_eq!(fixture.record(first).await.state, State::Finished, "the job that ran has ended");
    for job in waiting {
        let record = fixture.record(job).await;
        assert_eq!((record.state, record.attempts), (State::Ready, 0));
    }
    assert_eq!(fixture.ledger().len(), 1);
}

#[tokio::test]
async fn a_process_that_has_to_end_at_a_signal_ends_in_order_if_its_jobs_let_it() {
    let fixture = Fixture::new().await;
    let mut process = Process::start(&orders(&fixture));
    let job = id(Work::perform_later(1).on(&fixture.jobs).await.unwrap());
    fixture.reaches(job, State::Finished).await;
    process.signal("TERM");
    process.succeeds().await;
    assert!(process.has_said("@ended"), "`run` returned");
}

#[tokio::test]
async fn a_second_signal_ends_a_process_although_its_store_does_not_answer() {
    let fixture = Fixture::new().await;
    let hour = Duration::from_secs(3600);
    let mut process = Process::start(&Orders { tokio_threads: Some(2), shutdown: hour, ..orders(&fixture) });
    let job = id(Linger::perform_later(1).on(&fixture.jobs).await.unwrap());
    process.says(1, "@perform_start linger").await;
    let stranger = fixture.stranger();
    stranger.busy_timeout(Duration::from_secs(5)).unwrap();
    stranger.execute_batch("BEGIN EXCLUSIVE").unwrap();
    process.signal("TERM");
    process.signal("INT");
    assert_eq!(process.ended().await.code(), Some(1), "the store could not be told");
    stranger.execute_batch("ROLLBACK").unwrap();
    assert_eq!(fixture.record(job).await.state, State::Claimed, "another process will recover it");
}
