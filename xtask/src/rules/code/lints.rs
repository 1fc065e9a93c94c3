//! Every crate takes the lints of the workspace.

use crate::manifest::package;
use crate::tree::Tree;
use crate::violation::Violation;

/// Every manifest that does not.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let manifests = tree.manifests().filter(|file| package(&file.text).is_some());
    let without = manifests.filter(|file| !file.text.contains("[lints]\nworkspace = true"));
    let remedy = "add `[lints]` with `workspace = true`";
    without.map(|file| Violation::new(&file.path, 1, "the crate has lints of its own", remedy)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn a_crate_without_the_lints_is_named() {
        let text = "[package]\nname = \"a\"\n";
        assert_eq!(said(check, "a/Cargo.toml", text).len(), 1);
        assert!(said(check, "a/Cargo.toml", &format!("{text}\n[lints]\nworkspace = true\n")).is_empty());
    }
}
