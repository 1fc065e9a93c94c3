//! No function is longer than 50 lines, in `jobs-macros` than 40.

use crate::functions::functions;
use crate::source::Source;
use crate::tree::Tree;
use crate::violation::Violation;

/// Every function that is too long.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    tree.sources().iter().flat_map(violations).collect()
}

fn violations(source: &Source) -> Vec<Violation> {
    let limit = if source.path().starts_with("jobs-macros/") { 40 } else { 50 };
    let long = functions(source).into_iter().filter(|function| function.length > limit);
    long.map(|function| {
        let what = format!("`{}` has {} lines, {limit} is the limit", function.name, function.length);
        Violation::new(source.path(), function.line, what, "name its steps and make each a function")
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    fn function(lines: usize) -> String {
        format!("fn a() {{\n{}}}\n", "    b();\n".repeat(lines - 2))
    }

    #[test]
    fn fifty_lines_pass_and_one_more_does_not() {
        assert!(said(check, "a.rs", &function(50)).is_empty());
        assert!(said(check, "a.rs", &function(51)).concat().starts_with("a.rs:1: `a` has 51 lines, 50 is"));
    }

    #[test]
    fn in_the_macros_forty_is_the_limit() {
        assert!(said(check, "jobs-macros/src/a.rs", &function(40)).is_empty());
        assert_eq!(said(check, "jobs-macros/src/a.rs", &function(41)).len(), 1);
    }
}
