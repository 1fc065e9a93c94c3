//! The house rules, one a file.

mod cancel_safety;
mod conformance;
mod expectations;
mod file_length;
mod function_length;
mod invariants;
mod layers;
mod lifecycle;
mod links;
mod lints;
mod panics;
mod programs;
mod pub_docs;
mod pure_core;
mod quote_length;
mod sleeps;
mod statements;
mod words;

use crate::fault::Fault;
use crate::tree::Tree;

/// A rule looks at the whole tree and says what is wrong.
pub(crate) type Rule = fn(&Tree) -> Vec<Fault>;

/// All rules, in the order of their names.
pub(crate) const ALL: &[Rule] = &[
    cancel_safety::check,
    conformance::check,
    expectations::check,
    file_length::check,
    function_length::check,
    invariants::check,
    layers::check,
    lifecycle::check,
    links::check,
    lints::check,
    panics::check,
    programs::check,
    pub_docs::check,
    pure_core::check,
    quote_length::check,
    sleeps::check,
    statements::check,
    words::check,
];

/// What a rule says about one file, for its tests.
#[cfg(test)]
pub(crate) fn said(rule: Rule, path: &str, text: &str) -> Vec<String> {
    let tree = crate::tree::tree(&[(path, text)]);
    rule(&tree).into_iter().map(|fault| fault.to_string()).collect()
}
