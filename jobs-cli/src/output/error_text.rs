//! The text of an error, in which nothing that it quotes can forge a line or control a terminal.

use std::env;

use jobs_core::OneLine;

/// How much of the lines before and after a line break finds it again: an error may quote only a part of a value.
const CONTEXT: usize = 4;

/// The text with its own lines. The line breaks that it quotes from arguments and variables are escaped, as is all else that
/// [`OneLine`] escapes.
pub(crate) fn error_text(text: &str) -> String {
    let text = given().filter(|value| value.contains('\n')).fold(text.to_owned(), |text, value| {
        // clap takes the codes of terminals out of its messages.
        let plain = anstream::adapter::strip_str(&value).to_string();
        join_lines(&join_lines(&text, &value), &plain)
    });
    text.split('\n').map(|line| OneLine(line).to_string()).collect::<Vec<_>>().join("\n")
}

/// Whether an argument or a variable has something to escape.
pub(crate) fn is_any_escaped() -> bool {
    given().any(|value| value.contains(|character| OneLine(character).is_escaped()))
}

/// The arguments, and the variables that the commands read.
fn given() -> impl Iterator<Item = String> {
    let variables = env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("JOBS_"));
    env::args_os().skip(1).chain(variables.map(|(_, value)| value)).map(|value| value.to_string_lossy().into_owned())
}

/// Escapes the line breaks of the value where the text quotes them.
fn join_lines(text: &str, value: &str) -> String {
    let lines: Vec<&str> = value.split('\n').collect();
    lines.windows(2).fold(text.to_owned(), |text, pair| {
        let [before, after] = pair else { return text };
        let start = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
        let end = after.char_indices().nth(CONTEXT).map_or(after.len(), |(at, _)| at);
        let (before, after) = (before.get(start..).unwrap_or_default(), after.get(..end).unwrap_or_default());
        if before.is_empty() && after.is_empty() {
            return text;
        }
        text.replace(&format!("{before}\n{after}"), &format!("{before}\\n{after}"))
    })
}
