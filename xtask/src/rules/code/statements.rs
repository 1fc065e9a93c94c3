//! Each `.sql` file begins with a comment and holds one statement; migrations may hold more.

use crate::tree::{File, Tree};
use crate::violation::Violation;

/// Every file of statements that is not so.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    tree.with_extension("sql").flat_map(violations).collect()
}

fn violations(file: &File) -> Vec<Violation> {
    let mut violations = Vec::new();
    if !file.text.starts_with("--") {
        let remedy = "say in a comment what it does, its parameters and the index it uses";
        violations.push(Violation::new(&file.path, 1, "the statement has no header", remedy));
    }
    if file.path.split('/').any(|part| part == "migrations") {
        return violations;
    }
    if let Some(line) = second_statement(&file.text) {
        violations.push(Violation::new(&file.path, line, "a second statement begins", "give it a file of its own"));
    }
    violations
}

/// The line on which code follows the `;` that ends the first statement. Triggers belong into migrations.
fn second_statement(text: &str) -> Option<usize> {
    let mut ended = false;
    let mut quoted = false;
    for (index, line) in text.lines().enumerate() {
        let line = if quoted { line } else { line.split("--").next().unwrap_or_default() };
        for c in line.chars() {
            quoted ^= c == '\'';
            if ended && !c.is_whitespace() && c != ';' {
                return Some(index + 1);
            }
            ended |= c == ';' && !quoted;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn one_statement_under_a_header_passes() {
        let text = "-- Claims jobs; see the index.\nselect ';' -- why; what\nfrom jobs;\n";
        assert!(said(check, "jobs-sqlite/src/sql/claim.sql", text).is_empty());
    }

    #[test]
    fn a_missing_header_and_a_second_statement_are_violations() {
        let words = said(check, "a.sql", "select 1;\nselect 2;\n");
        assert!(words.iter().any(|words| words.starts_with("a.sql:1: the statement has no header")), "{words:?}");
        assert!(words.iter().any(|words| words.starts_with("a.sql:2: a second statement")), "{words:?}");
    }

    #[test]
    fn a_migration_may_hold_many_statements() {
        assert!(said(check, "jobs-sqlite/src/migrations/1.sql", "-- The first.\nselect 1;\nselect 2;\n").is_empty());
    }
}
