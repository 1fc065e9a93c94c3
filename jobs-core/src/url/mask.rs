//! Hides passwords of URLs and of connection strings in messages.

use std::borrow::Cow;

use super::scheme::{is_of_server, split};
use crate::hidden::HIDDEN;

/// Examples in messages. They have no password of a reader.
const EXAMPLES: [&str; 7] = [
    "postgres://user:password@host/database",
    "postgres://user:password@host:5432/database",
    "postgresql://user:password@host/database",
    "postgres://user@host/database",
    "postgres://user@host/shop",
    "resque+redis://user:password@host:port/database",
    "sidekiq+redis://user:password@host:port/database",
];

/// The text with `[hidden]` in place of what may hold a password: URLs with a user, with options or with unusual characters,
/// a `:` before an `@`, and `password=`, `passwd=` or `pwd=`.
///
/// Words end at white space and at quotes. Plain URLs such as `postgres://db/shop` and `sqlite:jobs.db` stay, so do e-mail
/// addresses. Of a password with white space all is hidden up to its `@`, in the same line and quotation.
pub fn masked(text: &str) -> Cow<'_, str> {
    // Most messages have none of these.
    if !text.contains([':', '=']) {
        return Cow::Borrowed(text);
    }
    let parts: Vec<_> = text.split_inclusive(['`', '\n']).map(masked_part).collect();
    if parts.iter().all(|part| matches!(part, Cow::Borrowed(_))) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(parts.concat())
}

/// As [`masked`], for text within a line and a quotation.
fn masked_part(text: &str) -> Cow<'_, str> {
    let words = words(text);
    let Some(first) = words.iter().position(|(_, word)| is_secret(word)) else { return Cow::Borrowed(text) };
    let is_part = |(at, (_, word)): &(usize, &(usize, &str))| {
        let follows = at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|(_, word)| is_cut(word));
        is_secret(word) || follows || word.find('@').is_some_and(|at| at > 0)
    };
    let last = words.iter().enumerate().skip(first).rfind(is_part);
    let start = words.get(first).map_or(0, |(start, _)| *start);
    let end = last.map_or(text.len(), |(_, (start, word))| start + word.len());
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    Cow::Owned([before, HIDDEN, after].concat())
}

/// The words, each with where it begins.
fn words(text: &str) -> Vec<(usize, &str)> {
    let is_between =
        |one: char| one.is_whitespace() || one.is_control() || "`'\"\u{2018}\u{2019}\u{201c}\u{201d}".contains(one);
    let mut start = 0;
    let pieces = text.split_inclusive(is_between).map(|piece| {
        let place = start;
        start += piece.len();
        (place, piece.trim_end_matches(is_between))
    });
    pieces.filter(|(_, word)| !word.is_empty()).collect()
}

fn is_secret(word: &str) -> bool {
    if EXAMPLES.contains(&word.trim_end_matches([',', ';', '.', ')'])) {
        return false;
    }
    let has_login = word.split_once(':').is_some_and(|(_, after)| after.contains('@'));
    let is_of_server = || {
        let bare = word.trim_start_matches(|one: char| !one.is_ascii_alphabetic());
        split(bare).is_some_and(|(scheme, rest)| is_of_server(&scheme) && rest.contains(':'))
    };
    has_login || has_password(word) || word.split_once("://").map_or_else(is_of_server, |(_, rest)| !is_plain(rest))
}

fn has_password(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["password=", "passwd=", "pwd="].iter().any(|key| word.contains(key))
}

/// Whether the value of the password is the next word.
fn is_cut(word: &str) -> bool {
    has_password(word) && word.ends_with('=')
}

/// Whether the part after `://` has a host, a port and a path of common characters, and nothing else.
fn is_plain(rest: &str) -> bool {
    let rest = rest.trim_end_matches([',', ';', ':', ')', '}', ']']);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let port = host.split_once(':').map_or("", |(_, port)| port);
    let is_common = |one: char| one.is_ascii_alphanumeric() || "-._/#".contains(one);
    let host = host.split(':').next().unwrap_or_default();
    port.len() <= 5 && port.chars().all(|one| one.is_ascii_digit()) && host.chars().chain(path.chars()).all(is_common)
}
