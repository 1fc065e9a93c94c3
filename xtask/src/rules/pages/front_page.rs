//! Links of the README also lead somewhere in the documentation of the crate, whose front page it is.

use crate::rules::pages::links::{definition, targets};
use crate::tree::Tree;
use crate::violation::Violation;

const PAGE: &str = "README.md";

/// The root file, which puts the README into its documentation.
const ROOT: &str = "src/lib.rs";

const REMEDY: &str = "define the link in src/lib.rs before the README, as `//! [testing]: guide::testing`";

/// Every relative link that is written in place, and every one whose definition no earlier one of the root file replaces.
/// Whether those lead somewhere is checked by rustdoc.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let (Some(page), Some(root)) = (tree.text(PAGE), tree.text(ROOT)) else { return Vec::new() };
    let before = root.split("include_str!(\"../README.md\")").next().unwrap_or_default();
    let replaced = |label: &str| before.contains(&format!("[{label}]: "));
    let lines = page.lines().enumerate().map(|(index, line)| (index + 1, line));
    lines.filter_map(|(number, line)| Some(Violation::new(PAGE, number, dead_link(line, replaced)?, REMEDY))).collect()
}

/// What is wrong with the first link of this line that is dead in the documentation.
fn dead_link(line: &str, is_replaced: impl Fn(&str) -> bool) -> Option<String> {
    if let Some((label, target)) = definition(line) {
        return (!is_replaced(label)).then(|| format!("`{target}` is not there in the documentation of the crate"));
    }
    let target = targets(line).next()?;
    Some(format!("`{target}` is not there in the documentation of the crate, and a link in place cannot be replaced"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree;

    #[test]
    fn a_link_of_the_readme_needs_a_definition_that_the_crate_replaces() {
        let page = "[a] and [b](src/guide/b.md) and [c][d] and [web](https://example.org)\n[a]: src/guide/a.md\n[d]: docs/d.md\n";
        let root = "//! [a]: guide::a\n#![doc = include_str!(\"../README.md\")]\n//! [d]: guide::d\n";
        let files = tree(&[(PAGE, page), (ROOT, root)]);
        let words: Vec<_> = check(&files).iter().map(ToString::to_string).collect();
        assert_eq!(words.len(), 2, "{words:?}");
        assert!(words[0].starts_with("README.md:1: `src/guide/b.md` is not there"), "{words:?}");
        assert!(words[1].starts_with("README.md:3: `docs/d.md` is not there"), "{words:?}");
    }
}
