//! The names of the time zones, without their rules.

use crate::schedule::field::{WEEKDAY, digits};
use crate::spelling;

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

/// The longest text, in characters, that is compared with the names of zones. No name has more.
const LONGEST: usize = 64;

/// Abbreviations that people write, and the zones that they mean. Most abbreviations are not names of zones themselves.
const ABBREVIATIONS: [(&str, &str); 20] = [
    ("PST", "`America/Los_Angeles`"),
    ("PDT", "`America/Los_Angeles`"),
    ("MST", "`America/Denver`"),
    ("MDT", "`America/Denver`"),
    ("CST", "`America/Chicago`, or `Asia/Shanghai`"),
    ("CDT", "`America/Chicago`"),
    ("EDT", "`America/New_York`"),
    ("AKST", "`America/Anchorage`"),
    ("AKDT", "`America/Anchorage`"),
    ("CEST", "`Europe/Berlin`"),
    ("EEST", "`Europe/Athens`"),
    ("WEST", "`Europe/Lisbon`"),
    ("MSK", "`Europe/Moscow`"),
    ("BST", "`Europe/London`, or `Asia/Dhaka`"),
    ("IST", "`Asia/Kolkata`, `Europe/Dublin` or `Asia/Jerusalem`"),
    ("JST", "`Asia/Tokyo`"),
    ("KST", "`Asia/Seoul`"),
    ("SGT", "`Asia/Singapore`"),
    ("AEST", "`Australia/Sydney`, or `Australia/Brisbane`"),
    ("AEDT", "`Australia/Sydney`"),
];

/// What to write instead of a name that is not a zone, for the end of a message.
pub fn zone_hint(name: &str) -> String {
    const ANY: &str = "; write a name of the IANA database, as `Europe/Berlin`";
    if let Some(zone) = rails_zone(name) {
        return format!("; Rails calls `{zone}` so, write that");
    }
    if let Some((_, zones)) = ABBREVIATIONS.iter().find(|(short, _)| short.eq_ignore_ascii_case(name)) {
        return format!("; write the name of a place, as {zones}");
    }
    let is_offset = name.contains(['+', '-']) && name.contains(|c: char| c.is_ascii_digit());
    // Of a short name, another one is near that has nothing to do with it.
    let is_short = name.len() <= 4 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let hint = match zones().find(|zone| zone.eq_ignore_ascii_case(name)) {
        Some(zone) => format!("; did you mean `{zone}`?"),
        None if is_offset => offset_hint(name).unwrap_or_default(),
        None if is_short || name.len() > LONGEST => String::new(),
        None => spelling::hint(name, &zones().collect::<Vec<_>>()),
    };
    if hint.is_empty() { ANY.to_owned() } else { hint }
}

/// The zone for an offset from UTC of whole hours: `+02:00`, `-0500`, `UTC+2`, `GMT-5`.
fn offset_hint(name: &str) -> Option<String> {
    let at = name.find(['+', '-'])?;
    let (before, offset) = name.split_at(at);
    let is_ahead = offset.starts_with('+');
    let hours = offset.get(1..)?;
    let hours = hours.strip_suffix(":00").or_else(|| hours.strip_suffix("00").filter(|rest| rest.len() == 2));
    let hours = digits(hours.or(offset.get(1..))?)?;
    if !["", "utc", "gmt"].contains(&before.to_ascii_lowercase().as_str()) {
        return None;
    }
    if hours == 0 {
        return Some("; write `UTC`".to_owned());
    }
    let (sign, side) = if is_ahead { ('-', "ahead of") } else { ('+', "behind") };
    let zone = format!("Etc/GMT{sign}{hours}");
    let hours = if hours == 1 { "an hour".to_owned() } else { format!("{hours} hours") };
    is_zone(&zone).then(|| {
        format!(
            "; `{zone}` is {hours} {side} UTC all year; the name of a place, as `Europe/Berlin`, follows its clocks"
        )
    })
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
