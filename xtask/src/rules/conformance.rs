//! Each test that `docs/CONFORMANCE.md` names exists.

use std::collections::BTreeSet;

use crate::fault::Fault;
use crate::functions::declared;
use crate::tree::Tree;

const PAGE: &str = "docs/CONFORMANCE.md";

/// Every name of a test that is none.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let Some(page) = tree.text(PAGE) else { return Vec::new() };
    let tests: BTreeSet<&str> = tree.sources().iter().flat_map(|source| source.test_code().filter_map(test)).collect();
    let named = page.lines().enumerate().flat_map(|(index, line)| names(line).map(move |name| (index + 1, name)));
    named
        .filter(|(_, name)| !tests.contains(name))
        .map(|(line, name)| {
            Fault::new(
                PAGE,
                line,
                format!("there is no test `{name}`"),
                "write it, or name the one that keeps the promise",
            )
        })
        .collect()
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
    fn a_test_that_exists_passes_and_one_that_does_not_is_named_with_its_row() {
        let with = tree(&[(PAGE, ROWS), ("tests/a.rs", "#[test]\nfn a_job_runs() {}\n")]);
        assert!(check(&with).is_empty());
        let without = tree(&[(PAGE, ROWS), ("src/a.rs", "fn a_job_runs() {}\n")]);
        let words: Vec<_> = check(&without).iter().map(ToString::to_string).collect();
        assert!(words.concat().starts_with("docs/CONFORMANCE.md:3: there is no test `a_job_runs`;"), "{words:?}");
    }
}
