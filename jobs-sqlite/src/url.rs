//! `sqlite:path?option=value&..`

use std::time::Duration;

use jobs_core::Error;

use crate::{SqliteOptions, Synchronous, path};

const OPTIONS: [&str; 3] = ["synchronous", "busy_timeout", "max_size"];

pub(crate) fn parse(text: &str) -> Result<SqliteOptions, Error> {
    let Some(rest) = text.strip_prefix("sqlite:") else {
        return Err(Error::invalid(format!("`{text}` is not the URL of an SQLite store; write `sqlite:jobs.db`")));
    };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = decode(path)?;
    path::check_form(path.as_ref())?;
    let mut options = SqliteOptions::new(path);
    let mut seen = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if seen.contains(&key) {
            return Err(Error::invalid(format!("`{key}` is given twice in `{text}`; give it once")));
        }
        seen.push(key);
        options = apply(options, key, value)?;
    }
    Ok(options)
}

fn apply(options: SqliteOptions, key: &str, value: &str) -> Result<SqliteOptions, Error> {
    match key {
        "synchronous" => Ok(options.synchronous(synchronous(value)?)),
        "busy_timeout" => Ok(options.busy_timeout(duration(value)?)),
        "max_size" => Ok(options.max_size(size(value)?)),
        _ => Err(unknown("an option of the SQLite store", key, &OPTIONS)),
    }
}

fn synchronous(value: &str) -> Result<Synchronous, Error> {
    match value {
        "normal" => Ok(Synchronous::Normal),
        "full" => Ok(Synchronous::Full),
        _ => Err(unknown("a value of `synchronous`", value, &["normal", "full"])),
    }
}

fn duration(value: &str) -> Result<Duration, Error> {
    let wrong =
        || Error::invalid(format!("`busy_timeout={value}` is not a duration; write it as `500ms`, `10s` or `2m`"));
    let (number, unit) = number_and_unit(value).ok_or_else(wrong)?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        _ => None,
    }
    .ok_or_else(wrong)
}

fn size(value: &str) -> Result<u64, Error> {
    let wrong = || Error::invalid(format!("`max_size={value}` is not a size; write it as `512KB`, `64MB` or `2GB`"));
    let (number, unit) = number_and_unit(value).ok_or_else(wrong)?;
    let factor = match unit {
        "B" => 1,
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        _ => return Err(wrong()),
    };
    number.checked_mul(factor).ok_or_else(wrong)
}

fn number_and_unit(value: &str) -> Option<(u64, &str)> {
    let end = value.find(|c: char| !c.is_ascii_digit())?;
    let (digits, unit) = value.split_at(end);
    Some((digits.parse().ok()?, unit))
}

fn unknown(kind: &str, word: &str, known: &[&str]) -> Error {
    let listed = known.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
    let nearest = known.iter().map(|one| (distance(word, one), one)).min().filter(|(far, _)| *far <= 3);
    let guess = nearest.map(|(_, one)| format!("; did you mean `{one}`?")).unwrap_or_default();
    Error::invalid(format!("`{word}` is not {kind}; there is {listed}{guess}"))
}

/// How many letters to add, drop or change to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, letter) in from.chars().enumerate() {
        let mut next = vec![line + 1];
        for ((before, pair), other) in next_cells(&row).zip(&to) {
            let left = next.last().copied().unwrap_or(0);
            let changed = before + usize::from(letter != *other);
            next.push(changed.min(pair + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// Each cell of the row with the one to its right.
fn next_cells(row: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    row.iter().copied().zip(row.iter().skip(1).copied())
}

/// `%20` and the like.
fn decode(path: &str) -> Result<String, Error> {
    let wrong = || Error::invalid(format!("`{path}` has a `%` that two hexadecimal digits do not follow; write `%25`"));
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((plain, after)) = rest.split_once('%') {
        bytes.extend_from_slice(plain.as_bytes());
        let digits = after.get(..2).ok_or_else(wrong)?;
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| wrong())?);
        rest = after.get(2..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).map_err(|_| wrong())
}
