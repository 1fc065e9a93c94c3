//! Names say what a thing is; some words never do.

use crate::functions::declared;
use crate::source::Source;
use crate::tree::Tree;
use crate::violation::Violation;

const FORBIDDEN: &[&str] = &["Manager", "Helper", "Helpers", "Util", "Utils", "Handler", "Processor", "Data", "Info"];
const KINDS: &[&str] = &["struct", "enum", "trait", "type", "union", "mod"];

/// Every name with a word that says nothing.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    tree.sources().iter().flat_map(violations).collect()
}

fn violations(source: &Source) -> Vec<Violation> {
    source
        .code()
        .flat_map(|(number, line)| [named(source, number, line), getter(source, number, line)])
        .flatten()
        .collect()
}

fn named(source: &Source, number: usize, line: &str) -> Option<Violation> {
    let mut tokens = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|token| !token.is_empty());
    let name = tokens.find(|token| KINDS.contains(token)).and_then(|_| tokens.next())?;
    let word = words(name).into_iter().find(|word| FORBIDDEN.iter().any(|bad| bad.eq_ignore_ascii_case(word)))?;
    let what = format!("`{name}` has the word `{word}` in it");
    Some(Violation::new(source.path(), number, what, "name it by what it is, with the words of docs/ARCHITECTURE.md"))
}

fn getter(source: &Source, number: usize, line: &str) -> Option<Violation> {
    let (_, name) = declared(line).filter(|(_, name)| name.starts_with("get_"))?;
    Some(Violation::new(source.path(), number, format!("`{name}` begins with `get_`"), "leave `get_` away"))
}

/// The words of `CamelCase` and `snake_case`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = '_';
    for c in name.chars() {
        let starts = previous == '_' || (c.is_uppercase() && previous.is_lowercase());
        match words.last_mut().filter(|_| !starts) {
            Some(word) => word.push(c),
            None => words.push(c.to_string()),
        }
        previous = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn empty_words_in_names_are_violations() {
        for text in ["struct QueueManager;", "pub(crate) enum ErrorHandler {}", "trait JobInfo {}", "mod utils;"] {
            assert_eq!(said(check, "a.rs", text).len(), 1, "{text}");
        }
        let words = said(check, "a.rs", "pub fn get_name() {}").concat();
        assert!(words.starts_with("a.rs:1: `get_name` begins with `get_`;"), "{words}");
    }

    #[test]
    fn longer_words_and_mentions_pass() {
        for text in ["struct Handled;", "// a Manager", "fn forget_all() {}", "struct Information;", "use a::Handler;"]
        {
            assert!(said(check, "a.rs", text).is_empty(), "{text}");
        }
    }
}
