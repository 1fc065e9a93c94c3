//! What a person asks of processes of ours, in keys of ours beside the claims: to be quiet, to stop, or to cancel a job.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jobs_core::{Error, JobId, ProcessId, ProcessOrder, ProcessRecord, ProcessStatus};

use crate::{COMMON_LUA, Link, Script};

static ORDER: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/order.lua")));
static CANCEL: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/cancel.lua")));
static CANCELLED: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/cancelled.lua")));

fn script(code: &str) -> Script {
    Script::new([COMMON_LUA, code].concat())
}

/// The orders of a store. A process is told what it is asked by the script of its heartbeats, from the hash `jobs_rs:orders`.
#[derive(Debug)]
pub struct Orders<'s> {
    link: &'s Link,
    namespace: String,
    claims: &'static str,
}

impl<'s> Orders<'s> {
    /// Those of a store whose keys begin with `namespace`. What a process has claimed is the hash `claims` with its id behind it, with
    /// a field for each claim.
    pub const fn new(link: &'s Link, namespace: String, claims: &'static str) -> Self {
        Self { link, namespace, claims }
    }

    /// Asks a process of ours to be quiet or to stop. Answers whether that is new.
    ///
    /// Cancel safe: it may be done.
    ///
    /// # Errors
    /// As those of [`Link::run`].
    pub async fn order(&self, process: ProcessId, order: ProcessOrder) -> Result<bool, Error> {
        let words = [self.namespace.clone(), process.to_string(), order.status().as_str().to_owned()];
        self.link.run(&ORDER, &words.map(String::into_bytes), "ask a process").await
    }

    /// Asks a process of ours to cancel the job of this claim. Answers whether it is registered and holds the claim.
    ///
    /// Cancel safe: it may be done.
    ///
    /// # Errors
    /// As those of [`Link::run`].
    pub async fn cancel(&self, process: ProcessId, claim: &str, job: JobId) -> Result<bool, Error> {
        let words = [self.namespace.clone(), process.to_string(), self.claims_of(process), claim.to_owned()];
        let words = words.into_iter().map(String::into_bytes).chain([job.as_bytes().to_vec()]);
        self.link.run(&CANCEL, &words.collect::<Vec<_>>(), "cancel a job").await
    }

    /// The jobs of a process whose claims are to be cancelled.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// As those of [`Link::run`].
    pub async fn cancelled(&self, process: ProcessId) -> Result<Vec<JobId>, Error> {
        let words = [self.namespace.clone(), process.to_string(), self.claims_of(process)];
        let doing = "ask which jobs to cancel";
        let jobs: Vec<Vec<u8>> = self.link.run(&CANCELLED, &words.map(String::into_bytes), doing).await?;
        Ok(jobs.into_iter().filter_map(|job| job.try_into().ok().map(JobId::from_bytes)).collect())
    }

    /// Gives the processes the status that they are asked for.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// As those of [`Link::commands`].
    pub async fn show_in(&self, records: &mut [ProcessRecord]) -> Result<(), Error> {
        let mut commands = redis::pipe();
        commands.cmd("HGETALL").arg(format!("{}jobs_rs:orders", self.namespace));
        let (asked,): (BTreeMap<String, String>,) = self.link.commands(&commands, "read orders to processes").await?;
        for ProcessRecord { process, .. } in records {
            let asked = asked.get(&process.id.to_string()).and_then(|status| ProcessStatus::parse(status));
            process.phase = asked.map_or(process.phase, |asked| asked.max(process.phase));
        }
        Ok(())
    }

    fn claims_of(&self, process: ProcessId) -> String {
        format!("{}{}{process}", self.namespace, self.claims)
    }
}

/// The status that a heartbeat was answered with; that of the process itself if nothing is asked.
pub fn asked_status(asked: Option<&str>, process: ProcessStatus) -> ProcessStatus {
    asked.and_then(ProcessStatus::parse).unwrap_or(process)
}
