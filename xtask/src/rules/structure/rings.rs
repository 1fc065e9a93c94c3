//! Modules of a crate do not import each other in large loops.

use crate::manifest::package;
use crate::modules::Modules;
use crate::tree::{File, Tree};
use crate::violation::Violation;

/// The most modules that may import each other in a loop.
const LIMIT: usize = 4;

/// Every larger loop, at the first of its files.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let crates = tree.manifests().filter(|file| package(&file.text).is_some());
    crates.flat_map(|manifest| violations(tree, manifest)).collect()
}

fn violations(tree: &Tree, manifest: &File) -> Vec<Violation> {
    let Some(folder) = manifest.path.strip_suffix("/Cargo.toml") else { return Vec::new() };
    let modules = Modules::of(folder, tree.sources());
    let large = modules.rings().into_iter().filter(|ring| ring.len() > LIMIT).map(|ring| violation(&ring));
    large.collect()
}

fn violation(ring: &[&str]) -> Violation {
    let what = format!("{} modules import each other, {LIMIT} is the limit: {}", ring.len(), ring.join(", "));
    let remedy = "move what two of them need into a module below both";
    Violation::new(ring.first().copied().unwrap_or_default(), 1, what, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree;

    #[test]
    fn four_modules_in_a_loop_pass_and_five_do_not() {
        for (count, expected) in [(4, 0), (5, 1)] {
            let files: Vec<(String, String)> = (0..count)
                .map(|index| (format!("a/src/m{index}.rs"), format!("use crate::m{}::A;", (index + 1) % count)))
                .collect();
            let mut all: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            all.push(("a/Cargo.toml", "[package]\nname = \"a\"\n"));
            assert_eq!(check(&tree(&all)).len(), expected, "{count}");
        }
    }
}
