//! `check`: compares the configuration, the program and the store.

use std::collections::BTreeMap;

use jobs::definition::Remote;
use jobs::store::{Filter, JobRecord};
use jobs::{Config, Error, Runtime, State};
use jobs_core::OneLine;
use jobs_core::url::masked;
use serde::Serialize;

use crate::args::CheckArgs;
use crate::configure::{Configure, runtime_builder};
use crate::exit::{CommandResult, Exit};
use crate::output::{Printer, error_text};
use crate::store::{OpenStore, Target};

#[derive(Serialize)]
struct CheckReport {
    /// The mistakes; the name of the JSON key is older.
    #[serde(rename = "faults")]
    mistakes: Vec<String>,
    /// What works differently from what the configuration of a Ruby project says.
    warnings: Vec<String>,
}

pub(crate) async fn check(
    target: &Target,
    args: &CheckArgs,
    configure: Option<Configure>,
    printer: Printer,
) -> CommandResult {
    let report = match target.config() {
        Err(error) => CheckReport { mistakes: vec![error.to_string()], warnings: Vec::new() },
        Ok(mut config) => {
            let warnings = config.take_warnings();
            CheckReport { mistakes: mistakes(&config, args, configure).await, warnings }
        }
    };
    let report = report.without_passwords();
    printer.one(&report, || report.text())?;
    Ok(Exit::with_problems(!report.mistakes.is_empty()))
}

impl CheckReport {
    fn without_passwords(self) -> Self {
        let masked = |lines: Vec<String>| lines.iter().map(|line| masked(line).into_owned()).collect();
        Self { mistakes: masked(self.mistakes), warnings: masked(self.warnings) }
    }

    fn text(&self) -> String {
        let mut lines = self.mistakes.clone();
        lines.extend(self.warnings.iter().map(|warning| format!("warning: {warning}")));
        if self.mistakes.is_empty() {
            lines.push("all is well".to_owned());
        }
        error_text(&lines.join("\n"))
    }
}

/// Opens the store, builds the runtime and compares them. Each step needs the one before it, so the first error ends the
/// check.
async fn mistakes(config: &Config, args: &CheckArgs, configure: Option<Configure>) -> Vec<String> {
    if is_inline(config) {
        return mistakes_without_store(config, configure).await;
    }
    let store = match Target::open_configured(config).await {
        Ok(store) => store,
        Err(error) => return vec![error.to_string()],
    };
    let Some(configure) = configure else { return Vec::new() };
    let result = match runtime_builder(config, configure).store(store.handle.clone()).build().await {
        Ok(runtime) => compare(&store, &runtime, args.sample).await,
        Err(error) => Err(error),
    };
    result.unwrap_or_else(|error| vec![error.to_string()])
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

async fn compare(store: &OpenStore, runtime: &Runtime, sample: usize) -> Result<Vec<String>, Error> {
    let mut mismatches = Mismatches::default();
    let queues = store.inspect()?.queues().await?;
    let are_counted = queues.iter().any(|queue| queue.counts.is_some());
    for queue in queues {
        let waiting = queue.counts.map_or(queue.ready, |counts| counts.pending() - counts.of(State::Claimed));
        mismatches.check_queue(&queue.name, waiting, runtime);
    }
    // The states of jobs that will run, or can be made to run.
    for state in [State::Scheduled, State::Blocked, State::Ready, State::Failed] {
        let filter = Filter { limit: sample, ..Filter::state(state) }.summaries();
        for job in store.inspect()?.list(&filter).await? {
            if !are_counted && matches!(state, State::Scheduled | State::Blocked) {
                mismatches.check_queue(&job.queue, 1, runtime);
            }
            mismatches.check_job(job, runtime);
        }
    }
    Ok(mismatches.messages())
}

/// The stored jobs that do not fit the program, counted.
#[derive(Default)]
struct Mismatches {
    /// Queues with jobs that no worker of this configuration claims.
    unserved: BTreeMap<String, u64>,
    /// Names of jobs that this program does not know.
    unknown: BTreeMap<String, u64>,
    /// Names of jobs with versions of arguments that this program does not know.
    newer: BTreeMap<(String, u32), u64>,
}

impl Mismatches {
    fn check_queue(&mut self, queue: &str, jobs: u64, runtime: &Runtime) {
        // Another program serves the queue of a job that it performs.
        let is_remote = Remote::declared().any(|remote| remote.settings().queue == Some(queue));
        if jobs > 0 && !is_remote && !runtime.serves(queue) {
            *self.unserved.entry(queue.to_owned()).or_default() += jobs;
        }
    }

    fn check_job(&mut self, job: JobRecord, runtime: &Runtime) {
        if Remote::is_declared(&job.name) {
            // Another program performs it.
        } else if !runtime.knows(&job.name) {
            *self.unknown.entry(job.name).or_default() += 1;
        } else if !runtime.reads(&job.name, job.version) {
            *self.newer.entry((job.name, job.version)).or_default() += 1;
        }
    }

    fn messages(self) -> Vec<String> {
        let unserved = self.unserved.into_iter();
        let unserved = unserved.map(|(queue, count)| {
            let wait = if count == 1 { "waits" } else { "wait" };
            let (queue, jobs) = (OneLine(queue), jobs_core::counted(count, "job"));
            format!("no worker serves the queue `{queue}`: {jobs} {wait}")
        });
        let unknown = self.unknown.into_iter();
        let unknown = unknown
            .map(|(name, count)| format!("this program does not know the job `{}`: {count} are stored", OneLine(name)));
        let newer = self.newer.into_iter().map(|((name, version), count)| {
            format!(
                "this program does not know version {version} of the arguments of `{}`: {count} are stored",
                OneLine(name)
            )
        });
        unserved.chain(unknown).chain(newer).collect()
    }
}
