//! Every `pub async fn` says what becomes of its work when its future is dropped, except the cases of the store contract.

use crate::docs::docs_above;
use crate::functions::declared;
use crate::source::Source;
use crate::tree::Tree;
use crate::violation::Violation;

/// Every one whose docs do not speak of cancelling.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    tree.sources().iter().filter(|source| source.is_library()).flat_map(violations).collect()
}

fn violations(source: &Source) -> Vec<Violation> {
    let functions = source.own_code().filter(|(_, line)| line.trim_start().starts_with("pub async fn "));
    let functions = functions.filter(|(_, line)| !is_contract_case(line));
    let silent = functions.filter(|(number, _)| !speaks(&docs_above(source, *number)));
    silent
        .filter_map(|(number, line)| {
            let (_, name) = declared(line)?;
            let what = format!("the docs of `{name}` do not say what happens when it is cancelled");
            let remedy = "add a sentence as \"Cancel safe: dropping it loses nothing.\"";
            Some(Violation::new(source.path(), number, what, remedy))
        })
        .collect()
}

/// Whether it is a case of the store contract: a test, which no caller drops before its end.
fn is_contract_case(line: &str) -> bool {
    line.ends_with("(fixture: Fixture) {")
}

/// Whether the docs have a word about it.
fn speaks(docs: &str) -> bool {
    let docs = docs.to_lowercase();
    ["cancel", "dropped", "dropping"].iter().any(|word| docs.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn an_async_function_must_speak_of_cancelling() {
        let words = said(check, "src/a.rs", "/// Waits.\npub async fn a() {}\n").concat();
        assert!(words.starts_with("src/a.rs:2: the docs of `a` do not say"), "{words}");
        assert!(said(check, "src/a.rs", "/// Waits. Cancel safe: nothing is lost.\npub async fn a() {}\n").is_empty());
        assert!(said(check, "tests/a.rs", "pub async fn a() {}\n").is_empty());
    }

    #[test]
    fn a_case_of_the_store_contract_need_not() {
        assert!(said(check, "src/a.rs", "/// Waits.\npub async fn a(fixture: Fixture) {}\n").len() == 1);
        assert!(said(check, "src/a.rs", "/// Waits.\npub async fn a(fixture: Fixture) {\n}\n").is_empty());
    }
}
