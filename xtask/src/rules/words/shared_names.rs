//! A private type name means one thing in the workspace.

use std::collections::BTreeMap;

use crate::source::Source;
use crate::tree::Tree;
use crate::violation::Violation;

/// So many files may define a type of the same name.
const LIMIT: usize = 2;

/// Names that mean the same in every module that has one.
const COMMON: &[&str] = &["Error", "Options", "Result"];

const KINDS: &[&str] = &["struct", "enum", "trait", "type", "union"];

/// Every definition beyond the second of the same name.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut defined: BTreeMap<&str, Vec<(&Source, usize)>> = BTreeMap::new();
    for source in tree.sources().iter().filter(|source| source.is_library()) {
        for (number, name) in source.own_code().filter_map(|(number, line)| Some((number, defined_type(line)?))) {
            let files = defined.entry(name).or_default();
            if files.iter().all(|(other, _)| other.path() != source.path()) {
                files.push((source, number));
            }
        }
    }
    let shared = defined.into_iter().filter(|(name, files)| files.len() > LIMIT && !COMMON.contains(name));
    shared.flat_map(|(name, files)| violations(name, &files)).collect()
}

fn violations(name: &str, files: &[(&Source, usize)]) -> Vec<Violation> {
    let paths: Vec<&str> = files.iter().map(|(source, _)| source.path()).collect();
    let what = format!("`{name}` is defined in {} files: {}", files.len(), paths.join(", "));
    let beyond = files.iter().skip(LIMIT);
    beyond
        .map(|(source, number)| Violation::new(source.path(), *number, what.clone(), "give each its own name"))
        .collect()
}

/// The name of the type that an unindented line defines.
fn defined_type(line: &str) -> Option<&str> {
    if line.starts_with(char::is_whitespace) {
        return None;
    }
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let first = words.find(|word| !matches!(*word, "pub" | "crate" | "super" | "in" | "unsafe"))?;
    KINDS.contains(&first).then(|| words.next()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree;

    #[test]
    fn a_name_of_two_files_passes_and_that_of_a_third_is_refused() {
        let one = ("a/src/a.rs", "pub(crate) struct Line;\n");
        let two = ("b/src/b.rs", "enum Line {}\n");
        assert!(check(&tree(&[one, two])).is_empty());
        let third = check(&tree(&[one, two, ("c/src/c.rs", "\ntype Line<T> = T;\n")]));
        let words: Vec<_> = third.iter().map(ToString::to_string).collect();
        assert!(words.concat().starts_with("c/src/c.rs:2: `Line` is defined in 3 files"), "{words:?}");
    }

    #[test]
    fn associated_types_and_common_names_may_recur() {
        for text in ["impl A for B {\n    type Out = u8;\n}\n", "pub type Result<T> = u8;\n"] {
            assert!(check(&tree(&[("a.rs", text), ("b.rs", text), ("c.rs", text)])).is_empty(), "{text}");
        }
    }
}
