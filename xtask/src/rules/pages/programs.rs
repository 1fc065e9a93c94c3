//! A program in Markdown is the text of a file that is built and run.

use crate::snippets::{Block, Origin, blocks, program};
use crate::tree::Tree;
use crate::violation::Violation;

/// Every block that differs from its file, and every program in the README without one.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let pages = tree.with_extension("md");
    pages
        .flat_map(|page| blocks(&page.text).into_iter().filter_map(|block| violation(tree, &page.path, &block)))
        .collect()
}

fn violation(tree: &Tree, page: &str, block: &Block) -> Option<Violation> {
    let Some(origin) = &block.origin else {
        let is_loose = page == "README.md" && block.is_rust();
        let remedy = "put `<!-- examples/name.rs -->` or `<!-- part of examples/name.rs -->` on the line before it";
        return is_loose.then(|| Violation::new(page, block.line, "this program is no example's text", remedy));
    };
    let Some(text) = tree.text(&origin.path) else {
        return Some(Violation::new(
            page,
            block.line,
            format!("there is no `{}`", origin.path),
            "name the file it comes from",
        ));
    };
    let what = format!("this block is not the text of `{}`", origin.path);
    (!agrees(origin, &block.text, text))
        .then(|| Violation::new(page, block.line, what, "run `cargo xtask bless`, or copy it anew"))
}

fn agrees(origin: &Origin, block: &str, file: &str) -> bool {
    if origin.is_part { file.contains(block.trim_end()) } else { block.trim() == program(file) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree;

    fn said(page: &str) -> Vec<String> {
        let files = tree(&[("README.md", page), ("examples/a.rs", "//! It is.\n\nfn a() {}\n\nfn b() {}\n")]);
        check(&files).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_program_that_is_its_file_passes() {
        assert!(said("<!-- examples/a.rs -->\n```rust\nfn a() {}\n\nfn b() {}\n```\n").is_empty());
        assert!(said("<!-- part of examples/a.rs -->\n```rust\nfn b() {}\n```\n").is_empty());
        assert!(said("```sh\nls\n```\n").is_empty());
    }

    #[test]
    fn a_program_that_differs_or_comes_from_nowhere_is_a_violation() {
        for page in [
            "<!-- examples/a.rs -->\n```rust\nfn a() {}\n```\n",
            "<!-- part of examples/a.rs -->\n```rust\nfn c() {}\n```\n",
            "<!-- examples/b.rs -->\n```rust\nfn a() {}\n```\n",
            "```rust\nfn a() {}\n```\n",
        ] {
            assert_eq!(said(page).len(), 1, "{page}");
        }
    }
}
