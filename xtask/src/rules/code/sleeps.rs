//! No test sleeps.

use crate::source::Source;
use crate::tree::Tree;
use crate::violation::Violation;

/// Every sleep in a test.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    tree.sources().iter().flat_map(violations).collect()
}

fn violations(source: &Source) -> Vec<Violation> {
    let sleeps = source.test_code().filter(|(_, line)| {
        let line = line.replace("_sleep(", "");
        line.contains("sleep(") || line.contains("sleep_until(")
    });
    let remedy = "wait for a named event with a deadline, or advance the injected clock";
    sleeps.map(|(number, _)| Violation::new(source.path(), number, "a test sleeps", remedy)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn a_sleep_in_a_test_is_a_violation_and_elsewhere_it_is_not_this_rules_matter() {
        let text = "async fn a() { tokio::time::sleep(b).await; }\n";
        assert!(said(check, "tests/a.rs", text).concat().starts_with("tests/a.rs:1: a test sleeps;"));
        assert!(said(check, "src/a.rs", text).is_empty());
    }
}
