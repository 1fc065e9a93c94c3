//! `docs/LIFECYCLE.md` is what the table in the core draws.

use crate::diagram;
use crate::rules::difference;
use crate::tree::Tree;
use crate::violation::Violation;

/// The first line that differs.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let what = "the page is not what the table of moves draws";
    difference(tree, diagram::PATH, &diagram::page(), what, "run `cargo xtask diagram`").into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn the_generated_page_passes_and_an_edited_one_does_not() {
        assert!(said(check, diagram::PATH, &diagram::page()).is_empty());
        let edited = diagram::page().replacen("The life", "A life", 1);
        assert!(said(check, diagram::PATH, &edited).concat().starts_with("docs/LIFECYCLE.md:1: the page is not"));
    }
}
