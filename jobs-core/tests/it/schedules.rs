//! When schedules tick, also where clocks are set forward and back.

use std::time::Duration;

use chrono::DateTime;
use jobs_core::{Schedule, Timestamp};

fn at(text: &str) -> Timestamp {
    DateTime::parse_from_rfc3339(text).expect("the time is one").into()
}

/// The ticks after a point, as RFC 3339 in UTC without fractions.
fn ticks(words: &str, after: &str, count: usize) -> Vec<String> {
    let schedule: Schedule = words.parse().expect(words);
    let first = std::iter::successors(schedule.next_after(at(after)), |tick| schedule.next_after(*tick));
    first.take(count).map(|tick| tick.to_string().replace(".000000", "")).collect()
}

#[track_caller]
fn ticks_are(words: &str, after: &str, expected: &[&str]) {
    assert_eq!(ticks(words, after, expected.len()), expected, "{words} after {after}");
}

#[test]
fn a_fixed_time_that_is_left_out_comes_at_the_end_of_the_gap() {
    // New York goes from 02:00 to 03:00 on 8 March 2026 at 07:00 UTC.
    ticks_are(
        "30 2 * * * America/New_York",
        "2026-03-07T00:00:00Z",
        &["2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"],
    );
    // Berlin goes from 02:00 to 03:00 on 29 March 2026 at 01:00 UTC.
    ticks_are(
        "0,30 2 * * * Europe/Berlin",
        "2026-03-28T02:00:00Z",
        &["2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z", "2026-03-30T00:30:00Z"],
    );
    // Lord Howe goes from 02:00 to 02:30 on 4 October 2026 at 15:30 UTC of the day before.
    ticks_are(
        "15 2 * * * Australia/Lord_Howe",
        "2026-10-02T16:00:00Z",
        &["2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"],
    );
    // Samoa left out 30 December 2011.
    ticks_are("0 12 * * * Pacific/Apia", "2011-12-29T00:00:00Z", &["2011-12-29T22:00:00Z", "2011-12-30T10:00:00Z"]);
}

#[test]
fn a_fixed_time_that_comes_twice_counts_once() {
    // New York goes from 02:00 back to 01:00 on 1 November 2026 at 06:00 UTC.
    ticks_are("30 1 * * * America/New_York", "2026-11-01T00:00:00Z", &["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]);
    ticks_are(
        "0,30 2 * * * Europe/Berlin",
        "2026-10-24T22:00:00Z",
        &["2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:00:00Z"],
    );
    // Lord Howe goes from 02:00 back to 01:30 on 5 April 2026 at 15:00 UTC of the day before.
    ticks_are(
        "45 1 * * * Australia/Lord_Howe",
        "2026-04-04T00:00:00Z",
        &["2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"],
    );
    // The same if the scheduler looks in the midst of the second hour.
    ticks_are("30 1 * * * America/New_York", "2026-11-01T06:10:00Z", &["2026-11-02T06:30:00Z"]);
}

#[test]
fn hourly_lines_run_through_gap_and_fold() {
    ticks_are(
        "0 * * * * America/New_York",
        "2026-03-08T05:30:00Z",
        &["2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z", "2026-03-08T08:00:00Z"],
    );
    ticks_are(
        "*/30 * * * * America/New_York",
        "2026-11-01T04:45:00Z",
        &[
            "2026-11-01T05:00:00Z",
            "2026-11-01T05:30:00Z",
            "2026-11-01T06:00:00Z",
            "2026-11-01T06:30:00Z",
            "2026-11-01T07:00:00Z",
        ],
    );
    ticks_are(
        "0 * * * * Australia/Lord_Howe",
        "2026-04-04T13:30:00Z",
        &["2026-04-04T14:00:00Z", "2026-04-04T15:30:00Z", "2026-04-04T16:30:00Z"],
    );
    ticks_are("*/10 2 * * * Europe/Berlin", "2026-03-28T01:45:00Z", &["2026-03-28T01:50:00Z", "2026-03-30T00:00:00Z"]);
    ticks_are(
        "*/30 2 * * * Europe/Berlin",
        "2026-10-24T22:30:00Z",
        &[
            "2026-10-25T00:00:00Z",
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:00:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-26T01:00:00Z",
        ],
    );
}

#[test]
fn in_utc_every_day_is_alike() {
    ticks_are("30 2 * * *", "2026-03-08T00:00:00Z", &["2026-03-08T02:30:00Z", "2026-03-09T02:30:00Z"]);
    ticks_are("30 1 * * * UTC", "2026-11-01T00:00:00Z", &["2026-11-01T01:30:00Z", "2026-11-02T01:30:00Z"]);
}

#[test]
fn intervals_count_from_1970_so_that_all_processes_agree() {
    ticks_are("every 5m", "2026-11-25T10:01:07Z", &["2026-11-25T10:05:00Z", "2026-11-25T10:10:00Z"]);
    ticks_are("every 90m", "1970-01-01T00:00:00Z", &["1970-01-01T01:30:00Z", "1970-01-01T03:00:00Z"]);
    ticks_are("every 1d", "1969-12-30T23:59:59Z", &["1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z"]);
    let every = Schedule::every(Duration::from_secs(300)).expect("it is one");
    assert_eq!(every, "every 5m".parse().expect("it is one"));
    for span in [Duration::ZERO, Duration::from_millis(500), Duration::from_millis(1500), Duration::MAX] {
        assert!(Schedule::every(span).expect_err("it is none").is_invalid(), "{span:?}");
    }
}

#[test]
fn a_tick_is_after_the_point_and_no_fraction_hides_it() {
    let schedule: Schedule = "* * * * * *".parse().expect("it is one");
    let point = at("2026-11-25T10:00:00Z");
    let next = Some(at("2026-11-25T10:00:01Z"));
    assert_eq!(schedule.next_after(point), next);
    assert_eq!(schedule.next_after(Timestamp::from_micros(point.as_micros() + 999_999)), next);
    assert_eq!(schedule.next_after(Timestamp::from_micros(point.as_micros() - 1)), Some(point));
}

#[test]
fn ticks_of_all_zones_increase_and_do_not_depend_on_the_starting_point() {
    for zone in
        ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "UTC"]
    {
        for line in ["*/20 * * * *", "0,30 1,2,3 * * *", "15 2 * * *", "0 * * * *", "*/15 2 * * *"] {
            let schedule = Schedule::parse(line, Some(zone)).expect(line);
            let all: Vec<_> = schedule.ticks_between(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")).collect();
            assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{line} {zone} grows");
            for pair in all.windows(2) {
                let middle = Timestamp::from_micros(i64::midpoint(pair[0].as_micros(), pair[1].as_micros()));
                assert_eq!(schedule.next_after(middle), Some(pair[1]), "{line} {zone} after {middle}");
            }
        }
    }
}

#[test]
fn the_last_ticks_are_found_in_an_interval_of_any_length() {
    let schedule: Schedule = "0 2 * * * Europe/Berlin".parse().expect("it is one");
    let (long_ago, now) = (at("1990-01-01T00:00:00Z"), at("2026-11-25T10:00:00Z"));
    assert_eq!(schedule.last_between(long_ago, now, 2), [at("2026-11-24T01:00:00Z"), at("2026-11-25T01:00:00Z")]);
    assert_eq!(schedule.last_between(now - Duration::from_secs(60), now, 2), []);
    let secondly: Schedule = "* * * * * *".parse().expect("it is one");
    assert_eq!(secondly.last_between(long_ago, now, 3).len(), 3);
}

#[test]
fn zones_are_named_or_refused() {
    let parsed = |words, zone| Schedule::parse(words, zone).expect(words);
    assert_eq!(parsed("@daily", Some("Europe/Berlin")), parsed("@daily Europe/Berlin", None));
    assert_eq!(parsed("@daily Europe/Berlin", Some("Europe/Berlin")), parsed("@daily Europe/Berlin", None));
    let said = |words, zone| Schedule::parse(words, zone).expect_err("it is refused").to_string();
    assert!(said("@daily", Some("Europe/Berln")).contains("did you mean `Europe/Berlin`?"));
    assert!(said("@daily", Some("the moon")).contains("a name of the IANA database"));
    assert!(said("@daily UTC", Some("Europe/Berlin")).contains("leave one of them away"));
    assert!(said("0 0 30 2 *", None).contains("never fires"));
}

#[test]
fn a_schedule_says_in_words_when_it_ticks() {
    let described = |words: &str| words.parse::<Schedule>().expect(words).describe();
    assert_eq!(described("0 2 * * * Europe/Berlin"), "at 02:00 every day (Europe/Berlin)");
    assert_eq!(described("every 5m"), "every 5m");
}

/// The macro knows zones by their names alone.
#[test]
fn the_names_of_zones_are_those_that_have_rules() {
    let mut names: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
    names.sort_unstable();
    assert_eq!(
        jobs_syntax::schedule::zones().collect::<Vec<_>>(),
        names,
        "rewrite `jobs-syntax/src/schedule/zones.txt`"
    );
}
