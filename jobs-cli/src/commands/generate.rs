//! Writes a job, or a project.

use std::env;

use jobs::Error;
use serde::Serialize;

use crate::arguments::{Generate, NewProject};
use crate::ending::{Ending, Result};
use crate::generate::{self as writing, Action, Plan};
use crate::output::Output;

/// What was written, or would be.
#[derive(Serialize)]
struct Report {
    dry_run: bool,
    files: Vec<Written>,
    next: Vec<String>,
}

#[derive(Serialize)]
struct Written {
    path: String,
    action: Action,
    #[serde(skip)]
    added: String,
}

pub(crate) fn generate(generate: &Generate, output: Output) -> Result<Ending> {
    let Generate::Job(asked) = generate;
    carry_out(&writing::job(&here()?, asked)?, asked.dry_run, output)
}

pub(crate) fn new(asked: &NewProject, output: Output) -> Result<Ending> {
    carry_out(&writing::project(&here()?, asked)?, asked.dry_run, output)
}

fn here() -> Result<std::path::PathBuf, Error> {
    env::current_dir().map_err(|error| Error::other("the current folder cannot be read").with_source(error))
}

fn carry_out(plan: &Plan, dry_run: bool, output: Output) -> Result<Ending> {
    if !dry_run {
        plan.write()?;
    }
    let files = plan.files().map(|(path, action, added)| {
        // The form does not change with the system.
        let path = path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        Written { path, action, added: added.to_owned() }
    });
    let report = Report { dry_run, files: files.collect(), next: plan.next.clone() };
    output.one(&report, || report.words())?;
    Ok(Ending::Done)
}

impl Report {
    fn words(&self) -> String {
        let mut lines = Vec::new();
        for file in &self.files {
            let action = if file.action == Action::Create { "create" } else { "change" };
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
