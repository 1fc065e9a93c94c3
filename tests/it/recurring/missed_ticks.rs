//! Missed ticks: no scheduler ran, the machine was suspended, or a clock was set.

use std::time::Duration;

use jobs::recurring::MissedTicks;
use tracing::Level;

use super::{MINUTE, RecurringFixture, TokioClock, beats, pass, started};
use crate::observe::log_capture::Log;

/// Runs for a quarter past midnight to one, is away until a quarter past four, and runs for a minute.
async fn after_absence(missed: MissedTicks) -> RecurringFixture {
    let fixture = RecurringFixture::new();
    let task = beats("0 * * * *").missed(missed);
    let before = fixture.start(task.clone()).await;
    pass(MINUTE * 61).await;
    before.stop().await;
    pass(MINUTE * 60 * 3 + MINUTE * 14).await;
    let after = fixture.start(task).await;
    pass(MINUTE).await;
    after.stop().await;
    fixture
}

#[tokio::test(start_paused = true)]
async fn missed_ticks_are_skipped_and_reported_by_default() {
    let fixture = after_absence(MissedTicks::Skip).await;
    assert_eq!((fixture.ticks(), fixture.skipped()), (vec![3600], vec![3]));
}

#[tokio::test(start_paused = true)]
async fn skipped_ticks_are_logged() {
    let log = Log::from(Level::WARN);
    let _hours = after_absence(MissedTicks::Skip).await;
    let line = log.only("Left out");
    assert!(line.contains("Left out 3 ticks of the recurring task pulse up to 2026-01-01T04:"), "{line}");
}

#[tokio::test(start_paused = true)]
async fn once_runs_the_last_missed_tick() {
    let fixture = after_absence(MissedTicks::Once).await;
    assert_eq!((fixture.ticks(), fixture.skipped()), (vec![3600, 4 * 3600], vec![2]));
}

#[tokio::test(start_paused = true)]
async fn all_runs_every_missed_tick_up_to_its_number() {
    let fixture = after_absence(MissedTicks::All(2)).await;
    assert_eq!((fixture.ticks(), fixture.skipped()), (vec![3600, 3 * 3600, 4 * 3600], vec![1]));
    let fixture = after_absence(MissedTicks::All(24)).await;
    assert_eq!((fixture.ticks(), fixture.skipped()), (vec![3600, 2 * 3600, 3 * 3600, 4 * 3600], vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_restart_of_less_than_a_minute_loses_no_tick() {
    let fixture = RecurringFixture::new();
    let before = fixture.start(beats("0 * * * *")).await;
    pass(Duration::from_secs(3599)).await;
    before.stop().await;
    pass(Duration::from_secs(50)).await;
    let _after = fixture.start(beats("0 * * * *")).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!((fixture.ticks(), fixture.skipped()), (vec![3600], vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_suspended_machine_notices_within_a_minute_and_skips_the_missed_ticks() {
    let fixture = RecurringFixture::new();
    let _running = fixture.start(beats("0 * * * *")).await;
    pass(MINUTE * 30).await;
    // The monotonic clock stood still, and the wall clock went on.
    fixture.clock.jump(3 * 3600);
    pass(MINUTE + Duration::from_secs(1)).await;
    assert_eq!((fixture.ticks(), fixture.skipped()), (vec![], vec![3]));
    pass(MINUTE * 30).await;
    assert_eq!(fixture.ticks(), [4 * 3600], "and goes on with the next");
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_repeats_no_tick() {
    let fixture = RecurringFixture::new();
    let _running = fixture.start(beats("*/10 * * * *")).await;
    pass(MINUTE * 21).await;
    fixture.clock.jump(-15 * 60);
    pass(MINUTE * 26).await;
    assert_eq!(fixture.ticks(), [600, 1200, 1800], "it is half past only now");
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_was_years_ahead_stops_no_task() {
    let fixture = RecurringFixture::new();
    let _running = fixture.start(beats("*/10 * * * *")).await;
    pass(MINUTE * 11).await;
    let years = 10 * 365 * 86_400;
    fixture.clock.jump(years);
    pass(MINUTE * 12).await;
    assert_eq!(fixture.ticks().len(), 2, "one at ten past, one in ten years");
    fixture.clock.jump(-years);
    pass(MINUTE * 18).await;
    assert_eq!(fixture.ticks()[2..], [1800, 2400]);
}

#[tokio::test(start_paused = true)]
async fn a_host_whose_own_clock_is_wrong_goes_by_the_time_of_the_store() {
    let fixture = RecurringFixture::new();
    let wrong = TokioClock::new();
    wrong.jump(3600 + 17);
    let _running = started(fixture.builder().clock(wrong).recurring(beats("0 * * * *"))).await;
    pass(Duration::from_millis(3_599_999)).await;
    assert!(fixture.ticks().is_empty());
    pass(Duration::from_millis(20)).await;
    assert_eq!(fixture.ticks(), [3600]);
}
