//! Dates and times of plain scalars, in the forms that Psych takes for them.

use chrono::{FixedOffset, NaiveDate, NaiveTime, SecondsFormat, TimeZone};

use super::node::Node;

/// The date or time that Psych makes of a plain scalar; `None` if it makes none.
pub(super) fn time(text: &str) -> Option<Node> {
    date(text).or_else(|| date_and_time(text))
}

/// `\d{4}-\d{1,2}-\d{1,2}`, of a day that exists.
fn date(text: &str) -> Option<Node> {
    Some(Node::Date(day(text)?.format("%Y-%m-%d").to_string()))
}

fn day(text: &str) -> Option<NaiveDate> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_short = |text: &str| (1..=2).contains(&text.len());
    if year.len() != 4 || !is_short(month) || !is_short(day) || !is_digits(&[year, month, day]) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

fn is_digits(parts: &[&str]) -> bool {
    parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
}

/// A date, `T` or blanks, a time, a fraction and an offset, the last two if they are given. Without an offset it is in UTC.
fn date_and_time(text: &str) -> Option<Node> {
    let (date, rest) = text.split_at_checked(text.find(['T', 't', ' ', '\t'])?)?;
    let day = day(date)?;
    let rest = if rest.starts_with(['T', 't']) { &rest[1..] } else { rest.trim_start_matches([' ', '\t']) };
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    let time = clock_time(clock)?;
    let zone = zone.trim_start_matches([' ', '\t']);
    let offset = if matches!(zone, "" | "Z") { FixedOffset::east_opt(0)? } else { offset(zone)? };
    let time = offset.from_local_datetime(&day.and_time(time)).single()?;
    Some(Node::Time(time.to_rfc3339_opts(SecondsFormat::AutoSi, true)))
}

/// `\d{1,2}:\d\d:\d\d(\.\d*)?`
fn clock_time(text: &str) -> Option<NaiveTime> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.splitn(3, ':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    let is_clock = (1..=2).contains(&hour.len()) && minute.len() == 2 && second.len() == 2;
    if !is_clock || !is_digits(&[hour, minute, second, fraction]) {
        return None;
    }
    let nanos: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    let nanos = nanos.parse().ok()?;
    NaiveTime::from_hms_nano_opt(hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?, nanos)
}

/// `[-+]\d{1,2}:?(\d\d)?`
fn offset(text: &str) -> Option<FixedOffset> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = &text[1..];
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None => digits.split_at_checked(digits.len().min(2))?,
    };
    if !(1..=2).contains(&hours.len()) || !matches!(minutes.len(), 0 | 2) || !is_digits(&[hours, minutes]) {
        return None;
    }
    let minutes: i32 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    FixedOffset::east_opt(sign * (hours.parse::<i32>().ok()? * 3600 + minutes * 60))
}
