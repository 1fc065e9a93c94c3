//! Reads intervals in English: `minute`, `5 minutes`, `2 hours`, `3 months`, `minute starting at minute 10`.

use crate::schedule::ScheduleError;
use crate::schedule::dialect::Dialect;
use crate::schedule::english::parts::{Grade, Parts, TimeOfDay};
use crate::schedule::english::word_stream::Words;
use crate::schedule::field::{DAY, Field, HOUR, MINUTE, MONTH, SECOND, Unit, digits};

/// What an interval counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    Of(Unit),
    Week,
    Year,
}

/// The interval that follows `every`.
///
/// # Errors
/// A word is not understood, or the interval does not divide the next larger unit and so has two possible meanings.
pub(crate) fn read(words: &mut Words<'_>, parts: &mut Parts, dialect: &mut Dialect) -> Result<(), ScheduleError> {
    let (count, unit) = count_and_unit(words);
    let word = unit.to_ascii_lowercase();
    let span = span(&unit).ok_or_else(|| {
        ScheduleError::new(format!(
            "`{}` is not understood; write `every 5 minutes`, `every day at 5am`, `every monday at 9:00`, `every month on day 2 \
             at 10:00`, or a cron line such as `0 5 * * *`",
            word.escape_debug()
        ))
    })?;
    if count == 0 {
        return Err(ScheduleError::new(format!(
            "`every 0 {word}` never moves on; write `every minute` or another interval"
        )));
    }
    let from = start(words)?;
    let (count, span) = if dialect.is_ruby() && count < 100 { (count, span) } else { reduced(count, span, from) };
    match span {
        Span::Of(unit) => {
            let is_alone = words.peek().is_none() && parts.is_empty();
            // A step of `fugit` has two digits.
            let of_steps = if count < 100 { &mut *dialect } else { &mut Dialect::Own };
            let field = steps(unit, count, from, is_alone, of_steps)?;
            add(parts, unit, field, dialect)?;
        }
        Span::Week if count == 1 => parts.is_weekly = true,
        Span::Year if count == 1 => {
            parts.months = Some(Field::only(1));
            parts.is_yearly = true;
        }
        Span::Week => return Err(weeks(count, words, parts, dialect)),
        Span::Year => {
            return Err(ScheduleError::new(format!(
                "a cron line has no years, so not {count} of them either; write `every year`, and let the job look at the year"
            )));
        }
    }
    Ok(())
}

/// Whether an interval of seconds, minutes or hours follows.
pub(crate) fn is_of_time_next(words: &Words<'_>) -> bool {
    let (_, unit) = count_and_unit(&mut words.clone());
    matches!(span(&unit), Some(Span::Of(SECOND | MINUTE | HOUR)))
}

/// The error of an interval of several weeks. The advice keeps the day and the time that are named beside it.
fn weeks(count: u32, words: &Words<'_>, parts: &Parts, dialect: &Dialect) -> ScheduleError {
    let rest: String =
        words.rest().map(|word| if word == "," { word.to_owned() } else { format!(" {word}") }).collect();
    let weekly = if parts.is_empty() { format!("`every week{rest}`") } else { "`every week`".to_owned() };
    let look = "and let the job look at the week of its tick, `ctx.tick()`";
    ScheduleError::new(if dialect.is_ruby() {
        format!("a cron line has no weeks, so not {count} of them either; write {weekly}, {look}")
    } else if rest.is_empty() && parts.is_empty() {
        format!(
            "`every {count} weeks` could begin in any week; write `every {count}w` for an even rhythm since 1970, or {weekly}, {look}"
        )
    } else {
        format!("`every {count} weeks` could begin in any week; write {weekly}, {look}")
    })
}

/// The number, which is one if it is left out, and the word for the unit as it is written.
fn count_and_unit(words: &mut Words<'_>) -> (u32, String) {
    let written = words.written().unwrap_or_default();
    words.next();
    if let Some(count) = digits(written) {
        let unit = words.written().unwrap_or_default().to_owned();
        words.next();
        return (count, unit);
    }
    // `5m` in one word.
    let end = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(written.len());
    let (number, unit) = written.split_at(end);
    digits(number).map_or_else(|| (1, written.to_owned()), |count| (count, unit.to_owned()))
}

fn span(word: &str) -> Option<Span> {
    // As in `fugit`, the capital `M` is a month.
    if word == "M" {
        return Some(Span::Of(MONTH));
    }
    Some(match word.to_ascii_lowercase().as_str() {
        "second" | "seconds" | "sec" | "secs" | "s" => Span::Of(SECOND),
        "minute" | "minutes" | "min" | "mins" | "m" => Span::Of(MINUTE),
        "hour" | "hours" | "hr" | "hrs" | "h" => Span::Of(HOUR),
        "day" | "days" | "d" => Span::Of(DAY),
        "week" | "weeks" | "w" => Span::Week,
        "month" | "months" => Span::Of(MONTH),
        "year" | "years" | "y" => Span::Year,
        _ => return None,
    })
}

/// The number after `starting at minute` or `from minute`.
fn start(words: &mut Words<'_>) -> Result<Option<u32>, ScheduleError> {
    let mut after = words.clone();
    let begins = after.eat(&["from"]) || (after.eat(&["starting"]) && after.eat(&["at"]));
    if !begins || after.peek().and_then(span).is_none() || after.peek_at(1).and_then(digits).is_none() {
        return Ok(None);
    }
    let unit = after.next().and_then(span);
    let number = after.next().unwrap_or_default().to_owned();
    *words = after;
    match unit {
        Some(Span::Of(unit)) => unit.number(&number).map(Some),
        _ => Err(ScheduleError::new("an interval starts at a second, minute, hour, day or month, as `from minute 10`")),
    }
}

/// Sixty seconds are one minute, and so on.
fn reduced(count: u32, span: Span, from: Option<u32>) -> (u32, Span) {
    let (whole, larger) = match span {
        Span::Of(SECOND) => (60, Span::Of(MINUTE)),
        Span::Of(MINUTE) => (60, Span::Of(HOUR)),
        Span::Of(HOUR) => (24, Span::Of(DAY)),
        Span::Of(MONTH) => (12, Span::Year),
        _ => return (count, span),
    };
    if from.is_none() && count.is_multiple_of(whole) { reduced(count / whole, larger, from) } else { (count, span) }
}

/// Every `count` numbers of the unit.
fn steps(
    unit: Unit,
    count: u32,
    from: Option<u32>,
    is_alone: bool,
    dialect: &mut Dialect,
) -> Result<Field, ScheduleError> {
    let divides = count == 1 || (unit != DAY && unit.size().is_multiple_of(count));
    if !divides {
        let name = if unit == DAY { "day" } else { unit.name };
        let why = format!("`every {count} {name}s` begins anew with each {}", round(unit));
        dialect.surprise(advice(unit, name, count, is_alone && from.is_none()), why)?;
    }
    Ok(unit.every(from.unwrap_or(unit.first()), count))
}

/// What the numbers of the unit begin anew with.
fn round(unit: Unit) -> &'static str {
    match unit {
        SECOND => "minute",
        MINUTE => "hour",
        HOUR => "day",
        DAY => "month",
        _ => "year",
    }
}

/// Both ways to write an interval that has two meanings. A whole line is only right for an interval that is alone.
fn advice(unit: Unit, name: &str, count: u32, is_alone: bool) -> String {
    let alone = if is_alone { "" } else { " alone" };
    let even = unit.letter().map(|letter| format!("`every {count}{letter}`{alone} for an even rhythm"));
    let line = match unit {
        SECOND => format!("*/{count} * * * * *"),
        MINUTE => format!("*/{count} * * * *"),
        HOUR => format!("0 */{count} * * *"),
        DAY => format!("0 0 */{count} * *"),
        _ => format!("0 0 1 */{count} *"),
    };
    let line = if is_alone { format!("`{line}`") } else { format!("a cron line with `*/{count}` as its {name}") };
    let line = (count < unit.size()).then(|| format!("{line} to begin anew with each {}", round(unit)));
    let ways: Vec<String> = even.into_iter().chain(line).collect();
    let ways = if ways.is_empty() { "`every year`, or a cron line".to_owned() } else { ways.join(", or ") };
    format!("an interval of {count} {name}s could begin anew with each {} or not; write {ways}", round(unit))
}

fn add(parts: &mut Parts, unit: Unit, field: Field, dialect: &mut Dialect) -> Result<(), ScheduleError> {
    let zero = Field::only(0);
    match unit {
        SECOND => parts.add_seconds(field, dialect)?,
        MINUTE => parts.times.push(TimeOfDay { hours: HOUR.all(), minutes: field, grade: Grade::Minutes }),
        HOUR => parts.times.push(TimeOfDay { hours: field, minutes: zero, grade: Grade::Interval }),
        DAY => parts.every_days = Some(field),
        _ => parts.months = Some(field),
    }
    Ok(())
}
