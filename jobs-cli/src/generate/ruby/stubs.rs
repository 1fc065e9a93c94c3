//! Plans Ruby for the jobs of this program: for each a class that Ruby enqueues and this program performs.

use std::path::{Path, PathBuf};

use heck::{ToSnakeCase, ToUpperCamelCase};
use jobs::Error;
use jobs::definition::{Definition, Registry};

use super::parameters;
use crate::args::GenerateRubyArgs;
use crate::generate::plan::Plan;

/// Plans a file for each job that this program performs.
///
/// # Errors
/// The program has no jobs, or a file exists already.
pub(crate) fn ruby_classes(folder: &Path, args: &GenerateRubyArgs) -> Result<Plan, Error> {
    let registry = Registry::collect().map_err(|error| {
        error.context("there are no jobs to write classes for: run the command of your own program, which has them")
    })?;
    let mut plan = Plan::new(folder);
    for registered in registry.iter() {
        let definition = &registered.definition;
        let name = definition.name();
        let Some(class) = class(name) else {
            plan.next
                .push(format!("`{name}` becomes no name of a class in Ruby: give the job one, `name = \"SomeJob\"`"));
            continue;
        };
        plan.create(args.folder.join(file(&class)), code(&class, definition, &args.parent))?;
        if class != name && !definition.settings().aliases.contains(&class.as_str()) {
            plan.next.push(format!("add `aliases({class:?})` to the job `{name}`: Ruby stores it under this name"));
        }
    }
    Ok(plan)
}

/// The class of a job: its name if that is one, otherwise `process_payment` becomes `ProcessPaymentJob`, and `admin/cleanup`
/// `Admin::CleanupJob`.
fn class(name: &str) -> Option<String> {
    let is_constant = |part: &str| {
        part.starts_with(|one: char| one.is_ascii_uppercase())
            && part.chars().all(|one| one.is_ascii_alphanumeric() || one == '_')
            && !matches!(part, "BEGIN" | "END")
    };
    if name.split("::").all(is_constant) {
        return Some(name.to_owned());
    }
    let parts: Vec<_> = name.split(['/', '.']).map(ToUpperCamelCase::to_upper_camel_case).collect();
    let class = format!("{}Job", parts.join("::"));
    class.split("::").all(is_constant).then_some(class)
}

/// The file in which Rails looks for a class.
fn file(class: &str) -> PathBuf {
    let parts: Vec<_> = class.split("::").map(ToSnakeCase::to_snake_case).collect();
    PathBuf::from(format!("{}.rb", parts.join("/")))
}

fn code(class: &str, definition: &Definition, parent: &str) -> String {
    let settings = definition.settings();
    let mut lines = vec![format!("# Enqueues the job `{}`, which a program in Rust performs.", definition.name())];
    let modules: Vec<_> = class.split("::").collect();
    let (name, modules) = modules.split_last().unwrap_or((&class, &[]));
    for (depth, module) in modules.iter().enumerate() {
        lines.push(format!("{}module {module}", "  ".repeat(depth)));
    }
    let indent = "  ".repeat(modules.len());
    lines.push(format!("{indent}class {name} < {parent}"));
    lines.push(format!("{indent}  queue_as {}", quoted(settings.queue_or_default())));
    lines.push(String::new());
    let parameters = definition.signature().map_or_else(|| "*".to_owned(), |signature| parameters::ruby(&signature));
    let message = format!("`{}` is performed in Rust", definition.name());
    lines.push(format!("{indent}  def perform({parameters})"));
    lines.push(format!("{indent}    raise NotImplementedError, {}", quoted(&message)));
    lines.push(format!("{indent}  end"));
    for depth in (0..=modules.len()).rev() {
        lines.push(format!("{}end", "  ".repeat(depth)));
    }
    lines.join("\n") + "\n"
}

/// A text of Ruby in which nothing is replaced.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::{class, file};

    #[test]
    fn names_become_classes_and_the_files_that_rails_looks_for() {
        for (name, expected, path) in [
            ("process_payment", "ProcessPaymentJob", "process_payment_job.rb"),
            ("admin/old_files/cleanup", "Admin::OldFiles::CleanupJob", "admin/old_files/cleanup_job.rb"),
            ("Billing::ChargeJob", "Billing::ChargeJob", "billing/charge_job.rb"),
            ("EmailJob", "EmailJob", "email_job.rb"),
        ] {
            let class = class(name).unwrap();
            assert_eq!((class.as_str(), file(&class).to_str()), (expected, Some(path)));
        }
        assert_eq!((class("1up"), class("größe")), (None, None));
    }
}
