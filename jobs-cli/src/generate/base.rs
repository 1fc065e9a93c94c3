//! The base that a job names.

use std::fs;
use std::path::{Path, PathBuf};

use heck::{ToSnakeCase, ToUpperCamelCase};
use jobs::Error;

use super::job::{declare, module};
use super::name::identifier;
use super::plan::Plan;
use super::template::fill;

/// Where a base is.
pub(crate) struct Base {
    /// The name that the attribute has.
    pub(crate) name: String,
    /// What is imported for it.
    pub(crate) import: Option<String>,
}

/// The base `ApplicationJob`, which is written if there is none, or one at a path such as `crate::jobs::Nightly`.
pub(crate) fn base(plan: &mut Plan, folder: &Path, sources: &Path, name: &str) -> Result<Base, Error> {
    if name.contains("::") {
        syn::parse_str::<syn::Path>(name).map_err(|_| Error::invalid(format!("`{name}` is no path of a base")))?;
        return Ok(Base { name: name.to_owned(), import: None });
    }
    identifier(name)?;
    let (file, camel) = (name.to_snake_case(), name.to_upper_camel_case());
    if name != camel {
        return Err(Error::invalid(format!("`{name}` is no name of a base; write it as `{camel}`")));
    }
    let place = module(sources).join(format!("{file}.rs"));
    if !plan.has(&place) {
        if let Some(other) = elsewhere(&folder.join(sources), name) {
            let module = other.file_stem().unwrap_or_default().display();
            let place = other.strip_prefix(folder).unwrap_or(&other).display();
            let words = format!("`{name}` is in `{place}`: say its path, as `--base crate::{module}::{name}`");
            return Err(Error::invalid(words));
        }
        plan.create(&place, fill(include_str!("../templates/base.rs.template"), &[("struct", name)]))?;
    }
    declare(plan, sources, &[], &file)?;
    Ok(Base { name: name.to_owned(), import: Some(format!("use crate::{}::{file}::{name};", super::MODULE)) })
}

/// A file with a struct of this name.
fn elsewhere(folder: &Path, name: &str) -> Option<PathBuf> {
    fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).find_map(|path| {
        if path.is_dir() {
            return elsewhere(&path, name);
        }
        let text = fs::read_to_string(&path).ok()?;
        let known = [format!("struct {name};"), format!("struct {name} ")];
        known.iter().any(|words| text.contains(words)).then_some(path)
    })
}
