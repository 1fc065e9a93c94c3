//! Finds or writes the base of a job.

use std::fs;
use std::path::{Path, PathBuf};

use heck::{ToSnakeCase, ToUpperCamelCase};
use jobs::Error;

use super::job_name::check_identifier;
use super::modules::{self, MODULE, declare};
use super::plan::Plan;
use super::template::fill;

/// A base, as the code of a job refers to it.
pub(crate) struct BaseRef {
    /// The name or path in the attribute.
    pub(crate) name: String,
    /// The `use` line that imports it, if it is not named by its path.
    pub(crate) import: Option<String>,
}

/// Refers to a base by a name such as `ApplicationJob`, which is written if it does not exist, or by a path such as
/// `crate::jobs::Nightly`.
pub(crate) fn base(plan: &mut Plan, folder: &Path, sources: &Path, name: &str) -> Result<BaseRef, Error> {
    if name.contains("::") {
        syn::parse_str::<syn::Path>(name)
            .map_err(|_| Error::invalid(format!("`{name}` is not a valid path of a base")))?;
        return Ok(BaseRef { name: name.to_owned(), import: None });
    }
    check_identifier(name)?;
    let (file, camel) = (name.to_snake_case(), name.to_upper_camel_case());
    if name != camel {
        return Err(Error::invalid(format!("`{name}` is not a valid name of a base; write it as `{camel}`")));
    }
    let path = modules::folder(sources, &[]).join(format!("{file}.rs"));
    if !plan.has(&path) {
        if let Some(other) = find_struct(&folder.join(sources), name) {
            let module = other.file_stem().unwrap_or_default().display();
            let file = other.strip_prefix(folder).unwrap_or(&other).display();
            let message = format!("`{name}` is in `{file}`: give its path, as in `--base crate::{module}::{name}`");
            return Err(Error::invalid(message));
        }
        plan.create(&path, fill(include_str!("templates/base.rs.template"), &[("struct", name)]))?;
    }
    declare(plan, sources, &[], &file)?;
    Ok(BaseRef { name: name.to_owned(), import: Some(format!("use crate::{MODULE}::{file}::{name};")) })
}

/// Searches the folder for a file that defines a struct of this name.
fn find_struct(folder: &Path, name: &str) -> Option<PathBuf> {
    fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).find_map(|path| {
        if path.is_dir() {
            return find_struct(&path, name);
        }
        let text = fs::read_to_string(&path).ok()?;
        let definitions = [format!("struct {name};"), format!("struct {name} ")];
        definitions.iter().any(|definition| text.contains(definition)).then_some(path)
    })
}
