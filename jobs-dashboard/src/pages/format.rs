//! Formats numbers, durations, times and JSON for people.

use jobs_core::{Timestamp, floor_char_boundary, format_relative, plural};
use maud::{Markup, html};
use serde_json::Value;

/// The largest text of arguments that a page shows, in bytes.
const MAX_JSON: usize = 64 * 1024;

/// A number with its thousands separated: `1,234,567`.
pub(crate) fn number(number: u64) -> String {
    thousands(&number.to_string())
}

/// The nearest whole number, with its thousands separated.
pub(crate) fn rounded(number: f64) -> String {
    thousands(&format!("{number:.0}"))
}

fn thousands(digits: &str) -> String {
    let head = digits.len() % 3;
    let (first, rest) = digits.split_at(head);
    let groups = rest.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    let all = (!first.is_empty()).then(|| first.to_owned()).into_iter().chain(groups);
    all.collect::<Vec<_>>().join(",")
}

/// A number with what it counts: `1 job`, `1,234 jobs`.
pub(crate) fn counted(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {}", number(count), plural(one)) }
}

/// A text, cut to a length that fits into a list.
pub(crate) fn short(text: &str) -> String {
    const LONGEST: usize = 120;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A rate per second; small rates have a decimal place.
pub(crate) fn rate(rate: f64) -> String {
    match rate {
        rate if rate <= 0.0 => "0".to_owned(),
        rate if rate < 10.0 => format!("{rate:.1}"),
        rate => rounded(rate),
    }
}

/// A time relative to now. The exact time is in the attributes, and is shown when the pointer is on it.
pub(crate) fn time(now: Timestamp, time: Timestamp) -> Markup {
    html! { time datetime=(time) title=(time) { (format_relative(now, time)) } }
}

/// Indented JSON; text that is not JSON stays as it is. It is cut where it is too long for a page.
pub(crate) fn pretty_json(text: &str) -> String {
    let value = serde_json::from_str::<Value>(text);
    let mut pretty = value.and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_else(|_| text.to_owned());
    if pretty.len() > MAX_JSON {
        pretty.truncate(floor_char_boundary(&pretty, MAX_JSON));
        pretty.push_str("\n… truncated");
    }
    pretty
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (value, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(number(value), text);
        }
        assert_eq!((rounded(999_999.6), rate(1234.5)), ("1,000,000".to_owned(), "1,234".to_owned()), "also in charts");
    }
}
