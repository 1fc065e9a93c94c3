//! Reads the English that users of Solid Queue write: `every day at 5am`, `every 2 hours`, `every month on day 2 at 10:00`.
//!
//! Text with two possible meanings is refused, and the message says how to write each of them.

use crate::schedule::cron::Cron;
use crate::schedule::field::{DAY, Field, HOUR, MINUTE, SECOND, Unit, WEEKDAY, digits};
use crate::schedule::{ScheduleError, times};

/// Reads words as the cron line that they mean.
///
/// # Errors
/// A word is not understood, or the words have two possible meanings.
pub(crate) fn read(words: &[&str]) -> Result<Cron, ScheduleError> {
    let words: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase().replace(',', " and ")).collect();
    let words: Vec<&str> =
        words.iter().flat_map(|words| words.split_whitespace()).filter(|word| *word != "the").collect();
    match words.as_slice() {
        // `at 5am every day`
        ["at", rest @ ..] => {
            let every = rest.iter().position(|word| matches!(*word, "every" | "on"));
            let (times, days) = rest.split_at(every.unwrap_or(rest.len()));
            on_days(days.get(1..).unwrap_or(&["day"]), Some(times))
        }
        ["every", "hour", "at", "minute", minute] => Ok(hourly(MINUTE.number(minute)?)),
        ["every", number, unit] if digits(number).is_some() => {
            every(digits(number).unwrap_or(0), unit.strip_suffix('s').unwrap_or(unit))
        }
        ["every", unit @ ("second" | "minute" | "hour" | "day")] => every(1, unit),
        ["every", time @ ("noon" | "midnight")] => on_days(&["day"], Some(&[time])),
        ["every", rest @ ..] => {
            let at = rest.iter().position(|word| *word == "at");
            let (days, times) = rest.split_at(at.unwrap_or(rest.len()));
            on_days(days, times.get(1..))
        }
        _ => Err(unknown(&words.join(" "))),
    }
}

/// Every `number` units, if that divides the next larger unit evenly.
fn every(number: u32, unit: &str) -> Result<Cron, ScheduleError> {
    let zero = Field::only(0);
    let step = |unit: Unit, whole: u32| steps(unit, number, whole);
    match unit {
        "second" => Ok(Cron::daily(step(SECOND, 60)?, MINUTE.all(), HOUR.all())),
        "minute" => Ok(Cron::daily(zero, step(MINUTE, 60)?, HOUR.all())),
        "hour" => Ok(Cron::daily(zero, zero, step(HOUR, 24)?)),
        "day" if number == 1 => Ok(Cron::daily(zero, zero, zero)),
        "day" => Err(ScheduleError::new(format!(
            "`every {number} days` could begin anew with each month or not; write `0 0 */{number} * *`, or `every \
             {number}d` for an even rhythm"
        ))),
        _ => Err(unknown(&format!("every {number} {unit}"))),
    }
}

fn steps(unit: Unit, number: u32, whole: u32) -> Result<Field, ScheduleError> {
    if number == 1 {
        return Ok(unit.all());
    }
    if number > 0 && number < whole && whole.is_multiple_of(number) {
        return unit.read(&format!("*/{number}"));
    }
    let (name, letter) = (unit.name, &unit.name[..1]);
    Err(ScheduleError::new(format!(
        "`every {number} {name}s` does not divide the {whole} there are, so it could begin anew or not; write `every \
         {number}{letter}` for an even rhythm, or a cron line with `*/{number}`"
    )))
}

/// At one minute of each hour.
fn hourly(minute: u32) -> Cron {
    Cron::daily(Field::only(0), Field::only(minute), HOUR.all())
}

/// On the named days, at midnight unless times are given.
fn on_days(days: &[&str], at: Option<&[&str]>) -> Result<Cron, ScheduleError> {
    let (minutes, hours) = match at {
        Some(words) => times::read(words)?,
        None => (Field::only(0), Field::only(0)),
    };
    let mut cron = Cron::daily(Field::only(0), minutes, hours);
    match days {
        ["day"] => {}
        ["week"] => cron.weekdays = Field::only(0),
        ["month"] => cron.days = Field::only(1),
        ["month", "on", rest @ ..] => cron.days = days_of_month(rest)?,
        names => cron.weekdays = weekdays(names)?,
    }
    Ok(cron)
}

/// `day 2`, `1st`, `day 1 and 15`.
fn days_of_month(words: &[&str]) -> Result<Field, ScheduleError> {
    let ordinal = |word: &str| {
        let bare = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
        DAY.number(bare)
    };
    let named = words.iter().filter(|word| !matches!(**word, "day" | "days" | "and"));
    let set = named.map(|word| ordinal(word)).try_fold(0, |set, day| day.map(|day| set | 1_u64 << day))?;
    if set == 0 { Err(unknown(&words.join(" "))) } else { Ok(Field { set, is_star: false }) }
}

/// `monday`, `mondays and fridays`, `monday to friday`, `weekday`.
fn weekdays(words: &[&str]) -> Result<Field, ScheduleError> {
    let day = |word: &str| WEEKDAY.named(word).or_else(|| WEEKDAY.named(word.strip_suffix('s').unwrap_or(word)));
    let mut set = 0;
    match words {
        ["weekday" | "weekdays"] => return WEEKDAY.read("1-5"),
        ["weekend" | "weekends"] => return WEEKDAY.read("6,0"),
        [from, "to" | "through" | "-", to] => {
            let (from, to) = day(from).zip(day(to)).ok_or_else(|| unknown(&words.join(" ")))?;
            return WEEKDAY.read(&format!("{from}-{to}"));
        }
        _ => {}
    }
    for word in words.iter().filter(|word| !matches!(**word, "and" | "on")) {
        set |= 1 << day(word).ok_or_else(|| unknown(word))?;
    }
    if set == 0 { Err(unknown(&words.join(" "))) } else { Ok(Field { set, is_star: false }) }
}

fn unknown(words: &str) -> ScheduleError {
    ScheduleError::new(format!(
        "`{}` is not understood; write a cron line such as `0 5 * * *`, `every 5m`, or words such as `every day at 5am`, \
         `every 2 hours`, `every monday at 9:00`, `every month on day 2 at 10:00`",
        words.escape_debug()
    ))
}
