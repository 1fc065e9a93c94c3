//! Plans a project with one job, which compiles, passes its test and runs.

use std::fs;
use std::path::Path;

use jobs::Error;

use super::argument::Argument;
use super::checkout::Checkout;
use super::job::add;
use super::job_name::{JobName, check_identifier};
use super::package::workspace_around;
use super::plan::Plan;
use super::template::fill;
use crate::args::NewProjectArgs;

/// Names of crates that a project needs, and names with a meaning for Cargo.
const RESERVED: &[&str] = &[
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "incremental",
    "jobs",
    "jobs-cli",
    "jobs-testing",
    "proc_macro",
    "std",
    "test",
    "tokio",
];

/// Plans all files of a new project.
pub(crate) fn project(current: &Path, args: &NewProjectArgs) -> Result<Plan, Error> {
    if args.folder.to_string_lossy().contains("://") {
        // It may hold a password, so it is not repeated.
        return Err(Error::invalid("`new` wants the name of a folder, not a URL: write it as in `jobsctl new shop`"));
    }
    let folder = current.join(&args.folder);
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    check_name(name)?;
    if fs::read_dir(&folder).map_or(folder.exists(), |mut inside| inside.next().is_some()) {
        let folder = args.folder.display();
        return Err(Error::invalid(format!(
            "`{folder}` exists and is not empty: choose another name, or empty it first"
        )));
    }
    let mut plan = Plan::new(&folder);
    plan.create("Cargo.toml", manifest(name, &Checkout::find(args.path.as_deref())?))?;
    for (path, template) in [
        ("src/main.rs", include_str!("templates/main.rs.template")),
        ("config/jobs.yml", include_str!("templates/jobs.yml.template")),
        (".gitignore", include_str!("templates/gitignore.template")),
        ("README.md", include_str!("templates/README.md.template")),
    ] {
        plan.create(path, fill(template, &[("name", name)]))?;
    }
    let arguments = Argument::parse_all(&["name:String".to_owned()])?;
    add(&mut plan, Path::new("src"), &JobName::parse("greet")?, &arguments, None, None)?;
    if let Some(workspace) = workspace_around(&folder) {
        plan.next.push(format!("add it to `members` in {}", workspace.join("Cargo.toml").display()));
    }
    plan.next.push(format!("cd {} && cargo test", args.folder.display()));
    Ok(plan)
}

fn check_name(name: &str) -> Result<(), Error> {
    let is_valid =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || "-_".contains(character);
    if !name.chars().all(is_valid) || !name.starts_with(|character: char| character.is_ascii_lowercase()) {
        return Err(Error::invalid(format!(
            "`{name}` is not a valid name of a crate: write lower-case letters, digits, `-` and `_`, beginning with a letter, \
             as in `shop`"
        )));
    }
    if RESERVED.contains(&name) {
        return Err(Error::invalid(format!(
            "`{name}` is the name of a crate or folder that the project needs; choose another name"
        )));
    }
    check_identifier(&name.replace('-', "_"))
}

fn manifest(name: &str, checkout: &Checkout) -> String {
    let path = |part: &str| format!("path = {}", quoted(&checkout.of(part)));
    let (jobs, cli, testing) = (path("jobs"), path("jobs-cli"), path("jobs-testing"));
    let values = [("name", quoted(name)), ("jobs", jobs), ("jobs-cli", cli), ("jobs-testing", testing)];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    fill(include_str!("templates/Cargo.toml.template"), &values)
}

/// A string of TOML, with its quotes.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
