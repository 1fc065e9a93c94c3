//! What does not fit between the configuration, the program and the store.

use std::collections::BTreeMap;

use jobs::{Config, Error, Filter, JobRecord, Runtime, Standing, State};
use serde::Serialize;

use crate::arguments::Check;
use crate::commands::start::builder;
use crate::ending::{Ending, Result};
use crate::output::Output;
use crate::place::{NEWER, Place, Scene};
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
    let mut found = Found::default();
    for queue in scene.inspect()?.queues().await? {
        found.waiting(&queue.name, queue.ready, runtime);
    }
    // Those that still are to run, or may be made to.
    for state in [State::Scheduled, State::Blocked, State::Ready, State::Failed] {
        let filter = Filter { limit: sample, ..Filter::state(state) };
        for job in scene.inspect()?.list(&filter).await? {
            if matches!(state, State::Scheduled | State::Blocked) {
                found.waiting(&job.queue, 1, runtime);
            }
            found.job(job, runtime);
        }
    }
    Ok(found.words())
}

/// What is stored and does not fit, with how often.
#[derive(Default)]
struct Found {
    /// Queues with jobs that no worker of this configuration takes.
    unserved: BTreeMap<String, u64>,
    /// Names that this program does not know.
    unknown: BTreeMap<String, u64>,
    /// Names and versions of arguments that it does not know.
    newer: BTreeMap<(String, u32), u64>,
}

impl Found {
    fn waiting(&mut self, queue: &str, jobs: u64, runtime: &Runtime) {
        if jobs > 0 && !runtime.serves(queue) {
            *self.unserved.entry(queue.to_owned()).or_default() += jobs;
        }
    }

    fn job(&mut self, job: JobRecord, runtime: &Runtime) {
        if !runtime.knows(&job.name) {
            *self.unknown.entry(job.name).or_default() += 1;
        } else if !runtime.reads(&job.name, job.version) {
            *self.newer.entry((job.name, job.version)).or_default() += 1;
        }
    }

    fn words(self) -> Vec<String> {
        let unserved = self.unserved.into_iter();
        let unserved =
            unserved.map(|(queue, count)| format!("no worker serves the queue `{queue}`: {count} jobs wait"));
        let unknown = self.unknown.into_iter();
        let unknown =
            unknown.map(|(name, count)| format!("this program does not know the job `{name}`: {count} are stored"));
        let newer = self.newer.into_iter().map(|((name, version), count)| {
            format!("this program does not know version {version} of the arguments of `{name}`: {count} are stored")
        });
        unserved.chain(unknown).chain(newer).collect()
    }
}

/// What was opened.
#[derive(Serialize)]
struct Migrated {
    migrated: bool,
}

pub(crate) async fn migrate(place: &Place, output: Output) -> Result<Ending> {
    let words = match place.migrate().await? {
        Standing::Newer => NEWER,
        _ => "the tables are up to date",
    };
    output.one(&Migrated { migrated: true }, || words.to_owned())?;
    Ok(Ending::Done)
}
