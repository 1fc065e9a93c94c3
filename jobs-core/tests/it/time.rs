//! Points in time: their ends, their words, where they come from.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, FixedOffset};
use jobs_core::{Clock, SystemClock, Timestamp, format_duration, format_relative};

const FIRST: Timestamp = Timestamp::from_micros(i64::MIN);
const LAST: Timestamp = Timestamp::from_micros(i64::MAX);

fn micros(number: i64) -> Timestamp {
    Timestamp::from_micros(number)
}

#[test]
fn a_point_is_moved_by_whole_microseconds() {
    assert_eq!(micros(5) + Duration::from_nanos(2_999), micros(7));
    assert_eq!(micros(5) - Duration::from_micros(7), micros(-2));
}

#[test]
fn what_lies_past_an_end_is_that_end() {
    for point in [FIRST, micros(-1), micros(0), micros(1), LAST] {
        assert_eq!(point + Duration::MAX, LAST, "{point}");
        assert_eq!(point - Duration::MAX, FIRST, "{point}");
    }
    assert_eq!(LAST + Duration::from_micros(1), LAST);
    assert_eq!(FIRST - Duration::from_micros(1), FIRST);
}

#[test]
fn the_duration_since_a_later_point_is_zero() {
    assert_eq!(micros(9).duration_since(micros(4)), Duration::from_micros(5));
    assert_eq!(micros(4).duration_since(micros(9)), Duration::ZERO);
    assert_eq!(micros(4).duration_since(micros(4)), Duration::ZERO);
    assert_eq!(FIRST.duration_since(LAST), Duration::ZERO);
}

#[test]
fn the_longest_duration_is_exact() {
    assert_eq!(LAST.duration_since(FIRST), Duration::from_micros(u64::MAX));
    assert_eq!(FIRST + LAST.duration_since(FIRST), LAST);
}

#[test]
fn milliseconds_are_rounded_down_also_before_the_epoch() {
    assert_eq!(micros(1_999).as_millis(), 1);
    assert_eq!(micros(-1).as_millis(), -1);
    assert_eq!(micros(-1_000).as_millis(), -1);
}

#[test]
fn a_point_is_shown_in_rfc_3339_with_microseconds() {
    assert_eq!(micros(0).to_string(), "1970-01-01T00:00:00.000000Z");
    assert_eq!(micros(1_769_846_400_000_001).to_string(), "2026-01-31T08:00:00.000001Z");
    assert_eq!(micros(-1).to_string(), "1969-12-31T23:59:59.999999Z");
}

#[test]
fn a_point_beyond_the_calendar_is_shown_as_a_number() {
    assert_eq!(LAST.to_string(), format!("{}us", i64::MAX));
    assert_eq!(FIRST.to_string(), format!("{}us", i64::MIN));
}

#[test]
fn a_date_of_any_zone_becomes_the_same_point() {
    let east: DateTime<FixedOffset> = "2026-01-31T10:00:00+02:00".parse().unwrap();
    assert_eq!(Timestamp::from(east), micros(1_769_846_400_000_000));
    assert_eq!(Timestamp::from(east.to_utc()), Timestamp::from(east));
}

#[test]
fn system_time_becomes_a_point_on_both_sides_of_the_epoch() {
    let span = Duration::from_millis(1_500);
    assert_eq!(Timestamp::from(UNIX_EPOCH + span), micros(1_500_000));
    assert_eq!(Timestamp::from(UNIX_EPOCH - span), micros(-1_500_000));
    assert_eq!(Timestamp::from(UNIX_EPOCH), Timestamp::default());
}

#[test]
fn the_machines_clock_tells_its_time() {
    #[expect(clippy::disallowed_methods, reason = "the clock is held against what it reads")]
    let now = || Timestamp::from(SystemTime::now());
    let (before, told, after) = (now(), SystemClock.now(), now());
    assert!(before <= told && told <= after);
}

#[test]
fn a_point_is_stored_as_its_number() {
    assert_eq!(serde_json::to_string(&micros(-7)).unwrap(), "-7");
    assert_eq!(serde_json::from_str::<Timestamp>("-7").unwrap(), micros(-7));
}

#[test]
fn a_duration_is_formatted_in_two_units_at_most() {
    for (millis, words) in
        [(0, "0ms"), (999, "999ms"), (1_250, "1.2s"), (303_000, "5m 3s"), (7_260_000, "2h 1m"), (187_200_000, "2d 4h")]
    {
        assert_eq!(format_duration(Duration::from_millis(millis)), words);
    }
}

#[test]
fn a_time_is_told_relative_to_now_in_the_units_of_durations() {
    let now = micros(400_000_000_000);
    for (time, words) in [
        (now, "0s ago"),
        (now - Duration::from_millis(5_900), "5s ago"),
        (now - Duration::from_secs(99), "1m 39s ago"),
        (now + Duration::from_secs(60), "in 1m 0s"),
        (now + Duration::from_secs(187_200), "in 2d 4h"),
    ] {
        assert_eq!(format_relative(now, time), words);
    }
}
