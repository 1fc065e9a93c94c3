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
    let mut refused = Vec::new();
    for job in &jobs {
        match parameters(&job.parameters) {
            Ok(parameters) => add(&mut plan, &sources, job, &parameters, &args.file)?,
            Err(reason) => refused.push(format!("`{}` is not declared: {reason}", job.class)),
        }
    }
    if refused.len() == jobs.len() {
        return Err(Error::invalid(refused.join("\n")));
    }
    match root {
        Some(root) => plan.add_module(&root, "", &modules::root_line(&root))?,
        None => plan.next.push(format!("add the line `mod {MODULE};` to the root of the crate")),
    }
    plan.next.extend(refused);
    plan.next.push("correct the types, which are guessed from names and defaults".to_owned());
    plan.next.push("enable the feature `active-job` of `jobs`, for values of Ruby".to_owned());
    Ok(plan)
}

fn add(plan: &mut Plan, sources: &Path, job: &RubyJob, parameters: &[RubyParameter], file: &Path) -> Result<(), Error> {
    let name = JobName::parse(&job.class)?;
    let folder = modules::folder(sources, &name.modules);
    plan.create(folder.join(format!("{}.rs", name.function)), code(&name, job, parameters, file))?;
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
