//! Reads schedules in English: `every day at 5am`, `every 2 hours`, `every month on day 2 at 10:00`.
//!
//! The grammar is that of Ruby's `fugit` (1.14): parts that begin with `every`, `at`, `on` and `from`, in any order.

mod days;
mod intervals;
mod parts;
mod times;
mod word_stream;

use crate::schedule::cron::Cron;
use crate::schedule::dialect::Dialect;
use crate::schedule::english::parts::{Parts, TimeOfDay};
use crate::schedule::english::word_stream::Words;
use crate::schedule::{ScheduleError, field};

/// Reads words as the cron line that they mean.
///
/// # Errors
/// A word is not understood, or the words have two possible meanings.
pub(crate) fn read(text: &[&str], dialect: &mut Dialect) -> Result<Cron, ScheduleError> {
    let mut words = Words::of(text, dialect.is_ruby());
    let mut parts = Parts::default();
    let mut has_every = false;
    while let Some(word) = words.next().map(str::to_owned) {
        match word.as_str() {
            "," | "and" => {}
            "every" => {
                if has_every && !goes_on(&words, &parts) {
                    return Err(two_schedules(text));
                }
                has_every = true;
                every(&mut words, &mut parts, dialect)?;
            }
            "at" => times::read(&mut words, &mut parts, dialect)?,
            "on" | "from" => on(&mut words, &mut parts, dialect)?,
            _ => {
                words.back();
                if days::is_weekday_next(&words) || times::is_range_next(&words) {
                    on(&mut words, &mut parts, dialect)?;
                } else if times::is_next(&words) {
                    times::read(&mut words, &mut parts, dialect)?;
                } else {
                    return Err(unknown(text));
                }
            }
        }
    }
    parts.cron(dialect, || unknown(text))
}

/// Whether what follows another `every` belongs to the same schedule: `every monday, every 2 hours`, or one more weekday.
fn goes_on(words: &Words<'_>, parts: &Parts) -> bool {
    let is_time = words.peek().is_some_and(|word| matches!(word, "noon" | "midnight"));
    let is_weekday = days::is_weekday_next(words) && parts.are_weekdays_alone();
    is_time || is_weekday || intervals::is_of_time_next(words)
}

/// What follows `every`.
fn every(words: &mut Words<'_>, parts: &mut Parts, dialect: &mut Dialect) -> Result<(), ScheduleError> {
    if let Some(days) = days::of_the_month(words, dialect) {
        parts.add_days(days?);
        return Ok(());
    }
    if dialect.is_ruby() && words.peek() == Some("weekday") && !words.is_list_next(1) {
        words.skip(1);
        parts.is_on_weekdays = true;
        return Ok(());
    }
    if days::is_weekday_next(words) {
        parts.weekdays |= days::each_weekday(words, dialect)?;
        return Ok(());
    }
    if words.peek().is_some_and(|word| matches!(word, "noon" | "midnight")) {
        return times::read(words, parts, dialect);
    }
    if days::is_ordinal_weekday_next(words) {
        return Err(ScheduleError::new(
            "the first, second or third weekday may be one of each month, or each of so many weeks; write a cron line for one of \
             each month, as `0 0 * * mon#2`",
        ));
    }
    intervals::read(words, parts, dialect)
}

/// What follows `on` or `from`.
fn on(words: &mut Words<'_>, parts: &mut Parts, dialect: &mut Dialect) -> Result<(), ScheduleError> {
    if days::is_weekday_next(words) {
        parts.weekdays |= days::weekdays(words)?;
        return Ok(());
    }
    let is_number = words.peek_at(1).is_some_and(|word| field::digits(word).is_some());
    match words.peek() {
        Some("minute" | "minutes" | "min" | "mins") if is_number => return times::read(words, parts, dialect),
        // `from 8am to 5pm on the minute`, or on the hour, which it is anyway.
        Some("minute") => parts.times.push(TimeOfDay::each_minute()),
        Some("hour") if dialect.is_ruby() => parts.on_the_hour(dialect)?,
        Some("hour") if !parts.times.is_empty() => {}
        Some(_) if times::is_range_next(words) => return times::range(words, parts, dialect),
        _ => {
            parts.add_days(days::of_month(words)?);
            return Ok(());
        }
    }
    words.skip(1);
    Ok(())
}

fn two_schedules(words: &[&str]) -> ScheduleError {
    let words = words.join(" ");
    ScheduleError::new(format!("`{}` is two schedules; write one task for each", words.escape_debug()))
}

fn unknown(words: &[&str]) -> ScheduleError {
    ScheduleError::new(format!(
        "`{}` is not understood; write a cron line such as `0 5 * * *`, `every 5m`, or words such as `every day at 5am`, \
         `every 2 hours`, `every monday at 9:00`, `every month on day 2 at 10:00`",
        words.join(" ").escape_debug()
    ))
}
