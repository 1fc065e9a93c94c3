//! Bad input through a real file.

use std::time::Duration;

use jobs::sqlite::SqliteOptions;
use jobs::store::NewJob;
use jobs::time::Clock;
use jobs::{Due, JobId, State};
use jobs_testing::ManualClock;

use crate::support::fixture::{Fixture, id};
use crate::support::process::Process;
use crate::support::worker::{Rest, Work, builder};

#[tokio::test]
async fn arguments_damaged_in_the_file_fail_their_job_alone() {
    let fixture = Fixture::new().await;
    let ids = fixture.enqueue(0..5).await;
    let stranger = fixture.stranger();
    let spoil = |arguments: &str, id: JobId| {
        let sql = "UPDATE jobs SET arguments = ?1 WHERE id = ?2";
        assert_eq!(stranger.execute(sql, (arguments, &id.as_bytes()[..])).unwrap(), 1);
    };
    spoil("{\"number\": 1", ids[1]);
    spoil("{\"number\": \"three\"}", ids[3]);
    drop(stranger);
    Process::start(&fixture.orders()).succeeds().await;
    for (number, id) in ids.into_iter().enumerate() {
        let record = fixture.record(id).await;
        if number % 2 == 0 {
            assert_eq!(record.state, State::Finished);
            continue;
        }
        assert_eq!(record.state, State::Failed);
        assert!(record.errors[0].message.contains("the arguments cannot be read"), "{:?}", record.errors);
    }
}

#[tokio::test]
async fn a_row_that_is_no_text_at_all_fails_its_job_alone() {
    let fixture = Fixture::new().await;
    let ids = fixture.enqueue(0..3).await;
    let sql = "UPDATE jobs SET arguments = CAST(x'ff' AS TEXT) WHERE id = ?1";
    assert_eq!(fixture.stranger().execute(sql, [&ids[1].as_bytes()[..]]).unwrap(), 1);
    Process::start(&fixture.orders()).succeeds().await;
    let states = [State::Finished, State::Failed, State::Finished];
    for (id, state) in ids.into_iter().zip(states) {
        assert_eq!(fixture.record(id).await.state, state);
    }
}

#[tokio::test]
async fn a_job_that_one_program_does_not_know_is_run_by_the_next_that_does() {
    let fixture = Fixture::new().await;
    let unknown = id(Rest::perform_later().on(&fixture.jobs).await.unwrap());
    let known = fixture.enqueue(0..1).await[0];
    let mut orders = fixture.orders();
    (orders.knows_rest, orders.until_drained) = (false, false);
    let mut old = Process::start(&orders);
    old.says(1, "@name_unknown rest").await;
    fixture.reaches(known, State::Finished).await;
    let put_off = fixture.reaches(unknown, State::Scheduled).await;
    assert_eq!((put_off.attempts, put_off.errors.len()), (0, 0));
    old.signal("TERM");
    old.succeeds().await;
    // The test does not wait for the minute.
    let manage = fixture.jobs.store().manage().unwrap();
    assert_eq!(manage.reschedule(&[unknown], Due::Now).await.unwrap(), 1);
    Process::start(&fixture.orders()).succeeds().await;
    assert_eq!(fixture.record(unknown).await.attempts, 1);
}

#[tokio::test]
async fn oversized_arguments_are_refused_and_the_file_does_not_grow() {
    let fixture = Fixture::new().await;
    let before = fixture.path().metadata().unwrap().len();
    let runtime = builder(&fixture.orders()).argument_limit(8).build().await.unwrap();
    let error = Work::perform_later(1).on(&runtime.client()).await.unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("the limit is 8"), "{error}");
    assert_eq!((fixture.counts().await.total(), fixture.path().metadata().unwrap().len()), (0, before));
}

#[tokio::test]
async fn a_job_as_large_as_the_limit_goes_through_the_file_and_back() {
    let fixture = Fixture::new().await;
    let id: JobId = "0192f0c1-2b7a-7000-8000-000000000001".parse().unwrap();
    let padding = " ".repeat((1 << 20) - 12);
    let new = NewJob::new(id, "work", format!("{{{padding}\"number\":1}}"));
    let _stored = fixture.jobs.store().enqueue(&[new]).await.unwrap();
    Process::start(&fixture.orders()).succeeds().await;
    assert_eq!(fixture.record(id).await.state, State::Finished);
}

#[tokio::test]
async fn a_clock_set_back_delays_at_most_what_is_scheduled_and_ids_go_on_growing() {
    let fixture = Fixture::new().await;
    let clock = std::sync::Arc::new(ManualClock::new());
    let store = SqliteOptions::new(fixture.path()).clock(clock.clone()).open().unwrap();
    let builder = builder(&fixture.orders()).store(std::sync::Arc::new(store)).clock(clock.clone());
    let running = builder.build().await.unwrap().start().await.unwrap();
    let jobs = running.client();
    let first = id(Work::perform_later(1).on(&jobs).await.unwrap());
    let later = id(Work::perform_later(2).wait(Duration::from_secs(10)).on(&jobs).await.unwrap());
    fixture.reaches(first, State::Finished).await;
    clock.set(clock.now() - Duration::from_secs(3600));
    let second = id(Work::perform_later(3).on(&jobs).await.unwrap());
    assert!(second > first, "ids grow also when the clock is set back");
    fixture.reaches(second, State::Finished).await;
    assert_eq!(fixture.record(later).await.state, State::Scheduled);
    clock.advance(Duration::from_secs(3611));
    fixture.reaches(later, State::Finished).await;
    running.stop().await;
}
