//! Ticks that nobody took in time: no scheduler ran, the machine was suspended, or a clock was set.

use std::time::Duration;

use jobs::Missed;
use tracing::Level;

use super::{Hours, MINUTE, Passing, beats, pass, started};
use crate::log_setup::Log;

/// Runs for a quarter past midnight to one, is away until a quarter past four, and runs for a minute.
async fn away(missed: Missed) -> Hours {
    let hours = Hours::new();
    let task = beats("0 * * * *").missed(missed);
    let before = hours.start(task.clone()).await;
    pass(MINUTE * 61).await;
    before.stop().await;
    pass(MINUTE * 60 * 3 + MINUTE * 14).await;
    let after = hours.start(task).await;
    pass(MINUTE).await;
    after.stop().await;
    hours
}

#[tokio::test(start_paused = true)]
async fn what_was_missed_is_left_out_and_told_unless_it_is_said_otherwise() {
    let hours = away(Missed::Skip).await;
    assert_eq!((hours.ticks(), hours.skipped()), (vec![3600], vec![3]));
}

#[tokio::test(start_paused = true)]
async fn what_was_left_out_is_a_line_in_the_log() {
    let log = Log::from(Level::WARN);
    let _hours = away(Missed::Skip).await;
    let line = log.only("Left out");
    assert!(line.contains("Left out 3 ticks of the recurring task pulse up to 2026-01-01T04:"), "{line}");
}

#[tokio::test(start_paused = true)]
async fn once_runs_the_last_missed_tick() {
    let hours = away(Missed::Once).await;
    assert_eq!((hours.ticks(), hours.skipped()), (vec![3600, 4 * 3600], vec![2]));
}

#[tokio::test(start_paused = true)]
async fn all_runs_every_missed_tick_up_to_its_number() {
    let hours = away(Missed::All(2)).await;
    assert_eq!((hours.ticks(), hours.skipped()), (vec![3600, 3 * 3600, 4 * 3600], vec![1]));
    let hours = away(Missed::All(24)).await;
    assert_eq!((hours.ticks(), hours.skipped()), (vec![3600, 2 * 3600, 3 * 3600, 4 * 3600], vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_restart_of_less_than_a_minute_loses_no_tick() {
    let hours = Hours::new();
    let before = hours.start(beats("0 * * * *")).await;
    pass(Duration::from_secs(3599)).await;
    before.stop().await;
    pass(Duration::from_secs(50)).await;
    let _after = hours.start(beats("0 * * * *")).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!((hours.ticks(), hours.skipped()), (vec![3600], vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_was_suspended_notices_within_a_minute_and_leaves_out_what_it_slept_through() {
    let hours = Hours::new();
    let _running = hours.start(beats("0 * * * *")).await;
    pass(MINUTE * 30).await;
    // The monotonic clock stood still, and the one on the wall went on.
    hours.clock.jump(3 * 3600);
    pass(MINUTE + Duration::from_secs(1)).await;
    assert_eq!((hours.ticks(), hours.skipped()), (vec![], vec![3]));
    pass(MINUTE * 30).await;
    assert_eq!(hours.ticks(), [4 * 3600], "and goes on with the next");
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_repeats_no_tick() {
    let hours = Hours::new();
    let _running = hours.start(beats("*/10 * * * *")).await;
    pass(MINUTE * 21).await;
    hours.clock.jump(-15 * 60);
    pass(MINUTE * 26).await;
    assert_eq!(hours.ticks(), [600, 1200, 1800], "it is half past only now");
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_was_years_ahead_stops_nothing_when_it_is_right_again() {
    let hours = Hours::new();
    let _running = hours.start(beats("*/10 * * * *")).await;
    pass(MINUTE * 11).await;
    let years = 10 * 365 * 86_400;
    hours.clock.jump(years);
    pass(MINUTE * 12).await;
    assert_eq!(hours.ticks().len(), 2, "one at ten past, one in ten years");
    hours.clock.jump(-years);
    pass(MINUTE * 18).await;
    assert_eq!(hours.ticks()[2..], [1800, 2400]);
}

#[tokio::test(start_paused = true)]
async fn a_host_whose_own_clock_is_wrong_goes_by_the_time_of_the_store() {
    let hours = Hours::new();
    let wrong = Passing::new();
    wrong.jump(3600 + 17);
    let _running = started(hours.builder().clock(wrong).recurring(beats("0 * * * *"))).await;
    pass(Duration::from_millis(3_599_999)).await;
    assert!(hours.ticks().is_empty());
    pass(Duration::from_millis(20)).await;
    assert_eq!(hours.ticks(), [3600]);
}
