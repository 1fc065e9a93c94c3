//! Numbers, spans and times as people read them.

use std::time::Duration;

use jobs_core::Timestamp;
use maud::{Markup, html};

/// A number with its thousands apart: `1,234,567`.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let head = digits.len() % 3;
    let (first, rest) = digits.split_at(head);
    let groups = rest.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    let all = (!first.is_empty()).then(|| first.to_owned()).into_iter().chain(groups);
    all.collect::<Vec<_>>().join(",")
}

/// A text that may be long, as a list shows it.
pub(crate) fn short(text: &str) -> String {
    const LONGEST: usize = 120;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// So many a second, as precise as it is worth.
pub(crate) fn rate(rate: f64) -> String {
    match rate {
        rate if rate <= 0.0 => "0".to_owned(),
        rate if rate < 10.0 => format!("{rate:.1}"),
        rate => format!("{rate:.0}"),
    }
}

/// How long ago something was, or how long it is till then.
pub(crate) fn seen_from(now: Timestamp, time: Timestamp) -> String {
    if time > now { format!("in {}", about(time.since(now))) } else { format!("{} ago", about(now.since(time))) }
}

/// A span in whole units, which change no more often than they matter.
fn about(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0..120 => format!("{seconds}s"),
        120..7200 => format!("{}m", seconds / 60),
        7200..172_800 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// A time as seen from now, with the point itself for whoever points at it.
pub(crate) fn time(now: Timestamp, time: Timestamp) -> Markup {
    html! { time datetime=(time) title=(time) { (seen_from(now, time)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (value, words) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(number(value), words);
        }
    }
}
