//! The names of the time zones, without their rules.

use crate::schedule::field::WEEKDAY;

/// Whether the IANA database has a zone with this name.
pub fn is_zone(name: &str) -> bool {
    zones().any(|zone| zone == name)
}

/// The names of all zones, sorted by their bytes.
pub fn zones() -> impl Iterator<Item = &'static str> {
    include_str!("zones.txt").lines()
}

/// The zone of the IANA database for a name of Rails, as `America/New_York` for `Eastern Time (US & Canada)`. The names
/// are those of `ActiveSupport::TimeZone::MAPPING`.
pub fn rails_zone(name: &str) -> Option<&'static str> {
    let mut pairs = include_str!("rails_zones.txt").lines().filter_map(|line| line.split_once('\t'));
    pairs.find(|(rails, _)| rails.eq_ignore_ascii_case(name)).map(|(_, zone)| zone)
}

/// Words of English schedules that are sometimes written in capitals.
const WORDS: [&str; 9] = ["AM", "PM", "NOON", "DAY", "HOUR", "WEEK", "MONTH", "YEAR", "LAST"];

/// Whether the last word of a schedule can only be a time zone: a name of the database, one that looks like it (with a
/// slash, or in capitals), or what follows the five or six fields of a cron line.
pub(crate) fn is_zone_after(words: &[&str], last: &str) -> bool {
    const SHORT: [&str; 3] = ["utc", "gmt", "zulu"];
    if is_zone(last) || SHORT.iter().any(|short| last.eq_ignore_ascii_case(short)) {
        return true;
    }
    let is_path = last.split_once('/').is_some_and(|(area, place)| {
        let is_letter = |word: &str| word.starts_with(|c: char| c.is_ascii_alphabetic());
        is_letter(area) && is_letter(place) && area.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    let first = last.split(['-', ',', '/', '#']).next().unwrap_or(last);
    let is_weekday = WEEKDAY.named(first.strip_suffix('L').unwrap_or(first)).is_some();
    if is_path || is_weekday || !last.starts_with(|c: char| c.is_ascii_uppercase()) {
        return is_path;
    }
    let is_cron_line = words.first().is_some_and(|word| !word.starts_with(|c: char| c.is_ascii_alphabetic()));
    let has_small = words.iter().any(|word| word.bytes().any(|byte| byte.is_ascii_lowercase()));
    let is_capitals = (2..=5).contains(&last.len()) && last.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_cron_line {
        return words.len() >= 5 && last.len() > 1;
    }
    has_small && is_capitals && !WORDS.contains(&last)
}
