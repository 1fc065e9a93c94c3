//! A job with its test, and its place among the modules.

use std::path::{Path, PathBuf};

use jobs::Error;

use super::MODULE;
use super::argument::Argument;
use super::base::{Base, base};
use super::name::JobName;
use super::package::Package;
use super::plan::Plan;
use super::template::fill;
use crate::arguments::NewJob;

/// How wide a line may be before it is broken, as rustfmt has it.
const WIDTH: usize = 100;
const HEAD: &str = "//! Jobs that run in the background.\n";

/// All that makes a job of the package around this folder.
pub(crate) fn job(folder: &Path, asked: &NewJob) -> Result<Plan, Error> {
    let (name, arguments) = (JobName::parse(&asked.name)?, Argument::parse_all(&asked.arguments)?);
    if let Some(queue) = &asked.queue {
        jobs_core::check_queue_name(queue)?;
    }
    let package = Package::around(folder)?;
    let root = package.root();
    let sources = root.as_deref().and_then(Path::parent).unwrap_or_else(|| Path::new("src")).to_owned();
    let mut plan = Plan::new(&package.folder);
    let base = asked.base.as_ref().map(|name| base(&mut plan, &package.folder, &sources, name)).transpose()?;
    add(&mut plan, &sources, &name, &arguments, asked.queue.as_deref(), base.as_ref())?;
    match root {
        Some(root) => plan.add(&root, "", &top(&root))?,
        None => plan.next.push(format!("add the line `mod {MODULE};` to the root of the crate")),
    }
    plan.next.extend(missing(&package, &arguments));
    Ok(plan)
}

/// The job's file, and the lines that name it below the module of all jobs.
pub(crate) fn add(
    plan: &mut Plan,
    sources: &Path,
    name: &JobName,
    arguments: &[Argument],
    queue: Option<&str>,
    base: Option<&Base>,
) -> Result<(), Error> {
    let folder = name.modules.iter().fold(module(sources), |folder, module| folder.join(module));
    let other = folder.join(&name.function).join("mod.rs");
    if plan.has(&other) {
        let words = format!("`{}` is a module of this name already: choose another name", other.display());
        return Err(Error::invalid(words));
    }
    plan.create(folder.join(format!("{}.rs", name.function)), text(name, arguments, queue, base))?;
    for depth in 0..name.modules.len() {
        declare(plan, sources, &name.modules[..depth], &name.modules[depth])?;
    }
    declare(plan, sources, &name.modules, &name.function)
}

/// Names a module in the one that it is in.
pub(crate) fn declare(plan: &mut Plan, sources: &Path, modules: &[String], name: &str) -> Result<(), Error> {
    let head = if modules.is_empty() { HEAD } else { "" };
    plan.add(&file(plan, sources, modules), head, &format!("pub mod {name};"))
}

/// The folder of all jobs.
pub(crate) fn module(sources: &Path) -> PathBuf {
    sources.join(MODULE)
}

/// The file of a module: `mod.rs` in its folder, unless the other form is there.
fn file(plan: &Plan, sources: &Path, modules: &[String]) -> PathBuf {
    let folder = modules.iter().fold(module(sources), |folder, module| folder.join(module));
    let beside = folder.with_extension("rs");
    if plan.has(&beside) { beside } else { folder.join("mod.rs") }
}

/// A library's jobs are for its programs too.
fn top(root: &Path) -> String {
    let library = root.file_name().is_some_and(|name| name == "lib.rs");
    format!("{}mod {MODULE};", if library { "pub " } else { "" })
}

fn text(name: &JobName, arguments: &[Argument], queue: Option<&str>, base: Option<&Base>) -> String {
    let import = base.and_then(|base| base.import.as_ref()).map(|import| format!("\n{import}\n"));
    let shown = |one: &Argument| format!("\n    println!(\"  {0}: {{{0}:?}}\");", one.name);
    let shown: String = arguments.iter().map(shown).collect();
    let samples: Vec<_> = arguments.iter().map(|one| one.sample.as_str()).collect();
    fill(
        include_str!("../templates/job.rs.template"),
        &[
            ("imports", &import.unwrap_or_default()),
            ("attribute", &attribute(name, queue, base)),
            ("parameters", &parameters(name, arguments)),
            ("function", &name.function),
            ("struct", &name.structure),
            ("shown", &shown),
            ("samples", &samples.join(", ")),
        ],
    )
}

fn attribute(name: &JobName, queue: Option<&str>, base: Option<&Base>) -> String {
    let stored = name.stored().map(|stored| format!("name = {stored:?}"));
    let base = base.map(|base| format!("base = {}", base.name));
    let keys: Vec<_> = stored.into_iter().chain(base).chain(queue.map(|queue| format!("queue = {queue:?}"))).collect();
    if keys.is_empty() { "#[job]".to_owned() } else { format!("#[job({})]", keys.join(", ")) }
}

fn parameters(name: &JobName, arguments: &[Argument]) -> String {
    let all: Vec<_> = arguments.iter().map(|one| format!("{}: {}", one.name, one.kind)).collect();
    let line = all.join(", ");
    let around = "pub async fn () -> Result<(), jobs::BoxError> {".len() + name.function.len();
    if around + line.len() <= WIDTH { line } else { format!("\n    {},\n", all.join(",\n    ")) }
}

/// The crates that what is written needs and the package does not have.
fn missing(package: &Package, arguments: &[Argument]) -> Vec<String> {
    let own = ["crate", "self", "super", "std", "core", "alloc", "jobs"];
    let types = arguments.iter().flat_map(|one| &one.crates).filter(|name| !own.contains(&name.as_str()));
    let mut commands = Vec::new();
    for name in ["jobs"].into_iter().chain(types.map(String::as_str)) {
        let features = if ["chrono", "uuid", "rust_decimal"].contains(&name) { " --features serde" } else { "" };
        if !package.knows(name, false) {
            commands.push(format!("cargo add {name}{features}"));
        }
    }
    if !package.knows("tokio", true) {
        commands.push("cargo add tokio --features macros,rt-multi-thread".to_owned());
    }
    if !package.knows("jobs-testing", true) {
        commands.push("cargo add --dev jobs-testing".to_owned());
    }
    commands.dedup();
    commands
}
