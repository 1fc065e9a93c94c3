//! Which durations are read, what they mean, and why others are refused.

mod common;

use std::time::Duration;

use common::Random;
use jobs_syntax::duration::{DurationError, compact, parse};

const DAY: u64 = 86_400;
const YEAR: Duration = Duration::from_secs(365 * DAY);

fn read(text: &str) -> Result<Duration, DurationError> {
    parse(text, YEAR)
}

#[test]
fn parts_with_units_add_up() {
    for (text, micros) in [
        ("0s", 0),
        ("7us", 7),
        ("500ms", 500_000),
        ("30s", 30_000_000),
        ("5m", 300_000_000),
        ("1h30m", 5_400_000_000),
        ("90m", 5_400_000_000),
        ("2d", 172_800_000_000),
        ("1w", 604_800_000_000),
        ("1w1d1h1m1s1ms1us", 694_861_001_001),
        ("1s500ms", 1_500_000),
    ] {
        assert_eq!(read(text), Ok(Duration::from_micros(micros)), "{text}");
    }
}

#[test]
fn each_part_may_have_a_fraction_and_is_exact() {
    for (text, micros) in [
        ("1.5h", 5_400_000_000),
        ("1.50h", 5_400_000_000),
        ("0.1s", 100_000),
        (".5s", 500_000),
        ("5.s", 5_000_000),
        ("1h0.5m", 3_630_000_000),
        ("0.000001s", 1),
        ("0.0001220703125w", 73_828_125),
        ("1.5d0.25h", 130_500_000_000),
        ("0.3s", 300_000),
    ] {
        assert_eq!(read(text), Ok(Duration::from_micros(micros)), "{text}");
    }
}

#[test]
fn what_is_not_a_duration_is_told_the_form() {
    for text in
        ["", "s", "soon", "5 s", "-5s", "٥s", "5s ", " 5s", "1h 30m", "ms5", "1.2.3s", ".s", "5,5s", "1-3s", "\n"]
    {
        assert!(matches!(read(text), Err(DurationError::Malformed { .. })), "{text}: {:?}", read(text));
        assert!(read(text).unwrap_err().to_string().contains("is not a duration; write `30s`, `500ms` or `1h30m`"));
    }
}

#[test]
fn a_number_without_a_unit_is_told_how_to_get_one() {
    for text in ["5", "1h30", "0", "1.5"] {
        assert_eq!(read(text), Err(DurationError::MissingUnit { text: text.to_owned() }));
        assert!(read(text).unwrap_err().to_string().contains(&format!("write `{text}s` for seconds")), "{text}");
    }
}

#[test]
fn an_unknown_unit_is_told_the_known_ones() {
    for (text, unit) in [("30x", "x"), ("5S", "S"), ("5sec", "sec"), ("1y", "y"), ("5µs", "µs"), ("1h5min", "min")] {
        assert_eq!(read(text), Err(DurationError::UnknownUnit { unit: unit.to_owned() }));
        let message = format!("`{unit}` is not a unit of time; the units are us, ms, s, m, h, d, w");
        assert_eq!(read(text).unwrap_err().to_string(), message);
    }
}

#[test]
fn units_out_of_order_and_given_twice_are_told_the_order() {
    for text in ["30m1h", "5s5s", "1ms1s", "1d1w"] {
        assert!(matches!(read(text), Err(DurationError::WrongOrder { .. })), "{text}");
        assert!(read(text).unwrap_err().to_string().contains("larger ones first"), "{text}");
    }
}

#[test]
fn a_fraction_of_a_microsecond_is_refused_and_not_cut() {
    for text in ["0.5us", "0.0000001s", "0.3333333333h", &format!("0.{}1s", "0".repeat(300))] {
        assert!(matches!(read(text), Err(DurationError::TooFine { .. })), "{text}");
    }
}

#[test]
fn the_longest_is_accepted_and_a_longer_one_is_told_the_limit() {
    assert_eq!(read("365d"), Ok(YEAR));
    assert_eq!(parse(&compact(Duration::MAX), Duration::MAX), Ok(Duration::new(u64::MAX, 999_999_000)));
    let digits = "9".repeat(200);
    for text in ["366d", "365d1us", "53w", "99999999999999999999s", "18446744073709551615d", &format!("{digits}us")] {
        assert!(matches!(read(text), Err(DurationError::TooLong { longest: YEAR, .. })), "{text}");
        assert!(read(text).unwrap_err().to_string().contains("which is at most `365d`"), "{text}");
    }
    assert!(parse("9999999999999999999m", Duration::MAX).is_err());
}

#[test]
fn every_duration_is_written_so_that_it_is_read_back() {
    let mut random = Random(1);
    for round in 0..20_000 {
        let micros = random.next() >> (round % 64);
        let duration = Duration::from_micros(micros);
        assert_eq!(parse(&compact(duration), Duration::MAX), Ok(duration), "{micros}");
    }
    assert_eq!(compact(Duration::from_secs(5400)), "1h30m");
    assert_eq!(compact(Duration::ZERO), "0s");
}

#[test]
fn a_fraction_means_the_same_as_the_whole_number_of_a_smaller_unit() {
    let mut random = Random(2);
    for _ in 0..2_000 {
        let (whole, thousandths) = (random.within(0, 5000), random.within(0, 999));
        let millis = whole * 1000 + thousandths;
        assert_eq!(read(&format!("{whole}.{thousandths:03}s")), read(&format!("{millis}ms")));
        assert_eq!(read(&format!("{whole}.{thousandths:03}ms")), read(&format!("{millis}us")));
        assert_eq!(read(&format!("{whole}.{thousandths:03}m")), read(&format!("{}ms", millis * 60)));
    }
}

#[test]
fn any_text_is_read_or_refused_without_a_panic() {
    let pieces = ["", "5", "99999999999999999999999", ".", "s", "ms", "h", "w", "µ", " ", "-", "\0", "٥"];
    for one in pieces {
        for two in pieces {
            for three in pieces {
                for four in pieces {
                    let _answer = parse(&[one, two, three, four].concat(), Duration::MAX);
                }
            }
        }
    }
}
