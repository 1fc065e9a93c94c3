//! Comments and pages are plain technical English: a sentence names what acts and what it does.

use crate::source::Source;
use crate::tree::{File, Tree};
use crate::violation::Violation;

/// Words that hide what acts, and turns of phrase that have to be solved.
const RIDDLES: &[&str] = &[
    "nobody",
    "whoever",
    "whom",
    "whatever",
    "what is alike",
    "comes to nothing",
    "come to nothing",
    "is to be had",
    "was to be had",
    "by hand",
    "who is to",
    "is lent",
    "are lent",
    "what is lent",
    "in its turn",
    "is no queue",
    "is no job",
    "is no name",
    "is no wait",
    "is no key",
];

/// Pages that quote others: what Ruby's documentation says is not ours to rephrase.
const QUOTING: &[&str] = &["docs/CONFORMANCE.md", "CHANGELOG.md"];

/// Every comment line and line of Markdown with such words.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let comments = tree.sources().iter().filter(|source| source.is_library()).flat_map(comments);
    let pages = tree.with_extension("md").filter(|page| !QUOTING.contains(&page.path.as_str())).flat_map(lines);
    comments.chain(pages).collect()
}

fn comments(source: &Source) -> Vec<Violation> {
    let own = source.lines().iter().enumerate().filter(|(index, _)| !source.is_test(index + 1));
    let texts = own.filter_map(|(index, line)| Some((index + 1, line.split_once("//")?.1)));
    texts.filter_map(|(number, text)| violation(source.path(), number, text)).collect()
}

fn lines(page: &File) -> Vec<Violation> {
    let lines = page.text.lines().enumerate();
    lines.filter_map(|(index, line)| violation(&page.path, index + 1, line)).collect()
}

fn violation(path: &str, number: usize, text: &str) -> Option<Violation> {
    let words = spaced(text);
    let riddle = RIDDLES.iter().find(|riddle| words.contains(&format!(" {riddle} ")))?;
    let what = format!("\"{riddle}\" makes the sentence a riddle");
    Some(Violation::new(path, number, what, "say which process, caller or value does what"))
}

/// The words of a text in lower case, each between single spaces.
fn spaced(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |line, word| line + &word.to_lowercase() + " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn a_riddle_in_a_comment_or_page_is_refused() {
        for text in ["/// Nobody waits.\nfn a() {}", "fn a() {} // for whoever asks"] {
            assert_eq!(said(check, "jobs-x/src/a.rs", text).len(), 1, "{text}");
        }
        assert_eq!(said(check, "docs/a.md", "What is lent.").len(), 1);
    }

    #[test]
    fn plain_sentences_names_in_code_and_tests_pass() {
        for text in ["/// No caller waits.\nfn nobody() {}", "#[cfg(test)]\nmod tests {\n    // nobody\n}"] {
            assert!(said(check, "jobs-x/src/a.rs", text).is_empty(), "{text}");
        }
    }
}
