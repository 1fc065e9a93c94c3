//! `jobs-core` neither waits nor spawns, reads or writes.

use crate::manifest::dependencies;
use crate::tree::Tree;
use crate::violation::Violation;

const MANIFEST: &str = "jobs-core/Cargo.toml";
const MOST: usize = 9;
const FORBIDDEN: &[&str] =
    &["tokio", "async_std", "std::fs", "std::net", "std::process", "thread::spawn", "sleep(", "println!", "eprintln!"];

/// Every sign that the core does more than decide.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let dependencies = tree.text(MANIFEST).map(dependencies).unwrap_or_default();
    let mut violations = Vec::new();
    for (line, name) in dependencies.iter().filter(|(_, name)| name.starts_with("tokio")) {
        violations.push(Violation::new(
            MANIFEST,
            *line,
            format!("`jobs-core` depends on `{name}`"),
            "what waits belongs in `jobs-runtime`",
        ));
    }
    if let Some((line, name)) = dependencies.get(MOST) {
        let what = format!("`{name}` is a dependency more than the {MOST} that the core may have");
        violations.push(Violation::new(MANIFEST, *line, what, "do without it, or move what needs it to another crate"));
    }
    violations.extend(impure(tree));
    violations
}

fn impure(tree: &Tree) -> impl Iterator<Item = Violation> {
    let core = tree.sources().iter().filter(|source| source.path().starts_with("jobs-core/src/"));
    let lines = core.flat_map(|source| source.own_code().map(move |(number, line)| (source.path(), number, line)));
    lines.filter_map(|(path, number, line)| {
        let word = FORBIDDEN.iter().find(|word| line.contains(*word))?;
        Some(Violation::new(
            path,
            number,
            format!("`{word}` in the core"),
            "move it to `jobs-runtime` or to an adapter",
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn tokio_in_the_core_is_a_violation_as_dependency_and_as_word() {
        let manifest = said(check, MANIFEST, "[dependencies]\ntokio.workspace = true\n").concat();
        assert!(manifest.starts_with("jobs-core/Cargo.toml:2: `jobs-core` depends on `tokio`"), "{manifest}");
        assert_eq!(said(check, "jobs-core/src/a.rs", "// tokio\nuse tokio::time;\n").len(), 1);
        assert!(said(check, "jobs-runtime/src/a.rs", "use tokio::time;\n").is_empty());
    }

    #[test]
    fn a_tenth_dependency_is_one_too_many() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map(|name| format!("{name} = \"1\"\n"));
        let ten = format!("[dependencies]\n{}", names.concat());
        assert!(said(check, MANIFEST, &ten).concat().starts_with("jobs-core/Cargo.toml:11: `j` is a dependency more"));
    }
}
