//! Reads times of day in English.

use crate::schedule::ScheduleError;
use crate::schedule::field::{Field, digits};

/// The minutes and hours of times such as `5am`, `9:00 and 17:00` or `noon`.
///
/// # Errors
/// A word is not a time of day, or the times differ in their minute, which takes two schedules.
pub(crate) fn read(words: &[&str]) -> Result<(Field, Field), ScheduleError> {
    let mut times = Vec::new();
    let mut rest = words;
    while let [word, after @ ..] = rest {
        rest = after;
        if matches!(*word, "and" | "at") {
            continue;
        }
        // `5 pm` in two words.
        let (text, after) = match after {
            [half @ ("am" | "pm"), after @ ..] => (format!("{word}{half}"), after),
            _ => ((*word).to_owned(), after),
        };
        rest = after;
        times.push(time(&text)?);
    }
    let Some((_, minute)) = times.first().copied() else { return Err(ScheduleError::new("no time follows `at`")) };
    if times.iter().any(|(_, other)| *other != minute) {
        return Err(ScheduleError::new(
            "these times are not at the same minute of the hour, which is two schedules; write one task for each",
        ));
    }
    let hours = times.iter().fold(0, |set, (hour, _)| set | 1 << hour);
    Ok((Field::only(minute), Field { set: hours, is_star: false }))
}

/// The hour and the minute.
fn time(word: &str) -> Result<(u32, u32), ScheduleError> {
    let wrong = || {
        let word = word.escape_debug();
        ScheduleError::new(format!("`{word}` is not a time of day; write it as `17:30`, `5pm`, `noon` or `midnight`"))
    };
    let (text, half) = match word {
        "noon" => return Ok((12, 0)),
        "midnight" => return Ok((0, 0)),
        _ => match (word.strip_suffix("am"), word.strip_suffix("pm")) {
            (Some(text), _) => (text, Some(0)),
            (_, Some(text)) => (text, Some(12)),
            _ => (word, None),
        },
    };
    let (hour, minute) = text.split_once(':').unwrap_or((text, "0"));
    let (hour, minute) = digits(hour).zip(digits(minute)).ok_or_else(wrong)?;
    let hour = match half {
        None => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return Err(wrong()),
    };
    if hour < 24 && minute < 60 { Ok((hour, minute)) } else { Err(wrong()) }
}
