//! `check`: compares the configuration, the program and the store.

mod fleet;
mod mismatches;

use jobs::{Config, Error};
use jobs_core::url::masked;
use serde::Serialize;

use crate::args::CheckArgs;
use crate::configure::{Configure, runtime_builder};
use crate::exit::{CommandResult, Exit};
use crate::output::{Printer, error_text};
use crate::store::{OpenStore, Target};
use fleet::Fleet;
use mismatches::Mismatches;

#[derive(Default, Serialize)]
struct CheckReport {
    /// The mistakes; the name of the JSON key is older.
    #[serde(rename = "faults")]
    mistakes: Vec<String>,
    /// What works differently from what the configuration of a Ruby project says, and what is odd in a fleet of both languages.
    warnings: Vec<String>,
    /// The processes of Ruby that share the store.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fleet: Vec<String>,
}

pub(crate) async fn check(
    target: &Target,
    args: &CheckArgs,
    configure: Option<Configure>,
    printer: Printer,
) -> CommandResult {
    let report = match target.config() {
        Err(error) => CheckReport::of_mistake(&error),
        Ok(mut config) => {
            let mut warnings = config.take_warnings();
            let mut report = report(&config, args, configure).await;
            warnings.append(&mut report.warnings);
            CheckReport { warnings, ..report }
        }
    };
    let report = report.without_passwords();
    printer.one(&report, || report.text())?;
    Ok(Exit::with_problems(!report.mistakes.is_empty()))
}

impl CheckReport {
    fn of_mistake(error: &Error) -> Self {
        Self { mistakes: vec![error.to_string()], ..Self::default() }
    }

    fn without_passwords(self) -> Self {
        let masked = |lines: Vec<String>| lines.iter().map(|line| masked(line).into_owned()).collect();
        Self { mistakes: masked(self.mistakes), warnings: masked(self.warnings), fleet: self.fleet }
    }

    fn text(&self) -> String {
        let mut lines = self.mistakes.clone();
        lines.extend(self.warnings.iter().map(|warning| format!("warning: {warning}")));
        lines.extend(self.fleet.iter().map(|line| format!("fleet: {line}")));
        if self.mistakes.is_empty() {
            lines.push("all is well".to_owned());
        }
        error_text(&lines.join("\n"))
    }
}

/// Opens the store, builds the runtime and compares them. Each step needs the one before it, so the first error ends the
/// check.
async fn report(config: &Config, args: &CheckArgs, configure: Option<Configure>) -> CheckReport {
    if is_inline(config) {
        return CheckReport { mistakes: mistakes_without_store(config, configure).await, ..CheckReport::default() };
    }
    let result = match Target::open_configured(config).await {
        Ok(store) => compare_with(&store, config, args, configure).await,
        Err(error) => Err(error),
    };
    result.unwrap_or_else(|error| CheckReport::of_mistake(&error))
}

/// Whether jobs are performed where they are enqueued, so that no store holds any.
fn is_inline(config: &Config) -> bool {
    let scheme = config.store.as_deref().and_then(jobs_core::url::split);
    scheme.is_some_and(|(scheme, _)| scheme == "inline")
}

/// Only builds the runtime, which opens `inline:` itself.
async fn mistakes_without_store(config: &Config, configure: Option<Configure>) -> Vec<String> {
    let Some(configure) = configure else { return Vec::new() };
    let built = runtime_builder(config, configure).build().await;
    built.err().map(|error| error.to_string()).into_iter().collect()
}

async fn compare_with(
    store: &OpenStore,
    config: &Config,
    args: &CheckArgs,
    configure: Option<Configure>,
) -> Result<CheckReport, Error> {
    let runtime = match configure {
        Some(configure) => Some(runtime_builder(config, configure).store(store.handle.clone()).build().await?),
        None => None,
    };
    let fleet = Fleet::of(store).await?;
    if runtime.is_none() && fleet.is_none() {
        return Ok(CheckReport::default());
    }
    let mut mismatches = Mismatches::new(runtime.as_ref(), fleet.as_ref());
    mismatches.check(store, args.sample).await?;
    let (mistakes, mut warnings) = mismatches.messages();
    warnings.extend(fleet.iter().flat_map(Fleet::warnings));
    Ok(CheckReport { mistakes, warnings, fleet: fleet.iter().flat_map(Fleet::lines).collect() })
}
