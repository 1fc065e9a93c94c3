//! Reads times of day in English.

use crate::schedule::ScheduleError;
use crate::schedule::dialect::Dialect;
use crate::schedule::english::parts::{Grade, Parts, TimeOfDay};
use crate::schedule::english::word_stream::Words;
use crate::schedule::field::{Field, HOUR, MINUTE, SECOND, Unit, digits};

/// Times such as `5am`, `9:00 and 17:00`, `five thirty pm` or `noon`, or the minutes of each hour, as `minute 12`.
///
/// # Errors
/// A word is not a time of day.
pub(crate) fn read(words: &mut Words<'_>, parts: &mut Parts, dialect: &mut Dialect) -> Result<(), ScheduleError> {
    loop {
        if let Some(unit) = words.peek().and_then(point).filter(|unit| *unit != HOUR || dialect.is_ruby()) {
            words.next();
            at_point(words, parts, unit, dialect)?;
        } else {
            let (hour, minute) = time(words)?;
            parts.times.push(TimeOfDay::at(hour, minute));
        }
        let is_time = |words: &Words<'_>| is_next(words) || words.peek().is_some_and(|word| point(word).is_some());
        if !words.eat_joint(is_time) {
            return Ok(());
        }
    }
}

/// Whether a time of day follows.
pub(crate) fn is_next(words: &Words<'_>) -> bool {
    time(&mut words.clone()).is_ok()
}

/// Whether two times follow, as `8am to 5pm`.
pub(crate) fn is_range_next(words: &Words<'_>) -> bool {
    let mut words = words.clone();
    time(&mut words).is_ok() && words.eat(&["to", "through", "-"])
}

/// The hours of `8am to 5pm`.
pub(crate) fn range(words: &mut Words<'_>, parts: &mut Parts, dialect: &mut Dialect) -> Result<(), ScheduleError> {
    let (from, minute) = time(words)?;
    words.eat(&["to", "through", "-"]);
    let is_end_of_day = words.peek().is_some_and(|word| word.starts_with("24"));
    let (to, other) = time(words)?;
    let advice = "hours from one time to another are whole hours, as `from 8am to 5pm`";
    if minute != other {
        return Err(ScheduleError::new(advice));
    }
    if minute != 0 {
        dialect.surprise(advice, "the minutes of times with `to` between them do not count")?;
    }
    // The last hour of `9:00 to 24:00` is that of midnight.
    let hours = if is_end_of_day { Field::between(from, 23).or(Field::only(0)) } else { Field::between(from, to) };
    parts.times.push(TimeOfDay { hours, minutes: Field::only(0), grade: Grade::Hours { from, to } });
    Ok(())
}

/// The unit of `minute 12` and `second 30`.
fn point(word: &str) -> Option<Unit> {
    match word {
        "minute" | "minutes" | "min" | "mins" => Some(MINUTE),
        "second" | "seconds" | "sec" | "secs" => Some(SECOND),
        "hour" | "hours" | "hou" | "h" => Some(HOUR),
        _ => None,
    }
}

/// The numbers after `minute`.
fn at_point(words: &mut Words<'_>, parts: &mut Parts, unit: Unit, dialect: &mut Dialect) -> Result<(), ScheduleError> {
    let mut set = 0;
    loop {
        let word = words.next().unwrap_or_default().to_owned();
        set |= 1_u64 << unit.number(&word)?;
        let is_number = |words: &Words<'_>| words.peek().is_some_and(|word| digits(word).is_some());
        let again = words.eat_joint(|words| is_number(words) || words.peek().and_then(point) == Some(unit));
        if !again {
            break;
        }
        words.eat(&["minute", "minutes", "second", "seconds"]);
    }
    let numbers = Field { set, is_star: false };
    match unit {
        MINUTE => parts.times.push(TimeOfDay { hours: HOUR.all(), minutes: numbers, grade: Grade::Minutes }),
        SECOND => parts.add_seconds(numbers, dialect)?,
        _ => dialect
            .surprise("write the hour as `at 5:00`", "an hour after `at hour` does not count, as `at 5:00` does")?,
    }
    Ok(())
}

/// The hour and the minute.
fn time(words: &mut Words<'_>) -> Result<(u32, u32), ScheduleError> {
    let word = words.next().unwrap_or_default().to_owned();
    let wrong = || {
        let word = word.escape_debug();
        ScheduleError::new(format!("`{word}` is not a time of day; write it as `17:30`, `5pm`, `noon` or `midnight`"))
    };
    match word.as_str() {
        "" => return Err(ScheduleError::new("no time follows `at`")),
        "noon" | "midday" => return Ok((12, 0)),
        "midnight" => return Ok((0, 0)),
        _ => {}
    }
    let (text, half) = half_of_day(&word, words);
    let (hour, minute) = if let Some(hour) = NUMBERS.iter().take(13).position(|name| *name == text || text == "oh") {
        words.eat(&["dark"]);
        let minute = words.peek().and_then(named_minute);
        words.skip(usize::from(minute.is_some()));
        (u32::try_from(hour).ok(), Some(minute.unwrap_or(0)))
    } else {
        let (hour, minute) = text.split_once(':').unwrap_or((text, "0"));
        (digits(hour), digits(minute))
    };
    let (hour, minute) = hour.zip(minute).ok_or_else(wrong)?;
    // In `five thirty pm` the half of the day stands after the minutes.
    let half = half.or_else(|| half_word(words));
    let hour = match half {
        None => hour % 24 + if hour > 24 { 24 } else { 0 },
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        // For `fugit` the half of the day says nothing about `13pm` and `0am`.
        Some(half) if words.are_ruby() && hour <= 24 => {
            if hour == 0 {
                half
            } else {
                hour % 24
            }
        }
        Some(_) => return Err(wrong()),
    };
    if hour < 24 && minute < 60 { Ok((hour, minute)) } else { Err(wrong()) }
}

/// The time without `am` or `pm` at its end, and the hours that this adds.
fn half_of_day<'w>(word: &'w str, words: &mut Words<'_>) -> (&'w str, Option<u32>) {
    match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(text), _) => (text, Some(0)),
        (_, Some(text)) => (text, Some(12)),
        _ => (word, half_word(words)),
    }
}

/// `am` or `pm` as a word of its own.
fn half_word(words: &mut Words<'_>) -> Option<u32> {
    if words.eat(&["am", "midnight"]) {
        return Some(0);
    }
    words.eat(&["pm", "noon", "midday"]).then_some(12)
}

const NUMBERS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS: [(&str, u32); 4] = [("twenty", 20), ("thirty", 30), ("forty", 40), ("fifty", 50)];

/// `thirty`, `forty-five`, `o'clock`.
fn named_minute(word: &str) -> Option<u32> {
    if matches!(word, "o'clock" | "hundred") {
        return Some(0);
    }
    let number = |word: &str| NUMBERS.iter().position(|name| *name == word).and_then(|index| u32::try_from(index).ok());
    let (tens, ones) = word.split_once('-').unwrap_or((word, "zero"));
    let tens = TENS.iter().find(|(name, _)| *name == tens).map(|(_, tens)| *tens);
    tens.zip(number(ones).filter(|ones| *ones < 10)).map(|(tens, ones)| tens + ones).or_else(|| number(word))
}
