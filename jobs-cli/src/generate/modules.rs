//! The module of all jobs, the modules below it, and the `mod` lines that declare them.

use std::path::{Path, PathBuf};

use jobs::Error;

use super::plan::Plan;

/// The module with the jobs of a program. It is not called `jobs`, because that is the name of the crate.
pub(crate) const MODULE: &str = "background";
/// The first line of the module of all jobs.
const MODULE_DOC: &str = "//! Jobs that run in the background.\n";

/// Plans the `mod` line of a module in its parent module.
pub(crate) fn declare(plan: &mut Plan, sources: &Path, modules: &[String], name: &str) -> Result<(), Error> {
    let doc = if modules.is_empty() { MODULE_DOC } else { "" };
    plan.add_module(&file(plan, sources, modules), doc, &format!("pub mod {name};"))
}

/// The folder of a module below the module of all jobs.
pub(crate) fn folder(sources: &Path, modules: &[String]) -> PathBuf {
    modules.iter().fold(sources.join(MODULE), |folder, module| folder.join(module))
}

/// The file of a module: `mod.rs` in its folder, unless a file `<module>.rs` exists.
fn file(plan: &Plan, sources: &Path, modules: &[String]) -> PathBuf {
    let folder = folder(sources, modules);
    let beside = folder.with_extension("rs");
    if plan.has(&beside) { beside } else { folder.join("mod.rs") }
}

/// The `mod` line of the module of all jobs. In a library it is public, so that the programs of the package can use the
/// jobs.
pub(crate) fn root_line(root: &Path) -> String {
    let is_library = root.file_name().is_some_and(|name| name == "lib.rs");
    format!("{}mod {MODULE};", if is_library { "pub " } else { "" })
}
