//! `cargo xtask bless`: writes anew what is generated. Read the difference before you commit it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::command::{cargo, succeeds};
use crate::manifest::package;
use crate::snippets::refreshed;
use crate::tree::Tree;
use crate::{TaskResult, code_map, diagram};

/// The diagram, the code map, the programs in Markdown, then the expected words of the compiler and snapshots.
///
/// # Errors
/// A file cannot be read or written, or cargo cannot be started.
pub(crate) fn run(root: &Path) -> TaskResult {
    diagram::write(root)?;
    code_map::write(root)?;
    let tree = Tree::load(root)?;
    for page in tree.with_extension("md") {
        let text = refreshed(&page.text, |path| tree.text(path).map(str::to_owned));
        if text != page.text {
            fs::write(root.join(&page.path), text)?;
        }
    }
    let mut good = true;
    for package in expecting(&tree) {
        let mut command = cargo(root, &["test", "--package", &package, "--tests"]);
        command.envs([("TRYBUILD", "overwrite"), ("INSTA_UPDATE", "always"), ("BLESS", "1")]);
        good &= succeeds(&mut command)?;
    }
    Ok(good)
}

/// What tests compare with: words of the compiler, expansions, words of errors.
const EXPECTED: &[&str] = &["stderr", "expanded", "error"];

/// The packages whose tests compare with files.
fn expecting(tree: &Tree) -> BTreeSet<String> {
    let files = EXPECTED.iter().flat_map(|extension| tree.with_extension(extension));
    let folders = files.filter_map(|file| file.path.split_once("tests/").map(|(folder, _)| folder));
    folders
        .filter_map(|folder| tree.text(&format!("{folder}Cargo.toml")).and_then(package))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree;

    #[test]
    fn packages_with_files_to_compare_with_are_found() {
        let files = tree(&[
            ("Cargo.toml", "[package]\nname = \"jobs\"\n"),
            ("tests/ui/fail/a.stderr", ""),
            ("jobs-core/Cargo.toml", "[package]\nname = \"jobs-core\"\n"),
        ]);
        assert_eq!(expecting(&files), BTreeSet::from(["jobs".to_owned()]));
    }
}
