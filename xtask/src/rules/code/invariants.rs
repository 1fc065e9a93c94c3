//! The words of an `expect` say why it cannot fail.

use crate::source::Source;
use crate::tree::Tree;
use crate::violation::Violation;

/// A sentence has at least so many words.
const WORDS: usize = 4;

/// Every `expect` outside tests whose words are no sentence.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    tree.sources().iter().flat_map(violations).collect()
}

fn violations(source: &Source) -> Vec<Violation> {
    let expects = source.own_code().filter(|(_, line)| line.contains(".expect(\""));
    let bare = expects.filter(|(number, _)| {
        let line = source.lines().get(number - 1).map_or("", String::as_str);
        let words = line.split(".expect(\"").nth(1).unwrap_or_default();
        words.split_whitespace().count() < WORDS
    });
    bare.map(|(number, _)| {
        let remedy = "say in a sentence why it always holds, or hand on an error";
        Violation::new(source.path(), number, "this `expect` states no invariant", remedy)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn a_word_is_no_invariant_and_a_sentence_is_one() {
        assert_eq!(said(check, "src/a.rs", "fn a() { b.expect(\"works\") }").len(), 1);
        assert!(said(check, "src/a.rs", "fn a() { b.expect(\"the list was checked not to be empty\") }").is_empty());
    }
}
