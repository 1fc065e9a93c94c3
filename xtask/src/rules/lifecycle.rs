//! `docs/LIFECYCLE.md` is what the table in the core draws.

use crate::diagram;
use crate::fault::Fault;
use crate::tree::Tree;

/// The first line that differs.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    differs(tree, &diagram::page()).into_iter().collect()
}

fn differs(tree: &Tree, expected: &str) -> Option<Fault> {
    let present = tree.text(diagram::PATH).unwrap_or_default();
    if present == expected {
        return None;
    }
    let same = present.lines().zip(expected.lines()).take_while(|(one, other)| one == other).count();
    let what = "the page is not what the table of moves draws";
    Some(Fault::new(diagram::PATH, same + 1, what, "run `cargo xtask diagram`"))
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
