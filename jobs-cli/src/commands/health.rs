//! `health`: checks limits of the store, for monitors and containers.

use anstyle::{AnsiColor, Style};
use jobs::Error;
use jobs::health::{Check, Health, HealthLimits};

use crate::args::HealthArgs;
use crate::exit::{CommandResult, Exit};
use crate::output::Printer;
use crate::store::Target;

/// An unreachable store is a result of this command and not an error.
pub(crate) async fn health(target: &Target, args: &HealthArgs, printer: Printer) -> CommandResult {
    let health = check(target, &args.into()).await;
    let health = health.unwrap_or_else(|error| Health::unreachable(error.to_string()));
    printer.one(&health, || health.checks.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    Ok(Exit::with_problems(!health.healthy))
}

async fn check(target: &Target, limits: &HealthLimits) -> Result<Health, Error> {
    let stats = target.open().await?.inspect()?.stats().await?;
    Ok(Health::of(&stats, limits))
}

impl From<&HealthArgs> for HealthLimits {
    fn from(args: &HealthArgs) -> Self {
        let HealthArgs { max_latency, max_latency_of, max_failed, min_processes, silence, max_snapshot_age } = args;
        Self {
            max_latency: Some(*max_latency),
            max_latency_of: max_latency_of.iter().cloned().collect(),
            max_failed: *max_failed,
            min_processes: *min_processes,
            silence: *silence,
            max_snapshot_age: Some(*max_snapshot_age),
        }
    }
}

fn line(check: &Check) -> String {
    let (colour, status) = if check.healthy { (AnsiColor::Green, "ok ") } else { (AnsiColor::Red, "BAD") };
    let style = Style::new().fg_color(Some(colour.into()));
    format!("{style}{status}{style:#} {:<10} {}", check.check, check.words)
}
