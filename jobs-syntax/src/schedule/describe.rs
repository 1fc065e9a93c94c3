//! Describes a schedule in English.

use std::fmt;
use std::time::Duration;

use crate::duration;
use crate::schedule::Rhythm;
use crate::schedule::cron::Cron;
use crate::schedule::field::{DAY, Field, HOUR, MINUTE, MONTH, MONTHS, SECOND, Unit, WEEKDAY, WEEKDAYS};

/// In English, as `at 02:00 on Monday to Friday` or `every 5 minutes`.
impl fmt::Display for Rhythm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every(seconds) => write!(f, "every {}", duration::compact(Duration::from_secs(*seconds))),
            Self::Cron(cron) => write!(f, "{}{}", times(cron), days(cron)),
        }
    }
}

fn times(cron: &Cron) -> String {
    let (seconds, minutes, hours) = (cron.seconds, cron.minutes, cron.hours);
    let is_full = |unit: Unit, field: Field| field.set == unit.all().set;
    if let (Some(minute), Some(second)) = (single(minutes), single(seconds))
        && hours.set.count_ones() <= 6
    {
        let second = if second == 0 { String::new() } else { format!(":{second:02}") };
        let times: Vec<_> = hours.numbers().map(|hour| format!("{hour:02}:{minute:02}{second}")).collect();
        return format!("at {}", listed(&times));
    }
    let of_hours = if is_full(HOUR, hours) { String::new() } else { format!(" of the hours {}", numbers(hours)) };
    match (single(seconds), single(minutes)) {
        (Some(0), Some(0)) => rhythm(HOUR, hours),
        (Some(0), Some(minute)) if is_full(HOUR, hours) => format!("every hour at minute {minute}"),
        (Some(0), _) => format!("{}{of_hours}", rhythm(MINUTE, minutes)),
        _ if is_full(MINUTE, minutes) => format!("{}{of_hours}", rhythm(SECOND, seconds)),
        _ => format!("{} of the minutes {}{of_hours}", rhythm(SECOND, seconds), numbers(minutes)),
    }
}

/// `every minute`, `every 5 minutes`, or the numbers.
fn rhythm(unit: Unit, field: Field) -> String {
    let name = unit.name;
    if field.set == unit.all().set {
        return format!("every {name}");
    }
    let step = field.numbers().nth(1).unwrap_or(0);
    let is_even = |step: u32| unit.every(unit.first(), step).set == field.set;
    if field.has(0) && step > 1 && is_even(step) {
        let resets = if (unit.all().set.count_ones()).is_multiple_of(step) { "" } else { ", anew each time it begins" };
        return format!("every {step} {name}s{resets}");
    }
    format!("at the {name}s {}", numbers(field))
}

fn days(cron: &Cron) -> String {
    let by_day = (cron.days.set != DAY.all().set).then(|| of_month(cron));
    let by_weekday = (cron.weekdays.set != WEEKDAY.all().set).then(|| of_week(cron));
    let either = if cron.are_both { " if it is " } else { " or on " };
    let days = match (by_day, by_weekday) {
        (None, None) => {
            if single(cron.minutes).is_some() && !cron.hours.is_steady() {
                " every day".to_owned()
            } else {
                String::new()
            }
        }
        (Some(days), None) | (None, Some(days)) => format!(" on {days}"),
        (Some(days), Some(weekdays)) => format!(" on {days}{either}{weekdays}"),
    };
    if cron.months.set == MONTH.all().set {
        return days;
    }
    let months: Vec<_> =
        cron.months.numbers().filter_map(|month| MONTHS.get(month as usize - 1)).map(|name| title(name)).collect();
    format!("{days} in {}", listed(&months))
}

fn of_month(cron: &Cron) -> String {
    let mut parts = Vec::new();
    if cron.days.set != 0 {
        let word = if single(cron.days).is_some() { "day" } else { "days" };
        parts.push(format!("{word} {} of the month", numbers(cron.days)));
    }
    let from_end = Field { set: cron.days_from_end, is_star: false };
    parts.extend(from_end.numbers().map(|day| format!("the {} of the month", from_the_end(day, "day"))));
    listed(&parts)
}

fn of_week(cron: &Cron) -> String {
    let name = |day: u32| WEEKDAYS.get(day as usize).map(|name| title(name)).unwrap_or_default();
    if cron.weekdays.set == 0b011_1110 && cron.weeks.is_empty() {
        return "Monday to Friday".to_owned();
    }
    let mut parts: Vec<String> = cron.weekdays.numbers().map(name).collect();
    for (day, week) in &cron.weeks {
        let number = week.unsigned_abs();
        let which =
            if *week < 0 { from_the_end(number, &name(*day)) } else { format!("{} {}", ordinal(number), name(*day)) };
        parts.push(format!("the {which} of the month"));
    }
    listed(&parts)
}

/// `last day`, or `third day from the end`.
fn from_the_end(number: u32, what: &str) -> String {
    if number == 1 { format!("last {what}") } else { format!("{} {what} from the end", ordinal(number)) }
}

fn ordinal(number: u32) -> String {
    const WORDS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];
    if let Some(word) = (number as usize).checked_sub(1).and_then(|index| WORDS.get(index)) {
        return (*word).to_owned();
    }
    let end = match number % 10 {
        1 if number != 11 => "st",
        2 if number != 12 => "nd",
        3 if number != 13 => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

fn title(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_ascii_uppercase() + rest
}

fn single(field: Field) -> Option<u32> {
    field.set.is_power_of_two().then(|| field.set.trailing_zeros())
}

/// Numbers with runs of three and more as `9 to 17`.
fn numbers(field: Field) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = field.numbers().peekable();
    while let Some(from) = rest.next() {
        let mut to = from;
        while rest.next_if_eq(&(to + 1)).is_some() {
            to += 1;
        }
        match to - from {
            0 => parts.push(from.to_string()),
            1 => parts.extend([from.to_string(), to.to_string()]),
            _ => parts.push(format!("{from} to {to}")),
        }
    }
    listed(&parts)
}

fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}
