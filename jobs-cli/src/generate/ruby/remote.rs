//! Plans Rust for the jobs of a Ruby file: for each class a function that this program enqueues and Ruby performs.

use std::fs;
use std::path::Path;

use jobs::Error;

use super::classes::{RubyJob, classes};
use super::parameters::{RubyParameter, parameters};
use crate::args::GenerateRemoteArgs;
use crate::generate::job_name::JobName;
use crate::generate::modules::{self, MODULE, declare};
use crate::generate::package::{Package, unreadable};
use crate::generate::plan::Plan;

/// Plans a file for each job class in the package that contains this folder.
///
/// # Errors
/// The file cannot be read, or has no job class that can be declared.
pub(crate) fn remote_jobs(folder: &Path, args: &GenerateRemoteArgs) -> Result<Plan, Error> {
    let text = fs::read_to_string(folder.join(&args.file)).map_err(|error| unreadable(&args.file, error))?;
    let jobs = classes(&text);
    if jobs.is_empty() {
        let file = args.file.display();
        return Err(Error::invalid(format!("`{file}` has no class with a method `perform`; name the file of a job")));
    }
    let package = Package::around(folder)?;
    let root = package.root();
    let sources = root.as_deref().and_then(Path::parent).unwrap_or_else(|| Path::new("src")).to_owned();
    let mut plan = Plan::new(&package.folder);
    let (declared, refused) = declarations(&jobs);
    if declared.is_empty() {
        return Err(Error::invalid(refused.join("\n")));
    }
    for (index, declaration) in declared.iter().enumerate() {
        // The first file says what is missing.
        let missing = if index == 0 { &refused[..] } else { &[] };
        add(&mut plan, &sources, declaration, missing, &args.file)?;
    }
    match root {
        Some(root) => plan.add_module(&root, "", &modules::root_line(&root))?,
        None => plan.next.push(format!("add the line `mod {MODULE};` to the root of the crate")),
    }
    plan.next.extend(refused);
    plan.next.extend(declared.iter().filter_map(|declaration| retries(declaration.job)));
    plan.next.push("correct the types, which are guessed from names and defaults".to_owned());
    plan.next.push("enable the feature `active-job` of `jobs`, for values of Ruby".to_owned());
    Ok(plan)
}

/// What to do that the retries of a class count, if they are others than Sidekiq's default.
fn retries(job: &RubyJob) -> Option<String> {
    let retry = job.retry.as_deref().filter(|retry| *retry != "true")?;
    let class = &job.class;
    Some(format!(
        "`{class}` says `retry: {retry}` to Sidekiq: it counts for jobs of Rust with `retry=class` in the URL of the store"
    ))
}

/// A job that can be declared in Rust.
struct Declaration<'j> {
    job: &'j RubyJob,
    name: JobName,
    parameters: Vec<RubyParameter>,
}

/// The jobs that can be declared, and why others cannot.
fn declarations(jobs: &[RubyJob]) -> (Vec<Declaration<'_>>, Vec<String>) {
    let (mut declared, mut refused) = (Vec::<Declaration<'_>>::new(), Vec::new());
    for job in jobs {
        match declaration(job, &declared) {
            Ok(declaration) => declared.push(declaration),
            Err(reason) => refused.push(format!("`{}` is not declared: {reason}", job.class)),
        }
    }
    (declared, refused)
}

fn declaration<'j>(job: &'j RubyJob, declared: &[Declaration<'_>]) -> Result<Declaration<'j>, String> {
    let name = JobName::parse(&job.class).map_err(|error| error.to_string())?;
    if let Some(same) = declared.iter().find(|one| one.name == name) {
        return Err(format!("its file in Rust is that of `{}`; give one of them another name in Ruby", same.job.class));
    }
    Ok(Declaration { job, name, parameters: parameters(&job.parameters)? })
}

fn add(
    plan: &mut Plan,
    sources: &Path,
    declaration: &Declaration<'_>,
    missing: &[String],
    file: &Path,
) -> Result<(), Error> {
    let Declaration { job, name, parameters } = declaration;
    let folder = modules::folder(sources, &name.modules);
    let missing = missing.iter().map(|reason| format!("\n// {reason}\n")).collect::<Vec<_>>().concat();
    let code = code(name, job, parameters, file) + &missing;
    plan.create(folder.join(format!("{}.rs", name.function)), code)?;
    for depth in 0..name.modules.len() {
        declare(plan, sources, &name.modules[..depth], &name.modules[depth])?;
    }
    declare(plan, sources, &name.modules, &name.function)
}

fn code(name: &JobName, job: &RubyJob, parameters: &[RubyParameter], file: &Path) -> String {
    let class = &job.class;
    let queue = job.queue.as_ref().map(|queue| format!(", queue = {queue:?}")).unwrap_or_default();
    let parameters: Vec<_> = parameters.iter().map(|one| format!("\n    {},", one.rust())).collect();
    let parameters = parameters.concat();
    let parameters = if parameters.is_empty() { parameters } else { format!("{parameters}\n") };
    format!(
        "//! The job `{class}`, which Ruby performs. It is declared in `{}`.\n\n\
         // The types are guessed from the names and the defaults in Ruby: correct those that do not fit.\n\
         /// Enqueues the job `{class}` of Ruby.\n\
         #[jobs::remote(name = {class:?}{queue})]\n\
         pub fn {}({parameters});\n",
        file.display(),
        name.function,
    )
}
