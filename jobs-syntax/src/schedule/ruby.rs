//! Reads a schedule as Ruby's `fugit` (1.14) reads it, and writes it so that it means the same here.

use crate::schedule::dialect::Dialect;
use crate::schedule::read::{Rhythm, every, rhythm, split};
use crate::schedule::zones::{is_zone, rails_zone};
use crate::schedule::{ScheduleError, read};

/// A schedule of a Ruby project's file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RubySchedule {
    /// The schedule without its time zone, as [`read`] reads it. As it was written if it means the same here.
    pub schedule: String,
    /// The time zone that was written behind it, by its name in the IANA database if it has one.
    pub zone: Option<String>,
    /// What may surprise the author, in words. It ends with what the schedule means.
    pub surprise: Option<String>,
}

/// Reads a schedule of a file of Solid Queue, sidekiq-cron or sidekiq-scheduler.
///
/// What [`read`] refuses because of two meanings has the meaning that `fugit` gives it: `every 2 days` begins anew with
/// each month, `*/90` matches once. Rails' names of time zones are read, and offsets of whole hours.
///
/// # Errors
/// As [`read`], for a text without any meaning.
pub fn read_ruby(text: &str) -> Result<RubySchedule, ScheduleError> {
    let (words, zone) =
        rails_zone_after(text).map_or_else(|| split(text).map(|(words, zone)| (words, zone.map(known_name))), Ok)?;
    let (words, zone) = if zone.is_none() { without_zone_between(words) } else { (words, zone) };
    let mut dialect = Dialect::Ruby(Vec::new());
    let meant = rhythm(&words, &mut dialect)?;
    let Dialect::Ruby(notes) = dialect else { return Err(ScheduleError::new("it is not read")) };
    let written = words.join(" ");
    let is_same = read(&written).is_ok_and(|own| own.rhythm == meant && own.zone.is_none());
    let line = match &meant {
        Rhythm::Cron(cron) if !is_same => cron.line(),
        _ => written,
    };
    let surprise = (!notes.is_empty()).then(|| format!("{}: it runs {meant}", notes.join("; ")));
    Ok(RubySchedule { schedule: line, zone, surprise })
}

/// The words before a name of Rails at the end, which may have several words, and the zone of that name.
fn rails_zone_after(text: &str) -> Option<(Vec<&str>, Option<String>)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (words.len().saturating_sub(MOST_WORDS).max(1)..words.len()).find_map(|at| {
        let (before, after) = words.split_at(at);
        let (name, is_capital) = (after.join(" "), after.first()?.starts_with(|c: char| c.is_uppercase()));
        let zone =
            if is_capital && !is_zone(&name) { rails_zone(&name).map(str::to_owned) } else { offset_zone(&name) };
        let before = before.strip_suffix(&["in"]).or_else(|| before.strip_suffix(&["on"])).unwrap_or(before);
        zone.map(|zone| (before.to_vec(), Some(zone)))
    })
}

/// English may name the zone between other words: `every day in Europe/Berlin at 5am`.
fn without_zone_between(mut words: Vec<&str>) -> (Vec<&str>, Option<String>) {
    let is_english = words.iter().any(|word| word.eq_ignore_ascii_case("every"));
    let zone_of = |word: &str| {
        let is_name = is_zone(word) && word.starts_with(|c: char| c.is_uppercase());
        if is_name { Some(known_name(word)) } else { offset_zone(word) }
    };
    let mut zones = words.iter().enumerate().filter_map(|(at, word)| Some((at, zone_of(word.trim_end_matches(','))?)));
    let Some((at, zone)) = zones.next().filter(|_| is_english) else { return (words, None) };
    words.remove(at);
    let before = at.checked_sub(1).filter(|before| matches!(words.get(*before), Some(&"in" | &"on")));
    before.map(|before| words.remove(before));
    (words, Some(zone))
}

/// The words of the longest name of Rails.
const MOST_WORDS: usize = 5;

/// The zone of an offset, as `+02:00`. The signs of `Etc` are those of POSIX, west is positive.
fn offset_zone(offset: &str) -> Option<String> {
    let (sign, digits) = match offset.split_at_checked(1)? {
        ("+", digits) => ('-', digits),
        ("-", digits) => ('+', digits),
        _ => return None,
    };
    if let Some((_, name)) = UNEVEN.iter().find(|(uneven, _)| *uneven == offset) {
        return Some((*name).to_owned());
    }
    let hours = digits.strip_suffix(":00").or_else(|| digits.strip_suffix("00"))?;
    let hours: u8 = hours.parse().ok().filter(|_| hours.len() == 2)?;
    let name = if hours == 0 { "UTC".to_owned() } else { format!("Etc/GMT{sign}{hours}") };
    is_zone(&name).then_some(name)
}

/// Offsets that are no whole hours, each with a zone that has it all year.
const UNEVEN: [(&str, &str); 8] = [
    ("-09:30", "Pacific/Marquesas"),
    ("+03:30", "Asia/Tehran"),
    ("+04:30", "Asia/Kabul"),
    ("+05:30", "Asia/Kolkata"),
    ("+05:45", "Asia/Kathmandu"),
    ("+06:30", "Asia/Yangon"),
    ("+08:45", "Australia/Eucla"),
    ("+09:30", "Australia/Darwin"),
];

/// `Z` by its name in the IANA database; other names as they are.
fn known_name(zone: &str) -> String {
    if zone.eq_ignore_ascii_case("zulu") { "UTC".to_owned() } else { zone.to_owned() }
}

/// Reads a duration of `fugit` or `rufus-scheduler`, as `1h30m`, `10 minutes` or `1 hour and 30 seconds`: what follows
/// `every` in a file of sidekiq-scheduler.
///
/// # Errors
/// It is not a duration, or one of months or years, which have different lengths.
pub fn read_ruby_interval(text: &str) -> Result<RubySchedule, ScheduleError> {
    let mut duration = String::new();
    for part in text.split(|c: char| c.is_whitespace() || c == ',').filter(|part| !part.is_empty() && *part != "and") {
        let unit_at = part.find(|c: char| c.is_alphabetic());
        match unit_at.map(|at| part.split_at(at)) {
            Some((number, word)) if let Some(letter) = letter_of(word) => duration.extend([number, letter]),
            _ => duration.push_str(part),
        }
    }
    // A number alone is seconds.
    if !duration.is_empty() && duration.bytes().all(|byte| byte.is_ascii_digit()) {
        duration.push('s');
    }
    let is_of_months = |part: &str| ["month", "year"].iter().any(|unit| part.starts_with(unit));
    if text.split(|c: char| c.is_ascii_digit() || c.is_whitespace()).any(is_of_months) {
        let message = "months and years have different lengths; write a cron line, as `0 0 1 * *` for each month";
        return Err(ScheduleError::new(message));
    }
    every(&duration)?;
    Ok(RubySchedule { schedule: format!("every {duration}"), zone: None, surprise: None })
}

/// The letter of a unit that is written as a word.
fn letter_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "second" | "seconds" | "sec" | "secs" => "s",
        "minute" | "minutes" | "min" | "mins" => "m",
        "hour" | "hours" | "hr" | "hrs" => "h",
        "day" | "days" => "d",
        "week" | "weeks" => "w",
        _ => return None,
    })
}
