//! Reads a schedule: chooses between a cron line, a name, a duration and English.

use std::time::Duration;

use crate::duration::{self, DurationError};
use crate::schedule::cron::Cron;
use crate::schedule::dialect::Dialect;
use crate::schedule::{ScheduleError, english, field, zones};

/// A schedule as it is written: when something recurs, and the time zone if the text names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// When.
    pub rhythm: Rhythm,
    /// The name of the time zone, as it is written.
    pub zone: Option<String>,
}

/// When something recurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// At the times of a cron line.
    Cron(Cron),
    /// Each time this many seconds have passed since 1970.
    Every(u64),
}

/// The longest schedule in bytes. A cron line that lists every value of every field is shorter.
const LONGEST_TEXT: usize = 1_000;

/// Reads a cron line (`0 2 * * *`), a name (`@daily`), a duration (`every 5m`) or English (`every day at 5am`), each with
/// or without a time zone after it (`0 2 * * * Europe/Berlin`).
///
/// # Errors
/// Says what is wrong and what to write instead. A line that never fires is an error too.
pub fn read(text: &str) -> Result<Written, ScheduleError> {
    let (words, zone) = split(text)?;
    let rhythm = rhythm(&words, &mut Dialect::Own)?;
    Ok(Written { rhythm, zone: zone.map(ToOwned::to_owned) })
}

/// The words of the schedule, and the time zone after it.
pub(crate) fn split(text: &str) -> Result<(Vec<&str>, Option<&str>), ScheduleError> {
    if text.len() > LONGEST_TEXT {
        return Err(ScheduleError::new(format!("it is longer than {LONGEST_TEXT} bytes")));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [] => Err(ScheduleError::new("it is empty; write a cron line such as `0 2 * * *`, or `every 5m`")),
        [rest @ .., "in" | "on", last] | [rest @ .., last] if !rest.is_empty() && zones::is_zone_after(rest, last) => {
            Ok((rest.to_vec(), Some(*last)))
        }
        _ => Ok((words, None)),
    }
}

pub(crate) fn rhythm(words: &[&str], dialect: &mut Dialect) -> Result<Rhythm, ScheduleError> {
    if let [name] = words
        && let Some(name) = name.strip_prefix('@')
    {
        return named(name).map(Rhythm::Cron);
    }
    if let ["@every", rest @ ..] = words {
        return Err(ScheduleError::new(format!("`@every` is not known; write `every {}`", rest.join(" "))));
    }
    if let ["every", durations @ ..] = words
        && durations.first().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        && durations.iter().all(|word| is_duration(word))
        && !(dialect.is_ruby() && durations.len() == 1 && is_one_span(durations))
    {
        return every(&durations.concat()).map(Rhythm::Every);
    }
    if words.first().is_some_and(|word| is_word(word)) || words.iter().any(|word| word.eq_ignore_ascii_case("every")) {
        return english::read(words, dialect).map(Rhythm::Cron);
    }
    Cron::read(words, dialect).map(Rhythm::Cron)
}

/// Whether it is one number with one letter, which `fugit` takes for a cron line: `5m`.
fn is_one_span(durations: &[&str]) -> bool {
    let letters = |word: &&str| word.bytes().filter(u8::is_ascii_alphabetic).count();
    durations.first().is_some_and(|word| letters(word) == 1 && !word.contains('.'))
}

/// Whether the word begins with a number and has a unit behind it, as `1h30m`; `1st` is a day.
fn is_duration(word: &str) -> bool {
    let is_ordinal =
        ["st", "nd", "rd", "th"].iter().any(|end| word.strip_suffix(end).and_then(field::digits).is_some());
    let is_time = word.contains(':') || word.ends_with("am") || word.ends_with("pm");
    word.starts_with(|c: char| c.is_ascii_digit())
        && field::digits(word).is_none()
        && !is_ordinal
        && !is_time
        && !word.contains(',')
}

/// The longest duration between two ticks.
const LONGEST: Duration = Duration::from_secs(36_525 * 86_400);

/// The seconds of `every 5m`.
pub(crate) fn every(text: &str) -> Result<u64, ScheduleError> {
    let duration = duration::parse(text, LONGEST).map_err(|error| match error {
        DurationError::TooLong { text, .. } => ScheduleError::new(format!("`{text}` is longer than a hundred years")),
        other => ScheduleError::new(other.to_string()),
    })?;
    if duration.is_zero() || duration.subsec_nanos() != 0 {
        return Err(ScheduleError::new(format!(
            "`{text}` is not a number of whole seconds; write one such as `every 5m`"
        )));
    }
    Ok(duration.as_secs())
}

/// Whether the line is English: the first field of a cron line never begins with a letter.
fn is_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// The line that a name such as `@daily` stands for.
fn named(name: &str) -> Result<Cron, ScheduleError> {
    let line = match name {
        "yearly" | "annually" => "0 0 1 1 *",
        "monthly" => "0 0 1 * *",
        "weekly" => "0 0 * * 0",
        "daily" | "midnight" => "0 0 * * *",
        "noon" => "0 12 * * *",
        "hourly" => "0 * * * *",
        "reboot" => {
            return Err(ScheduleError::new("`@reboot` is not a time; enqueue the job where the program starts"));
        }
        _ => {
            return Err(ScheduleError::new(format!(
                "`@{}` is not known; there is `@yearly`, `@monthly`, `@weekly`, `@daily`, `@noon`, `@hourly`",
                name.escape_debug()
            )));
        }
    };
    Cron::read(&line.split(' ').collect::<Vec<_>>(), &mut Dialect::Own)
}
