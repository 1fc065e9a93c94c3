//! Each test that the pages of promises name exists.

use std::collections::BTreeSet;

use crate::functions::declared;
use crate::tree::Tree;
use crate::violation::Violation;

const PAGES: &[&str] = &["docs/CONFORMANCE.md", PROMISES];

/// Here nothing is promised that no test shows.
const PROMISES: &str = "src/guide/promises.md";

const REMEDY: &str = "write it, or name the one that keeps the promise";

/// Every name of a test that is none, and every promise of the guide without one.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let tests: BTreeSet<&str> = tree.sources().iter().flat_map(|source| source.test_code().filter_map(test)).collect();
    let pages = PAGES.iter().filter_map(|page| Some((*page, tree.text(page)?)));
    pages.flat_map(|(page, text)| violations(page, text, &tests)).collect()
}

fn violations(page: &str, text: &str, tests: &BTreeSet<&str>) -> Vec<Violation> {
    let lines = || text.lines().enumerate().map(|(index, line)| (index + 1, line));
    let named = lines().flat_map(|(number, line)| names(line).map(move |name| (number, name)));
    let unknown = named.filter(|(_, name)| !tests.contains(name));
    let unknown =
        unknown.map(|(number, name)| Violation::new(page, number, format!("there is no test `{name}`"), REMEDY));
    let bare = lines().filter(|(_, line)| page == PROMISES && is_row(line) && names(line).next().is_none());
    let bare = bare.map(|(number, _)| Violation::new(page, number, "no test shows this promise", REMEDY));
    unknown.chain(bare).collect()
}

/// Whether it is a row of a table, and neither its head nor the line below.
fn is_row(line: &str) -> bool {
    line.starts_with('|') && !line.starts_with("|---") && !line.ends_with("| shown by |")
}

fn test((_, line): (usize, &str)) -> Option<&str> {
    declared(line).map(|(_, name)| name)
}

/// The names in backticks in the last column of a row.
fn names(line: &str) -> impl Iterator<Item = &str> {
    let row = line.trim().strip_prefix('|').and_then(|row| row.strip_suffix('|'));
    let last = row.and_then(|row| row.rsplit('|').next()).unwrap_or_default();
    last.split('`').skip(1).step_by(2).map(|name| name.rsplit("::").next().unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree;

    const ROWS: &str =
        "| id | promise `a` | test |\n|---|---|---|\n| QU01 | It runs. | `a_job_runs` |\n| QU02 | More. | – |\n";

    #[test]
    fn a_promise_of_the_guide_needs_a_test() {
        let page = "| what holds | shown by |\n|---|---|\n| It runs. | `a_job_runs` |\n| It flies. | |\n";
        let tree = tree(&[(PROMISES, page), ("tests/a.rs", "fn a_job_runs() {}\n")]);
        let words: Vec<_> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(words.len(), 1);
        assert!(words[0].starts_with("src/guide/promises.md:4: no test shows this promise;"), "{words:?}");
    }

    #[test]
    fn a_test_that_exists_passes_and_one_that_does_not_is_named_with_its_row() {
        let with = tree(&[(PAGES[0], ROWS), ("tests/a.rs", "#[test]\nfn a_job_runs() {}\n")]);
        assert!(check(&with).is_empty());
        let without = tree(&[(PAGES[0], ROWS), ("src/a.rs", "fn a_job_runs() {}\n")]);
        let words: Vec<_> = check(&without).iter().map(ToString::to_string).collect();
        assert!(words.concat().starts_with("docs/CONFORMANCE.md:3: there is no test `a_job_runs`;"), "{words:?}");
    }
}
