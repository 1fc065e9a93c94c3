//! The message of an error without its variable parts, so that messages of the same kind become equal.

use std::iter::Peekable;
use std::str::Chars;

use crate::floor_char_boundary;

/// How much of a message is read, in bytes: less than a [list](crate::Content::Summary) has of it, so that a job has the
/// same pattern in a list and as a whole.
const READ_BYTES: usize = 960;

/// The most characters of a pattern.
const PATTERN_CHARACTERS: usize = 240;

/// In place of a number, an id, a time, a duration or a size.
const NUMBER: &str = "#";
const URL: &str = "<url>";
const ADDRESS: &str = "<address>";
const PATH: &str = "<path>";

/// The message with its variable parts taken out: `#` for numbers, ids, times, durations and sizes; `…` within quotes;
/// `<url>`, `<path>`, and `<address>` for what has an `@`. No digit is left. White space becomes one space, a list of
/// variable parts becomes one of them, and a long message is cut.
///
/// ```
/// use jobs_core::message_pattern;
///
/// let text = "order 4711: user \"ada\" has 3 of 12.50 EUR, see https://shop.example/o/4711";
/// assert_eq!(message_pattern(text), "order #: user \"…\" has # of # EUR, see <url>");
/// ```
pub fn message_pattern(message: &str) -> String {
    let end = floor_char_boundary(message, READ_BYTES);
    let text = message.get(..end).unwrap_or_default();
    let mut words = Words { rest: text, previous: None, is_cut: end < message.len(), pattern: Vec::new() };
    while words.take_next() {}
    joined(&words.pattern)
}

/// Splits a text into fixed and variable parts.
struct Words<'a> {
    rest: &'a str,
    previous: Option<char>,
    is_cut: bool,
    pattern: Vec<String>,
}

impl<'a> Words<'a> {
    /// Moves the next part into the pattern; false at the end.
    fn take_next(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        if first.is_whitespace() || first.is_control() {
            self.take(first.len_utf8());
            self.pattern.push(" ".to_owned());
        } else if let Some((length, quotes)) = self.quoted(first) {
            self.take(length);
            self.pattern.push(quotes);
        } else if let Some((length, kind)) = self.address() {
            self.take(length);
            self.pattern.push(kind.to_owned());
        } else if is_in_word(first) {
            let length = self.rest.find(|character| !is_in_word(character)).unwrap_or(self.rest.len());
            let word = self.take(length);
            self.pattern.extend(word_pattern(word));
        } else {
            self.take(first.len_utf8());
            self.pattern.push(first.to_string());
        }
        true
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.previous = taken.chars().next_back();
        taken
    }

    /// The length of a quoted text that begins here, and its quotes. An apostrophe within a word is none.
    fn quoted(&self, first: char) -> Option<(usize, String)> {
        let last = match first {
            '"' | '`' | '\'' => first,
            '“' => '”',
            '‘' => '’',
            '«' => '»',
            '„' => '“',
            _ => return None,
        };
        if self.previous.is_some_and(char::is_alphanumeric) {
            return None;
        }
        let inner = self.rest.get(first.len_utf8()..)?;
        let (mut characters, mut is_escaped) = (inner.char_indices().peekable(), false);
        while let Some((at, character)) = characters.next() {
            let is_in_a_word =
                last == '\'' && characters.peek().is_some_and(|(_, character)| character.is_alphanumeric());
            if character == last && !is_escaped && !is_in_a_word {
                return Some((first.len_utf8() + at + last.len_utf8(), format!("{first}…{last}")));
            }
            is_escaped = character == '\\' && !is_escaped;
        }
        (self.is_cut && first != '\'').then(|| (self.rest.len(), format!("{first}…{last}")))
    }

    /// The length and the kind of a URL, path or address that begins here.
    fn address(&self) -> Option<(usize, &'static str)> {
        if self.previous.is_some_and(char::is_alphanumeric) {
            return None;
        }
        let ends = |character: char| character.is_whitespace() || "\"'`<>()[]{},;|”’»".contains(character);
        let whole = self.rest.split(ends).next().unwrap_or_default();
        let whole = whole.trim_end_matches(['.', ':', '!', '?']);
        let kind = if is_url(whole) {
            URL
        } else if is_path(whole) {
            PATH
        } else if whole
            .trim_start_matches('@')
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
        {
            ADDRESS
        } else {
            return None;
        };
        Some((whole.len(), kind))
    }
}

fn is_in_word(character: char) -> bool {
    character.is_alphanumeric() || "_-.:+#%".contains(character)
}

fn is_url(text: &str) -> bool {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character))
    };
    text.split_once("://").is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty())
}

/// `/tmp/a`, `./a`, `~/a`, `C:\a`, `\\host\a`, `src/app/main.rs` and `src/main.rs`, but neither `and/or` nor `HTTP/1.1`.
fn is_path(text: &str) -> bool {
    let drive = text.as_bytes();
    let is_windows = text.starts_with(r"\\") || drive.get(1..3) == Some(br":\") || drive.get(1..3) == Some(b":/");
    let is_rooted = ["/", "./", "../", "~/"].iter().any(|root| text.len() > root.len() && text.starts_with(root));
    let has_extension = || {
        let name = text.rsplit('/').next().and_then(|name| name.split(':').next()).unwrap_or_default();
        let extension = name.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
        (1..=5).contains(&extension.len()) && extension.chars().all(|letter| letter.is_ascii_alphabetic())
    };
    is_windows || is_rooted || text.matches('/').count() > 1 || (text.contains('/') && has_extension())
}

/// A word in parts: those that have a digit are variable.
fn word_pattern(word: &str) -> Vec<String> {
    let bare = word.trim_end_matches(['.', ':', '-', '+', '%']);
    let (bare, end) = word.split_at_checked(bare.len()).unwrap_or((word, ""));
    let mut pattern = if is_id(bare) {
        vec![NUMBER.to_owned()]
    } else {
        let part = |part: &str| if part.contains(char::is_numeric) { NUMBER.to_owned() } else { part.to_owned() };
        bare.split_inclusive(['-', '_', '.', ':', '+'])
            .flat_map(|piece| {
                let name = piece.trim_end_matches(['-', '_', '.', ':', '+']);
                [part(name), piece.get(name.len()..).unwrap_or_default().to_owned()]
            })
            .filter(|part| !part.is_empty())
            .collect()
    };
    if !end.is_empty() {
        pattern.push(end.to_owned());
    }
    pattern
}

/// Hexadecimal ids whose parts need not have a digit: UUIDs, IPv6 addresses, digests.
fn is_id(word: &str) -> bool {
    let is_hex = |text: &str| text.chars().all(|digit| digit.is_ascii_hexdigit());
    let lengths: Vec<usize> = word.split('-').map(str::len).collect();
    let is_uuid = lengths == [8, 4, 4, 4, 12] && word.split('-').all(is_hex);
    let is_ip = word.matches(':').count() > 1 && word.split(':').all(is_hex);
    is_uuid || is_ip || (word.len() >= 16 && is_hex(word))
}

/// The parts as one text: neighbouring variable parts are one, and so are those that only a comma, a sign or a unit parts.
fn joined(parts: &[String]) -> String {
    let mut joined = Vec::new();
    for part in parts {
        push(&mut joined, part);
    }
    cut(joined.concat().trim_end().chars().peekable())
}

/// Adds a part, unless it belongs to the variable part before it.
fn push<'a>(parts: &mut Vec<&'a str>, part: &'a str) {
    if part == " " {
        if parts.last().is_some_and(|last| *last != " ") {
            parts.push(part);
        }
        return;
    }
    let mut words = parts.iter().enumerate().rev().filter(|(_, part)| **part != " ");
    let (Some((at, last)), before) = (words.next(), words.next()) else { return parts.push(part) };
    let has_gap = parts.last() == Some(&" ");
    let is_same = |other: &str| other == part || (part == NUMBER && is_calendar(other));
    let follows_word =
        at.checked_sub(1).and_then(|at| parts.get(at)).is_some_and(|part| part.ends_with(char::is_alphanumeric));
    let is_sign = !has_gap && !follows_word && matches!(*last, "-" | "+" | "#");
    if part == NUMBER && (is_calendar(last) || is_sign) {
        parts.truncate(at);
        return push(parts, part);
    }
    let continues = *last == NUMBER && has_gap && (is_unit(part) || is_calendar(part));
    if *last == NUMBER && (part == NUMBER || continues) {
        return parts.truncate(at + 1);
    }
    match before.filter(|(_, before)| is_separator(last) && is_variable(part) && is_same(before)) {
        Some((before, _)) => {
            parts.truncate(before);
            push(parts, part);
        }
        None => parts.push(part),
    }
}

fn is_variable(part: &str) -> bool {
    part == NUMBER || part.contains('…') || (part.len() > 1 && part.starts_with('<'))
}

fn is_separator(part: &str) -> bool {
    matches!(part, "," | "-" | "." | ":" | "::" | "+" | "_" | "/" | "x" | "T" | "and")
}

/// Units of time and size, which change with the number before them.
fn is_unit(part: &str) -> bool {
    const UNITS: &str = "ns us µs ms s sec secs second seconds millisecond milliseconds microseconds nanoseconds m min mins \
                         minute minutes h hour hours d day days b kb mb gb tb kib mib gib byte bytes";
    UNITS.split(' ').any(|unit| unit.eq_ignore_ascii_case(part))
}

/// Names of days and months, as in `Mon, 30 Nov 2026`.
fn is_calendar(part: &str) -> bool {
    const NAMES: &str = "Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
    const FULL: &str = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July August \
                        September October November December";
    NAMES.split(' ').chain(FULL.split(' ')).any(|name| name == part)
}

fn cut(mut characters: Peekable<Chars<'_>>) -> String {
    let mut text: String = characters.by_ref().take(PATTERN_CHARACTERS).collect();
    if characters.peek().is_some() {
        text.push('…');
    }
    text
}
