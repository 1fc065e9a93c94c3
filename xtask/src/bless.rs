//! `cargo xtask bless`: writes anew what is generated. Read the difference before you commit it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::command::{cargo, succeeds};
use crate::manifest::package;
use crate::snippets::refreshed;
use crate::tree::Tree;
use crate::{Answer, diagram};

/// The diagram, the programs in Markdown, then the expected words of the compiler and snapshots.
///
/// # Errors
/// A file cannot be read or written, or cargo cannot be started.
pub(crate) fn run(root: &Path) -> Answer {
    diagram::write(root)?;
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

/// The packages whose tests compare with files: those with programs that must not compile.
fn expecting(tree: &Tree) -> BTreeSet<String> {
    let programs = tree.sources().iter().map(crate::source::Source::path);
    let folders = programs.filter_map(|path| path.split_once("tests/ui/fail/").map(|(folder, _)| folder));
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
    fn packages_with_programs_that_must_fail_are_found() {
        let files = tree(&[
            ("Cargo.toml", "[package]\nname = \"jobs\"\n"),
            ("tests/ui/fail/a.rs", ""),
            ("jobs-core/Cargo.toml", "[package]\nname = \"jobs-core\"\n"),
        ]);
        assert_eq!(expecting(&files), BTreeSet::from(["jobs".to_owned()]));
    }
}
