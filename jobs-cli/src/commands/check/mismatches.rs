//! The stored jobs that do not fit the program, or that no process of the fleet can run.

use std::collections::{BTreeMap, BTreeSet};

use jobs::definition::Remote;
use jobs::store::{Filter, JobRecord};
use jobs::{Error, Runtime, State};
use jobs_core::OneLine;

use super::fleet::Fleet;
use crate::store::OpenStore;

/// The stored jobs that do not fit, counted.
#[derive(Default)]
pub(super) struct Mismatches<'a> {
    /// The program; `jobsctl` has no jobs of its own.
    runtime: Option<&'a Runtime>,
    /// The other processes, if a worker cannot choose jobs by their names.
    fleet: Option<&'a Fleet>,
    /// Queues with jobs that no worker of this configuration claims.
    unserved: BTreeMap<String, u64>,
    /// Queues with jobs that no live process claims.
    without_process: BTreeMap<String, u64>,
    /// Names of jobs that this program does not know.
    unknown: BTreeMap<String, u64>,
    /// Names of jobs with versions of arguments that this program does not know.
    newer: BTreeMap<(String, u32), u64>,
    /// By queue, the names of the jobs that this program performs.
    own: BTreeMap<String, BTreeSet<String>>,
    /// By queue, the names of all others.
    others: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Mismatches<'a> {
    pub(super) fn new(runtime: Option<&'a Runtime>, fleet: Option<&'a Fleet>) -> Self {
        Self { runtime, fleet, ..Self::default() }
    }

    /// Looks at the queues, and at so many jobs of each state in which they wait or can be made to run.
    pub(super) async fn check(&mut self, store: &OpenStore, sample: usize) -> Result<(), Error> {
        let queues = store.inspect()?.queues().await?;
        let are_counted = queues.iter().any(|queue| queue.counts.is_some());
        for queue in queues {
            let waiting = queue.counts.map_or(queue.ready, |counts| counts.pending() - counts.of(State::Claimed));
            self.check_queue(&queue.name, waiting);
        }
        for state in [State::Scheduled, State::Blocked, State::Ready, State::Failed] {
            let filter = Filter { limit: sample, ..Filter::state(state) }.summaries();
            for job in store.inspect()?.list(&filter).await? {
                if !are_counted && matches!(state, State::Scheduled | State::Blocked) {
                    self.check_queue(&job.queue, 1);
                }
                self.check_job(job);
            }
        }
        Ok(())
    }

    fn ruby_serves(&self, queue: &str) -> bool {
        self.fleet.is_some_and(|fleet| fleet.ruby_serves(queue))
    }

    fn check_queue(&mut self, queue: &str, jobs: u64) {
        if jobs == 0 {
            return;
        }
        // Another program serves the queue of a job that it performs.
        let is_remote = Remote::declared().any(|remote| remote.settings().queue == Some(queue));
        let is_unserved = self.runtime.is_some_and(|runtime| !runtime.serves(queue));
        if is_unserved && !is_remote && !self.ruby_serves(queue) {
            *self.unserved.entry(queue.to_owned()).or_default() += jobs;
        } else if self.fleet.is_some_and(|fleet| !fleet.serves(queue)) {
            *self.without_process.entry(queue.to_owned()).or_default() += jobs;
        }
    }

    fn check_job(&mut self, job: JobRecord) {
        let is_known = self.runtime.is_some_and(|runtime| runtime.knows(&job.name));
        let names = if is_known { &mut self.own } else { &mut self.others };
        names.entry(job.queue.clone()).or_default().insert(job.name.clone());
        let Some(runtime) = self.runtime else { return };
        if Remote::is_declared(&job.name) {
            // Another program performs it.
        } else if !is_known && self.ruby_serves(&job.queue) {
            // A class of Ruby.
        } else if !is_known {
            *self.unknown.entry(job.name).or_default() += 1;
        } else if !runtime.reads(&job.name, job.version) {
            *self.newer.entry((job.name, job.version)).or_default() += 1;
        }
    }

    /// The mistakes and the warnings.
    pub(super) fn messages(self) -> (Vec<String>, Vec<String>) {
        let warnings = self.warnings();
        let has_fleet = self.fleet.is_some();
        let unserved = self.unserved.into_iter();
        let unserved = unserved
            .map(|(queue, count)| format!("no worker serves the queue `{}`: {}", OneLine(queue), waiting(count)));
        let unknown = self.unknown.into_iter().map(|(name, count)| {
            let no_process = if has_fleet { ", and no live process of Ruby takes from its queue" } else { "" };
            format!("this program does not know the job `{}`: {count} are stored{no_process}", OneLine(name))
        });
        let newer = self.newer.into_iter().map(|((name, version), count)| {
            format!(
                "this program does not know version {version} of the arguments of `{}`: {count} are stored",
                OneLine(name)
            )
        });
        (unserved.chain(unknown).chain(newer).collect(), warnings)
    }

    fn warnings(&self) -> Vec<String> {
        let Some(fleet) = self.fleet else { return Vec::new() };
        let names = |queue: &String| quoted([&self.own, &self.others].into_iter().filter_map(|names| names.get(queue)));
        let without = self.without_process.iter().map(|(queue, count)| {
            let (names, queue) = (names(queue), OneLine(queue));
            format!("no live process takes from the queue `{queue}`: {} {names}", waiting(*count)).trim_end().to_owned()
        });
        let mixed = self.own.iter().filter_map(|(queue, own)| {
            let others = self.others.get(queue)?;
            Some(format!(
                "the queue `{}` has jobs of this program {} and of others {}: a worker of either side takes both and \
                 cannot run those of the other; give each side queues of its own",
                OneLine(queue),
                quoted([own].into_iter()),
                quoted([others].into_iter()),
            ))
        });
        let misplaced = self.own.iter().filter_map(|(queue, own)| {
            let is_misplaced = fleet.ruby_serves(queue) && self.runtime.is_some_and(|runtime| !runtime.serves(queue));
            let (names, queue) = (quoted([own].into_iter()), OneLine(queue));
            is_misplaced.then(|| {
                format!("jobs of this program {names} are in the queue `{queue}`, which only processes of Ruby serve")
            })
        });
        without.chain(mixed).chain(misplaced).collect()
    }
}

fn waiting(count: u64) -> String {
    let wait = if count == 1 { "waits" } else { "wait" };
    format!("{} {wait}", jobs_core::counted(count, "job"))
}

/// Names in brackets; nothing if there are none.
fn quoted<'n>(names: impl Iterator<Item = &'n BTreeSet<String>>) -> String {
    let names: Vec<String> = names.flatten().map(|name| format!("`{}`", OneLine(name))).collect();
    if names.is_empty() { String::new() } else { format!("({})", names.join(", ")) }
}
