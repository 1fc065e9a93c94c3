//! No Rust file is longer than 400 lines.

use crate::tree::Tree;
use crate::violation::Violation;

const LIMIT: usize = 400;

/// Every file that is too long.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let long = tree.sources().iter().filter(|source| source.len() > LIMIT);
    long.map(|source| {
        let what = format!("the file has {} lines, {LIMIT} is the limit", source.len());
        Violation::new(source.path(), LIMIT + 1, what, "give each concept a file of its own")
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn four_hundred_lines_pass_and_one_more_does_not() {
        assert!(said(check, "a.rs", &"//\n".repeat(400)).is_empty());
        assert!(said(check, "a.rs", &"//\n".repeat(401)).concat().starts_with("a.rs:401: the file has 401 lines"));
    }
}
