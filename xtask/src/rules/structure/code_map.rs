//! `docs/CODE_MAP.md` is what the modules' first lines say, and every module has one.

use crate::code_map;
use crate::rules::difference;
use crate::source::Source;
use crate::tree::Tree;
use crate::violation::Violation;

/// The first line of the page that differs, and every file without a first line.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let remedy = "run `cargo xtask code-map`";
    let stale = difference(tree, code_map::PATH, &code_map::page(tree), "the page is not what the modules say", remedy);
    let silent = tree.sources().iter().filter(|source| is_silent(source));
    let silent = silent.map(|source| {
        let what = "the file does not begin with a line that says what is in it";
        Violation::new(source.path(), 1, what, "begin with `//! ` and one plain sentence")
    });
    stale.into_iter().chain(silent).collect()
}

/// Whether a module of a library has no first line.
fn is_silent(source: &Source) -> bool {
    let is_module = source.path().split('/').any(|part| part == "src") && source.is_library() && !source.is_test(1);
    is_module && !source.lines().first().is_some_and(|line| line.starts_with("//!") || line.starts_with("#![doc"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree;

    #[test]
    fn a_fresh_map_passes_and_a_stale_one_does_not() {
        let module = ("a/src/lib.rs", "//! The root.\n");
        let manifest = ("a/Cargo.toml", "[package]\nname = \"a\"\n");
        let page = code_map::page(&tree(&[module, manifest]));
        assert!(check(&tree(&[module, manifest, (code_map::PATH, &page)])).is_empty());
        assert_eq!(check(&tree(&[module, manifest, (code_map::PATH, "# Old\n")])).len(), 1);
    }

    #[test]
    fn a_module_without_a_first_line_is_refused() {
        let manifest = ("a/Cargo.toml", "[package]\nname = \"a\"\n");
        let module = ("a/src/lib.rs", "fn a() {}\n");
        let page = code_map::page(&tree(&[module, manifest]));
        assert_eq!(check(&tree(&[module, manifest, (code_map::PATH, &page)])).len(), 1);
    }
}
