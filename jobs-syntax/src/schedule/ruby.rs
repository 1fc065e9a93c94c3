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

/// Reads a duration of `fugit` or `rufus-scheduler`, as `1h30m`, `10 minutes`, `1 hour and 30 seconds` or `PT1H`: what
/// follows `every` in a file of sidekiq-scheduler. A number alone is seconds.
///
/// # Errors
/// It is not a duration, or one of months or years, which have different lengths.
pub fn read_ruby_interval(text: &str) -> Result<RubySchedule, ScheduleError> {
    // In `P1DT2M`, the minutes are behind the `T`.
    let of_iso = text.trim().strip_prefix('P').map(|iso| iso.split_once('T').unwrap_or((iso, "")));
    let text = of_iso.map_or_else(|| text.to_owned(), |(date, time)| date.to_owned() + &time.to_ascii_lowercase());
    let mut duration = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (between, after) = rest.split_at(at);
        if !between.split([' ', '\t', ',']).all(|word| matches!(word, "" | "and")) {
            return Err(every(&text).err().unwrap_or_else(|| ScheduleError::new("it is not a duration")));
        }
        let (number, after) = split_where(after, |c| !c.is_ascii_digit() && c != '.');
        let (unit, after) = split_where(after.trim_start(), |c| !c.is_alphabetic());
        duration.extend([number, letter_of(unit)?]);
        rest = after;
    }
    duration.push_str(rest.trim());
    // A number alone is seconds.
    if !duration.is_empty() && duration.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        duration.push('s');
    }
    every(&duration)?;
    Ok(RubySchedule { schedule: format!("every {duration}"), zone: None, surprise: None })
}

/// The text before the first such character, and from it on.
fn split_where(text: &str, is_end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(is_end).unwrap_or(text.len()))
}

/// The letter of a unit, which may be a word. A word that is no unit stays as it is.
///
/// # Errors
/// It is a month or a year.
fn letter_of(unit: &str) -> Result<&str, ScheduleError> {
    let months = "months and years have different lengths; write a cron line, as `0 0 1 * *` for each month";
    let word = if unit == "M" { "month".to_owned() } else { unit.to_ascii_lowercase() };
    Ok(match word.as_str() {
        "month" | "months" | "year" | "years" | "y" => return Err(ScheduleError::new(months)),
        "second" | "seconds" | "sec" | "secs" | "s" => "s",
        "minute" | "minutes" | "min" | "mins" | "m" => "m",
        "hour" | "hours" | "hr" | "hrs" | "h" => "h",
        "day" | "days" | "d" => "d",
        "week" | "weeks" | "w" => "w",
        _ => unit,
    })
}
