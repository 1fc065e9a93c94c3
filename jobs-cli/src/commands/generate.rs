//! `generate` and `new`: write a job, the other side of a job, or a project.

use std::env;

use jobs::Error;
use serde::Serialize;

use crate::args::{GenerateCommand, NewProjectArgs};
use crate::exit::{CommandResult, Exit};
use crate::generate::{self as generator, FileAction, Plan};
use crate::output::Printer;

/// What was written, or would be written.
#[derive(Serialize)]
struct GenerateResult {
    dry_run: bool,
    files: Vec<GeneratedFile>,
    /// The steps that remain for the user.
    next: Vec<String>,
}

#[derive(Serialize)]
struct GeneratedFile {
    path: String,
    action: FileAction,
    #[serde(skip)]
    added: String,
}

pub(crate) fn generate(command: &GenerateCommand, printer: Printer) -> CommandResult {
    let folder = current_folder()?;
    match command {
        GenerateCommand::Job(args) => execute(&generator::job(&folder, args)?, args.dry_run, printer),
        GenerateCommand::Remote(args) => execute(&generator::remote_jobs(&folder, args)?, args.dry_run, printer),
        GenerateCommand::Ruby(args) => execute(&generator::ruby_classes(&folder, args)?, args.dry_run, printer),
    }
}

pub(crate) fn new(args: &NewProjectArgs, printer: Printer) -> CommandResult {
    execute(&generator::project(&current_folder()?, args)?, args.dry_run, printer)
}

fn current_folder() -> Result<std::path::PathBuf, Error> {
    env::current_dir().map_err(|error| Error::other("the current folder cannot be read").with_source(error))
}

fn execute(plan: &Plan, dry_run: bool, printer: Printer) -> CommandResult {
    if !dry_run {
        plan.write()?;
    }
    let files = plan.files().map(|(path, action, added)| {
        // Paths are printed with `/` on every platform, since the JSON format is stable.
        let path = path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        GeneratedFile { path, action, added: added.to_owned() }
    });
    let result = GenerateResult { dry_run, files: files.collect(), next: plan.next.clone() };
    printer.one(&result, || result.text())?;
    Ok(Exit::Success)
}

impl GenerateResult {
    fn text(&self) -> String {
        let mut lines = Vec::new();
        for file in &self.files {
            let action = if file.action == FileAction::Create { "create" } else { "change" };
            lines.push(format!("{action}  {}", file.path));
            if self.dry_run {
                lines.extend(file.added.lines().map(|line| format!("      + {line}").trim_end().to_owned()));
            }
        }
        lines.extend(self.next.iter().map(|next| format!("next    {next}")));
        if self.dry_run {
            lines.push("nothing was written".to_owned());
        }
        lines.join("\n")
    }
}
