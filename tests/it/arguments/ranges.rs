//! Ranges of all kinds arrive as they were.

use std::ops::{Bound, Range, RangeFrom, RangeInclusive};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};

use crate::arguments::round_trips::{date, local_time};
use crate::arguments::support::{arrives, carrier};

carrier!(take_from, TakeFrom, RangeFrom<i32>);
carrier!(take_bounds, TakeBounds, (Bound<i32>, Bound<i32>));
carrier!(take_exclusive, TakeExclusive, Range<i32>);
carrier!(take_inclusive, TakeInclusive, RangeInclusive<i32>);
carrier!(take_letters, TakeLetters, RangeInclusive<char>);
carrier!(take_words, TakeWords, RangeInclusive<String>);
carrier!(take_dates, TakeDates, RangeFrom<NaiveDate>);
carrier!(take_time_and_date, TakeTimeAndDate, (DateTime<FixedOffset>, NaiveDate));
carrier!(take_times, TakeTimes, RangeInclusive<DateTime<FixedOffset>>);
carrier!(take_moments_from, TakeMomentsFrom, RangeFrom<NaiveDateTime>);
carrier!(take_moments, TakeMoments, Range<NaiveDateTime>);
carrier!(take_instants_from, TakeInstantsFrom, RangeFrom<DateTime<Utc>>);

fn moment(hour: u32) -> NaiveDateTime {
    date(2001, 2, 3).and_hms_micro_opt(hour, 5, 6, 123_456).unwrap()
}

#[tokio::test]
async fn a_range_without_an_end_arrives() {
    arrives!(TakeFrom, 1..);
}

#[tokio::test]
async fn bounds_of_which_one_is_open_arrive() {
    arrives!(TakeBounds, (Bound::Included(1), Bound::Unbounded), (Bound::Excluded(1), Bound::Included(5)));
}

#[tokio::test]
async fn a_range_keeps_whether_its_end_belongs_to_it() {
    arrives!(TakeExclusive, 1..5);
    arrives!(TakeInclusive, 1..=5);
}

#[tokio::test]
async fn ranges_of_small_letters_arrive() {
    arrives!(TakeLetters, 'a'..='z');
    arrives!(TakeWords, "a".to_owned()..="z".to_owned());
}

#[tokio::test]
async fn ranges_of_capital_letters_arrive() {
    arrives!(TakeLetters, 'A'..='Z');
    arrives!(TakeWords, "A".to_owned()..="Z".to_owned());
}

#[tokio::test]
async fn a_range_of_dates_without_an_end_arrives() {
    arrives!(TakeDates, date(2001, 2, 3)..);
}

#[tokio::test]
async fn a_pair_of_a_time_with_a_zone_and_a_date_arrives() {
    arrives!(TakeTimeAndDate, (local_time(), date(2003, 1, 1)));
}

#[tokio::test]
async fn a_range_of_times_with_zones_arrives() {
    arrives!(TakeTimes, local_time()..=local_time() + chrono::TimeDelta::nanoseconds(1));
}

#[tokio::test]
async fn a_range_of_times_without_an_end_arrives() {
    arrives!(TakeMomentsFrom, moment(4)..);
}

#[tokio::test]
async fn a_range_of_times_arrives() {
    arrives!(TakeMoments, moment(4)..moment(5));
}

#[tokio::test]
async fn a_range_of_times_in_universal_time_without_an_end_arrives() {
    arrives!(TakeInstantsFrom, local_time().with_timezone(&Utc)..);
}
