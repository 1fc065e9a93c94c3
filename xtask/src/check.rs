//! `cargo xtask check`: all that CI runs. Nothing is checked only there.

use std::path::Path;

use crate::TaskResult;
use crate::command::{cargo, program, succeeds};
use crate::tidy;

type Step = (&'static str, fn(&Path) -> TaskResult);

const STEPS: &[Step] = &[
    ("Format", |root| Ok(succeeds(&mut cargo(root, &["fmt", "--all", "--check"]))?)),
    ("Lints", lints),
    ("Documentation", documentation),
    ("House rules", tidy::run),
    ("Tests", |root| Ok(succeeds(&mut program(root, root.join("bin/test")))?)),
];

/// Runs every step, also after one that failed, and says at the end which did.
///
/// # Errors
/// A step could not be started.
pub(crate) fn run(root: &Path) -> TaskResult {
    let mut failed = Vec::new();
    for (name, step) in STEPS {
        println!("\n=== {name}");
        if !step(root)? {
            failed.push(*name);
        }
    }
    println!("\n=== {}", verdict(&failed));
    Ok(failed.is_empty())
}

fn lints(root: &Path) -> TaskResult {
    let arguments = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    Ok(succeeds(&mut cargo(root, &arguments))?)
}

fn documentation(root: &Path) -> TaskResult {
    let mut command = cargo(root, &["doc", "--workspace", "--all-features", "--no-deps"]);
    Ok(succeeds(command.env("RUSTDOCFLAGS", "-D warnings"))?)
}

fn verdict(failed: &[&str]) -> String {
    if failed.is_empty() { "All is well".to_owned() } else { format!("Failed: {}", failed.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_names_all_that_failed() {
        assert_eq!(verdict(&["Format", "Tests"]), "Failed: Format, Tests");
        assert_eq!(verdict(&[]), "All is well");
    }
}
