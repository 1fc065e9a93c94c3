//! Plans the file of a job with its test, and the `mod` lines for it.

use std::path::Path;

use jobs::Error;

use super::argument::Argument;
use super::base::{BaseRef, base};
use super::checkout::Checkout;
use super::job_name::JobName;
use super::modules::{self, MODULE, declare};
use super::package::Package;
use super::plan::Plan;
use super::template::fill;
use crate::args::GenerateJobArgs;

/// The line width at which rustfmt breaks a line.
const MAX_WIDTH: usize = 100;

/// Plans a job in the package that contains this folder.
pub(crate) fn job(folder: &Path, args: &GenerateJobArgs) -> Result<Plan, Error> {
    let (name, arguments) = (JobName::parse(&args.name)?, Argument::parse_all(&args.arguments)?);
    if let Some(queue) = &args.queue {
        jobs_core::check_queue_name(queue)?;
    }
    let package = Package::around(folder)?;
    let root = package.root();
    let sources = root.as_deref().and_then(Path::parent).unwrap_or_else(|| Path::new("src")).to_owned();
    let mut plan = Plan::new(&package.folder);
    let base = args.base.as_ref().map(|name| base(&mut plan, &package.folder, &sources, name)).transpose()?;
    add(&mut plan, &sources, &name, &arguments, args.queue.as_deref(), base.as_ref())?;
    match root {
        Some(root) => plan.add_module(&root, "", &modules::root_line(&root))?,
        None => plan.next.push(format!("add the line `mod {MODULE};` to the root of the crate")),
    }
    plan.next.extend(missing_crates(&package, &arguments));
    Ok(plan)
}

/// Plans the file of the job, and the `mod` lines that declare it.
pub(crate) fn add(
    plan: &mut Plan,
    sources: &Path,
    name: &JobName,
    arguments: &[Argument],
    queue: Option<&str>,
    base: Option<&BaseRef>,
) -> Result<(), Error> {
    let folder = modules::folder(sources, &name.modules);
    let other = folder.join(&name.function).join("mod.rs");
    if plan.has(&other) {
        let message = format!("`{}` is a module of this name already: choose another name", other.display());
        return Err(Error::invalid(message));
    }
    plan.create(folder.join(format!("{}.rs", name.function)), code(name, arguments, queue, base))?;
    for depth in 0..name.modules.len() {
        declare(plan, sources, &name.modules[..depth], &name.modules[depth])?;
    }
    declare(plan, sources, &name.modules, &name.function)
}

fn code(name: &JobName, arguments: &[Argument], queue: Option<&str>, base: Option<&BaseRef>) -> String {
    let import = base.and_then(|base| base.import.as_ref()).map(|import| format!("\n{import}\n"));
    let print = |one: &Argument| format!("\n    println!(\"  {0}: {{{0}:?}}\");", one.name);
    let prints: String = arguments.iter().map(print).collect();
    let samples: Vec<_> = arguments.iter().map(|one| one.sample.as_str()).collect();
    fill(
        include_str!("templates/job.rs.template"),
        &[
            ("imports", &import.unwrap_or_default()),
            ("attribute", &attribute(name, queue, base)),
            ("parameters", &parameters(name, arguments)),
            ("function", &name.function),
            ("struct", &name.structure),
            ("prints", &prints),
            ("samples", &samples.join(", ")),
        ],
    )
}

fn attribute(name: &JobName, queue: Option<&str>, base: Option<&BaseRef>) -> String {
    let stored = name.stored_name().map(|stored| format!("name = {stored:?}"));
    let base = base.map(|base| format!("base = {}", base.name));
    let keys: Vec<_> = stored.into_iter().chain(base).chain(queue.map(|queue| format!("queue = {queue:?}"))).collect();
    if keys.is_empty() { "#[job]".to_owned() } else { format!("#[job({})]", keys.join(", ")) }
}

fn parameters(name: &JobName, arguments: &[Argument]) -> String {
    let all: Vec<_> = arguments.iter().map(|one| format!("{}: {}", one.name, one.kind)).collect();
    let line = all.join(", ");
    let rest = "pub async fn () -> Result<(), jobs::BoxError> {".len() + name.function.len();
    if rest + line.len() <= MAX_WIDTH { line } else { format!("\n    {},\n", all.join(",\n    ")) }
}

/// The commands that add crates which the generated code needs and the package does not have. Ours are added by their
/// folder: in the public registry `jobs` is another crate.
fn missing_crates(package: &Package, arguments: &[Argument]) -> Vec<String> {
    let built_in = ["crate", "self", "super", "std", "core", "alloc", "jobs"];
    let types = arguments.iter().flat_map(|one| &one.crates).filter(|name| !built_in.contains(&name.as_str()));
    let mut commands = Vec::new();
    for name in ["jobs"].into_iter().chain(types.map(String::as_str)) {
        let features = if ["chrono", "uuid", "rust_decimal"].contains(&name) { " --features serde" } else { "" };
        if !package.has_dependency(name, false) {
            commands.push(format!("cargo add {name}{features}{}", ours(name)));
        }
    }
    if !package.has_dependency("tokio", true) {
        commands.push("cargo add tokio --features macros,rt-multi-thread".to_owned());
    }
    if !package.has_dependency("jobs-testing", true) {
        commands.push(format!("cargo add --dev jobs-testing{}", ours("jobs-testing")));
    }
    commands.dedup();
    commands
}

/// The flag that names the folder of one of our crates; nothing for other crates.
fn ours(name: &str) -> String {
    if name != "jobs" && !name.starts_with("jobs-") {
        return String::new();
    }
    let folder = Checkout::find(None).map_or_else(|_| format!("SOURCES/{name}"), |sources| sources.of(name));
    format!(" --path {folder:?}")
}
