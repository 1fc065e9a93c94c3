//! A scheduled job that the database refuses to make ready is named, and the others run.

use std::time::Duration;

use jobs::prelude::*;
use jobs::{Event, State};

use crate::fixture::{Fixture, id};

#[job]
async fn remind(number: u32) {
    let _ = number;
}

#[tokio::test]
async fn a_scheduled_job_that_a_trigger_refuses_is_named_and_the_others_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jobs.db");
    let fixture = Fixture::on_file(&path);
    let client = fixture.builder(jobs::jobs![Remind]).build_client().await.unwrap();
    let minute = Duration::from_secs(60);
    let later = async |number| id(Remind::perform_later(number).wait(minute).on(&client).await.unwrap());
    let (refused, other) = (later(1_u32).await, later(2).await);
    let trigger = "CREATE TRIGGER refusal BEFORE UPDATE ON jobs WHEN OLD.seq = 1 AND NEW.state = 2
                   BEGIN SELECT RAISE(ABORT, 'not this one'); END";
    rusqlite::Connection::open(&path).unwrap().execute_batch(trigger).unwrap();
    fixture.clock.advance(minute);
    let running = fixture.start(jobs::jobs![Remind]).await;
    fixture.reaches(other, State::Finished).await;
    let is_told = move |event: &Event| match event {
        Event::StoreFailed(event) => {
            event.operation == "dispatch"
                && event.message.contains(&refused.to_string())
                && event.message.contains("not this one")
        }
        _ => false,
    };
    fixture.recorder.wait_for(is_told).await;
    assert_eq!(fixture.record(refused).await.state, State::Scheduled);
    running.stop().await;
}
