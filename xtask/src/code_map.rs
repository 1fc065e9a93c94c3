//! `cargo xtask code-map`: `docs/CODE_MAP.md`, each file with the first line of its documentation.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::TaskResult;
use crate::manifest::package;
use crate::source::Source;
use crate::tree::Tree;

/// Where the map is.
pub(crate) const PATH: &str = "docs/CODE_MAP.md";

const HEAD: &str = "\
# Code map

This page is generated from the first lines of the modules by `cargo xtask code-map`; do not edit it.
What the crates are and what always holds is in [ARCHITECTURE](ARCHITECTURE.md).
";

/// Writes the page.
///
/// # Errors
/// A file cannot be read or written.
pub(crate) fn write(root: &Path) -> TaskResult {
    fs::write(root.join(PATH), page(&Tree::load(root)?))?;
    Ok(true)
}

/// The page as it should be: a section for each crate, in the order of their names.
pub(crate) fn page(tree: &Tree) -> String {
    let mut page = HEAD.to_owned();
    for manifest in tree.manifests() {
        let folder = manifest.path.strip_suffix("/Cargo.toml").unwrap_or_default();
        let prefix = if folder.is_empty() { "src/".to_owned() } else { format!("{folder}/src/") };
        let rows: Vec<String> = tree.sources().iter().filter_map(|source| row(source, &prefix)).collect();
        if let Some(name) = package(&manifest.text).filter(|_| !rows.is_empty()) {
            // Writing into a `String` cannot fail.
            let _ = write!(page, "\n## {name}\n\n{}", rows.concat());
        }
    }
    page
}

/// The line of a file, indented by its folder. Test modules and the guide's own files are left out.
fn row(source: &Source, prefix: &str) -> Option<String> {
    let path = source.path().strip_prefix(prefix)?;
    if path.split('/').any(|part| part == "tests" || part == "tests.rs") {
        return None;
    }
    let depth = path.split('/').count() - 1;
    Some(format!("{}- `{path}`: {}\n", "  ".repeat(depth), first_line(source)?))
}

/// The first sentence of the documentation of a file, without the end of the line it stands on.
fn first_line(source: &Source) -> Option<String> {
    let mut docs = source.lines().iter().take_while(|line| line.starts_with("//!"));
    let line = docs.next()?.trim_start_matches("//!").trim();
    let rest = docs.take_while(|line| line.len() > "//!".len()).map(|line| line.trim_start_matches("//!").trim());
    let paragraph = rest.fold(line.to_owned(), |text, line| text + " " + line);
    let end = paragraph.find(". ").map_or(paragraph.len(), |at| at + 1);
    paragraph.get(..end).map(|text| text.trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree;

    #[test]
    fn each_file_stands_under_its_crate_with_its_first_sentence() {
        let files = tree(&[
            ("a/Cargo.toml", "[package]\nname = \"a\"\n"),
            ("a/src/lib.rs", "//! The root.\n//!\n//! More.\n"),
            ("a/src/b/c.rs", "//! It counts what\n//! is there. And more.\nfn c() {}\n"),
            ("a/tests/d.rs", "//! A test.\n"),
        ]);
        let page = page(&files);
        assert!(page.ends_with("## a\n\n  - `b/c.rs`: It counts what is there\n- `lib.rs`: The root\n"), "{page}");
    }
}
