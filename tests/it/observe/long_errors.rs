//! Errors that are too long: they are cut where they enter log lines and events, as stores cut them.

use std::io;

use jobs::State;
use jobs::events::{AttemptEnded, EventType};
use jobs::prelude::*;
use jobs_core::error_limits::MESSAGE_BYTES;
use tracing::Level;

use crate::fixture::{Fixture, id};
use crate::observe::log_capture::Log;

#[job]
async fn swell(ctx: &Context) -> Result<(), io::Error> {
    ctx.set_step("s".repeat(1_000_000));
    Err(io::Error::other("x".repeat(1_000_000)))
}

#[tokio::test]
async fn an_error_of_a_megabyte_is_cut_in_log_lines_and_events() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::ERROR));
    let running = fixture.start(jobs::jobs![Swell]).await;
    let id = id(Swell::perform_later().on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Failed).await;
    running.stop().await;
    let ended = fixture.recorder.events();
    let ended = ended.iter().find_map(AttemptEnded::of).expect("the attempt has ended");
    assert!(ended.error.as_ref().is_some_and(|error| error.message.len() <= MESSAGE_BYTES));
    let text = log.text();
    assert!(text.contains("swell") && text.len() < 10 * MESSAGE_BYTES, "{} bytes", text.len());
}
