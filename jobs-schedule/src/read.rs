//! From a text to what it says.

use crate::cron::Cron;
use crate::english;
use crate::every::span;
use crate::field::WEEKDAY;
use crate::{Fault, field};

/// When something recurs, with the zone if one is written behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// When.
    pub rhythm: Rhythm,
    /// In which zone, as it is written.
    pub zone: Option<String>,
}

/// When something recurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// When the calendar says so.
    Cron(Cron),
    /// Each time so many seconds have passed since 1970.
    Every(u64),
}

/// Reads a cron line (`0 2 * * *`), a name (`@daily`), a span (`every 5m`) or English (`every day at 5am`), each with
/// a zone behind it or without (`0 2 * * * Europe/Berlin`).
///
/// # Errors
/// Says what is wrong and what to write instead; also of a line that never fires.
pub fn read(text: &str) -> Result<Written, Fault> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (words, zone) = match words.as_slice() {
        [] => return Err(Fault::new("it is empty; write a cron line such as `0 2 * * *`, or `every 5m`")),
        [rest @ .., "in" | "on", last] | [rest @ .., last] if !rest.is_empty() && is_zone(last) => (rest, Some(*last)),
        all => (all, None),
    };
    let rhythm = rhythm(words)?;
    Ok(Written { rhythm, zone: zone.map(ToOwned::to_owned) })
}

fn rhythm(words: &[&str]) -> Result<Rhythm, Fault> {
    if let [name] = words
        && let Some(name) = name.strip_prefix('@')
    {
        return named(name).map(Rhythm::Cron);
    }
    if let ["@every", rest @ ..] = words {
        return Err(Fault::new(format!("`@every` is not known; write `every {}`", rest.join(" "))));
    }
    if let ["every", spans @ ..] = words
        && spans.first().is_some_and(|word| word.starts_with(|sign: char| sign.is_ascii_digit()))
        && !spans.iter().any(|word| field::digits(word).is_some())
    {
        return span(&spans.concat()).map(Rhythm::Every);
    }
    if words.first().is_some_and(|word| is_word(word)) {
        return english::read(words).map(Rhythm::Cron);
    }
    Cron::read(words).map(Rhythm::Cron)
}

/// Whether a line begins in English: no field of a cron line for seconds or minutes begins with a letter.
fn is_word(word: &str) -> bool {
    word.starts_with(|sign: char| sign.is_ascii_alphabetic())
}

/// Whether this can only be a zone: a name with a slash before a letter, or a word that is no weekday.
fn is_zone(word: &str) -> bool {
    const SHORT: [&str; 4] = ["utc", "gmt", "zulu", "z"];
    if SHORT.contains(&word.to_ascii_lowercase().as_str()) {
        return true;
    }
    word.split_once('/').is_some_and(|(before, after)| {
        is_word(before) && is_word(after) && before.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'_')
    }) && WEEKDAY.read(word).is_err()
}

/// `@daily` and its kin.
fn named(name: &str) -> Result<Cron, Fault> {
    let line = match name {
        "yearly" | "annually" => "0 0 1 1 *",
        "monthly" => "0 0 1 * *",
        "weekly" => "0 0 * * 0",
        "daily" | "midnight" => "0 0 * * *",
        "noon" => "0 12 * * *",
        "hourly" => "0 * * * *",
        "reboot" => return Err(Fault::new("`@reboot` is no time; enqueue the job where the program starts")),
        _ => {
            return Err(Fault::new(format!(
                "`@{}` is not known; there is `@yearly`, `@monthly`, `@weekly`, `@daily`, `@noon`, `@hourly`",
                name.escape_debug()
            )));
        }
    };
    Cron::read(&line.split(' ').collect::<Vec<_>>())
}
