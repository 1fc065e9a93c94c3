//! What does not fit between the configuration, the program and the store.

use std::collections::BTreeMap;

use jobs::{Config, Error, Filter, Runtime, State};
use serde::Serialize;

use crate::arguments::Check;
use crate::commands::start::builder;
use crate::ending::{Ending, Result};
use crate::output::Output;
use crate::place::{Place, Scene};
use crate::program::Configure;

/// What was found.
#[derive(Serialize)]
struct Report {
    faults: Vec<String>,
    /// What is otherwise than the configuration of a Ruby project says.
    warnings: Vec<String>,
}

pub(crate) async fn check(
    place: &Place,
    check: &Check,
    configure: Option<Configure>,
    output: Output,
) -> Result<Ending> {
    let report = match place.config() {
        Err(error) => Report { faults: vec![error.to_string()], warnings: Vec::new() },
        Ok(mut config) => {
            let warnings = std::mem::take(&mut config.warnings);
            Report { faults: faults(&config, check, configure).await, warnings }
        }
    };
    output.one(&report, || report.words())?;
    Ok(Ending::found(!report.faults.is_empty()))
}

impl Report {
    fn words(&self) -> String {
        let mut lines = self.faults.clone();
        lines.extend(self.warnings.iter().map(|warning| format!("warning: {warning}")));
        if self.faults.is_empty() {
            lines.push("all is well".to_owned());
        }
        lines.join("\n")
    }
}

/// Each step needs the one before it.
async fn faults(config: &Config, check: &Check, configure: Option<Configure>) -> Vec<String> {
    let scene = match Scene::of(config).await {
        Ok(scene) => scene,
        Err(error) => return vec![error.to_string()],
    };
    let Some(configure) = configure else { return Vec::new() };
    let found = match builder(config, configure).store(scene.store.clone()).build().await {
        Ok(runtime) => compare(&scene, &runtime, check.sample).await,
        Err(error) => Err(error),
    };
    found.unwrap_or_else(|error| vec![error.to_string()])
}

async fn compare(scene: &Scene, runtime: &Runtime, sample: usize) -> Result<Vec<String>, Error> {
    let mut faults = unserved(scene, runtime).await?;
    faults.extend(unknown(scene, runtime, sample).await?);
    Ok(faults)
}

/// Queues with jobs that no worker of this configuration takes.
async fn unserved(scene: &Scene, runtime: &Runtime) -> Result<Vec<String>, Error> {
    let queues = scene.inspect()?.queues().await?;
    let unserved = queues.into_iter().filter(|queue| queue.ready > 0 && !runtime.serves(&queue.name));
    Ok(unserved
        .map(|queue| format!("no worker serves the queue `{}`: {} jobs wait", queue.name, queue.ready))
        .collect())
}

/// Jobs that still are to run, of a name that this program does not know.
async fn unknown(scene: &Scene, runtime: &Runtime, sample: usize) -> Result<Vec<String>, Error> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for state in [State::Scheduled, State::Blocked, State::Ready, State::Failed] {
        let filter = Filter { limit: sample, ..Filter::state(state) };
        for job in scene.inspect()?.list(&filter).await? {
            if !runtime.knows(&job.name) {
                *names.entry(job.name).or_default() += 1;
            }
        }
    }
    let unknown = names.into_iter();
    Ok(unknown
        .map(|(name, count)| format!("this program does not know the job `{name}`: {count} are stored"))
        .collect())
}

/// What was opened.
#[derive(Serialize)]
struct Migrated {
    migrated: bool,
}

pub(crate) async fn migrate(place: &Place, output: Output) -> Result<Ending> {
    place.migrate().await?;
    output.one(&Migrated { migrated: true }, || "the tables are up to date".to_owned())?;
    Ok(Ending::Done)
}
