//! Whether all is well, for monitors and containers.

use anstyle::{AnsiColor, Style};
use jobs::{Error, State};
use serde::Serialize;

use crate::arguments::Health;
use crate::ending::{Ending, Result};
use crate::output::Output;
use crate::place::{Place, Scene};
use crate::spans::spoken;

/// What was found.
#[derive(Serialize)]
struct Report {
    healthy: bool,
    checks: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Serialize)]
struct Finding {
    check: &'static str,
    healthy: bool,
    words: String,
}

impl Finding {
    fn new(check: &'static str, healthy: bool, words: impl Into<String>) -> Self {
        Self { check, healthy, words: words.into() }
    }
}

/// A store that is out of reach is no error here but what was to be found out.
pub(crate) async fn health(place: &Place, limits: &Health, output: Output) -> Result<Ending> {
    let checks = match place.open().await {
        Ok(scene) => match look(&scene, limits).await {
            Ok(checks) => checks,
            Err(error) => vec![unreachable_store(&error)],
        },
        Err(error) => vec![unreachable_store(&error)],
    };
    let report = Report { healthy: checks.iter().all(|one| one.healthy), checks };
    output.one(&report, || report.checks.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    Ok(Ending::found(!report.healthy))
}

fn unreachable_store(error: &Error) -> Finding {
    Finding::new("store", false, error.to_string())
}

async fn look(scene: &Scene, limits: &Health) -> Result<Vec<Finding>, Error> {
    let inspect = scene.inspect()?;
    let queues = inspect.queues().await?;
    let slowest = queues.iter().filter(|queue| !queue.paused).max_by_key(|queue| queue.latency);
    let mut checks = vec![Finding::new("store", true, "the store answers")];
    checks.push(match slowest {
        None => Finding::new("latency", true, "nothing waits"),
        Some(queue) => {
            let words = format!("the oldest job of `{}` waits for {}", queue.name, spoken(queue.latency));
            Finding::new("latency", queue.latency <= limits.max_latency, words)
        }
    });
    if let Some(most) = limits.max_failed {
        let failed = inspect.counts().await?.of(State::Failed);
        checks.push(Finding::new("failed", failed <= most, format!("{failed} jobs are failed")));
    }
    let now = scene.now;
    let processes = inspect.processes().await?;
    let living = processes.iter().filter(|record| now.since(record.heartbeat_at) <= limits.silence).count();
    let words = format!("{living} processes live, {} are asked for", limits.min_processes);
    checks.push(Finding::new("processes", living >= limits.min_processes, words));
    Ok(checks)
}

fn line(finding: &Finding) -> String {
    let (color, word) = if finding.healthy { (AnsiColor::Green, "ok ") } else { (AnsiColor::Red, "BAD") };
    let style = Style::new().fg_color(Some(color.into()));
    format!("{style}{word}{style:#} {:<10} {}", finding.check, finding.words)
}
