//! Each crate knows only the crates of ours below it.

use crate::manifest::{dependencies, package};
use crate::tree::{File, Tree};
use crate::violation::Violation;

/// What a crate may depend on. One that is not listed is an adapter and may know `jobs-core` alone.
const LAYERS: &[(&str, &[&str])] = &[
    ("jobs-syntax", &[]),
    ("jobs-core", &["jobs-syntax"]),
    ("jobs-macros", &["jobs-syntax"]),
    ("jobs-runtime", &["jobs-core", "jobs-metrics"]),
    ("jobs-config", &["jobs-core", "jobs-runtime", "jobs-syntax"]),
    ("jobs-dashboard", &["jobs-core", "jobs-metrics"]),
    ("jobs-delayed-job", &["jobs-active-job", "jobs-core", "jobs-store-util", "jobs-sql"]),
    ("jobs-opentelemetry", &["jobs-core", "jobs-runtime"]),
    ("jobs-redis", &["jobs-core", "jobs-store-util"]),
    ("jobs-resque", &["jobs-active-job", "jobs-core", "jobs-redis"]),
    ("jobs-sidekiq", &["jobs-active-job", "jobs-core", "jobs-redis", "jobs-store-util", "jobs-syntax"]),
    ("jobs-solid-queue", &["jobs-active-job", "jobs-core", "jobs-store-util", "jobs-sql"]),
    ("jobs-sql", &["jobs-core", "jobs-store-util"]),
    ("jobs-sqlite", &["jobs-core", "jobs-store-util"]),
    ("jobs-testing", &["jobs-core", "jobs-memory", "jobs-runtime"]),
];

/// The facade and the tasks stand above all.
const FREE: &[&str] = &["jobs", "jobs-cli", "xtask"];

/// Every dependency that points the wrong way.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    tree.manifests().flat_map(violations).collect()
}

fn violations(file: &File) -> Vec<Violation> {
    let Some(name) = package(&file.text).filter(|name| !FREE.contains(name)) else { return Vec::new() };
    let allowed = LAYERS.iter().find(|(layer, _)| *layer == name).map_or(&["jobs-core"] as &[_], |(_, below)| below);
    let ours = dependencies(&file.text).into_iter().filter(|(_, dependency)| dependency.starts_with("jobs"));
    ours.filter(|(_, dependency)| !allowed.contains(&dependency.as_str()))
        .map(|(line, dependency)| {
            let what = format!("`{name}` depends on `{dependency}`");
            Violation::new(&file.path, line, what, "move what they share into `jobs-core`, or make it a dev-dependency")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    fn manifest(name: &str, dependencies: &str) -> String {
        format!(
            "[package]\nname = \"{name}\"\n\n[dependencies]\n{dependencies}\n\n[dev-dependencies]\njobs-testing.workspace = true\n"
        )
    }

    #[test]
    fn an_adapter_may_know_the_core_alone() {
        let text = manifest("jobs-sqlite", "jobs-core.workspace = true\nrusqlite = \"1\"");
        assert!(said(check, "jobs-sqlite/Cargo.toml", &text).is_empty());
        let text = manifest("jobs-sqlite", "jobs-core.workspace = true\njobs-runtime.workspace = true");
        let words = said(check, "jobs-sqlite/Cargo.toml", &text).concat();
        assert!(words.starts_with("jobs-sqlite/Cargo.toml:6: `jobs-sqlite` depends on `jobs-runtime`"), "{words}");
    }

    #[test]
    fn the_runtime_knows_no_adapter_and_the_facade_knows_all() {
        let dependency = "jobs-memory.workspace = true";
        assert_eq!(said(check, "jobs-runtime/Cargo.toml", &manifest("jobs-runtime", dependency)).len(), 1);
        assert!(said(check, "Cargo.toml", &manifest("jobs", dependency)).is_empty());
    }
}
