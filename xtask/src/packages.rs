//! Every crate can be packaged, as for a release.

use std::path::Path;

use crate::TaskResult;
use crate::command::{cargo, succeeds};

/// Packages all crates that are published, without building them. Cargo prints what is missing in which crate.
///
/// # Errors
/// Cargo cannot be started.
pub(crate) fn check(root: &Path) -> TaskResult {
    let arguments =
        ["package", "--workspace", "--exclude", "xtask", "--no-verify", "--allow-dirty", "--offline", "--quiet"];
    Ok(succeeds(&mut cargo(root, &arguments))?)
}
