//! Whether all is well, for monitors and containers.

use anstyle::{AnsiColor, Style};
use jobs::{Error, Finding, Health, HealthLimits};

use crate::arguments;
use crate::ending::{Ending, Result};
use crate::output::Output;
use crate::place::Place;

/// A store that is out of reach is no error here but what was to be found out.
pub(crate) async fn health(place: &Place, limits: &arguments::Health, output: Output) -> Result<Ending> {
    let found = look(place, &limits.into()).await;
    let health = found.unwrap_or_else(|error| Health::out_of_reach(error.to_string()));
    output.one(&health, || health.checks.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    Ok(Ending::found(!health.healthy))
}

async fn look(place: &Place, limits: &HealthLimits) -> Result<Health, Error> {
    let stats = place.open().await?.inspect()?.stats().await?;
    Ok(Health::of(&stats, limits))
}

impl From<&arguments::Health> for HealthLimits {
    fn from(given: &arguments::Health) -> Self {
        let arguments::Health { max_latency, max_latency_of, max_failed, min_processes, silence } = given;
        Self {
            max_latency: Some(*max_latency),
            max_latency_of: max_latency_of.iter().cloned().collect(),
            max_failed: *max_failed,
            min_processes: *min_processes,
            silence: *silence,
        }
    }
}

fn line(finding: &Finding) -> String {
    let (color, word) = if finding.healthy { (AnsiColor::Green, "ok ") } else { (AnsiColor::Red, "BAD") };
    let style = Style::new().fg_color(Some(color.into()));
    format!("{style}{word}{style:#} {:<10} {}", finding.check, finding.words)
}
