//! The house rules: one file each, grouped by what they look at.

mod code;
mod pages;
mod structure;
mod words;

use crate::tree::Tree;
use crate::violation::Violation;

/// A rule looks at the whole tree and says what is wrong.
pub(crate) type Rule = fn(&Tree) -> Vec<Violation>;

/// All rules.
pub(crate) const ALL: &[Rule] = &[
    code::cancel_safety::check,
    structure::code_map::check,
    pages::conformance::check,
    code::expectations::check,
    code::file_length::check,
    code::function_length::check,
    words::glossary::check,
    code::invariants::check,
    structure::layers::check,
    structure::lifecycle::check,
    pages::front_page::check,
    pages::links::check,
    code::lints::check,
    words::name_words::check,
    code::panics::check,
    pages::programs::check,
    words::prose::check,
    code::pub_docs::check,
    structure::pure_core::check,
    code::quote_length::check,
    structure::rings::check,
    words::shared_names::check,
    code::sleeps::check,
    code::statements::check,
];

/// The first line in which the page at `path` differs from what it should be.
fn difference(tree: &Tree, path: &str, expected: &str, what: &str, remedy: &'static str) -> Option<Violation> {
    let current = tree.text(path).unwrap_or_default();
    if current == expected {
        return None;
    }
    let same = current.lines().zip(expected.lines()).take_while(|(one, other)| one == other).count();
    Some(Violation::new(path, same + 1, what, remedy))
}

/// What a rule says about one file, for its tests.
#[cfg(test)]
pub(crate) fn said(rule: Rule, path: &str, text: &str) -> Vec<String> {
    let tree = crate::tree::tree(&[(path, text)]);
    rule(&tree).into_iter().map(|violation| violation.to_string()).collect()
}
