//! What to write instead, for the usual reasons why a line is not YAML.

use crate::document::location::Location;

/// The advice for the end of the parser's message; empty if the line does not show the reason.
pub(crate) fn advice(text: &str, location: Location) -> String {
    // The parser may point behind the line with the mistake.
    let lines = (1_u64..).zip(text.lines()).skip_while(|(number, _)| number + 1 < location.line).take(2);
    let near: Vec<&str> = lines.filter(|(number, _)| *number <= location.line).map(|(_, line)| line).collect();
    let value = near.iter().rev().find_map(|line| unquoted(line));
    if let Some(value) = value {
        return format!("; put it in quotes: `\"{value}\"`");
    }
    let has_variable = near.last().is_some_and(|line| line.contains("${"));
    if has_variable { "; between `{` and `}`, put `${..}` in quotes".to_owned() } else { String::new() }
}

/// The longest value that is repeated, in bytes.
const LONGEST: usize = 100;

/// A value without quotes that begins with a character that has a meaning in YAML, as `*/5 * * * *`.
fn unquoted(line: &str) -> Option<&str> {
    let starts = [": ", "- ", "[", ", "]
        .into_iter()
        .flat_map(|before| line.match_indices(before).map(|(at, _)| at + before.len()));
    let mut values = starts.filter_map(|at| line.get(at..)).map(str::trim_start);
    let value = values.find(|value| value.starts_with(['*', '@', '`', '%']) && !is_alias(value))?;
    let value = value.split_once(" #").map_or(value, |(value, _)| value);
    let is_flow = line.contains(['{', '[']);
    let end = if is_flow { value.find([']', '}']).into_iter().chain(value.find(", ")).min() } else { None };
    let value = value.get(..end.unwrap_or(value.len()))?.trim_end();
    (value.len() <= LONGEST).then_some(value)
}

/// Whether it is an alias such as `*default`.
fn is_alias(value: &str) -> bool {
    value.strip_prefix('*').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}
