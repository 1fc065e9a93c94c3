//! The assembled runtime: start, run, stop.

pub(crate) mod builder;
pub(crate) mod builder_hooks;
pub(crate) mod builder_settings;
pub(crate) mod handle;
pub(crate) mod parts;
pub(crate) mod plan;
pub(crate) mod shutdown;
pub(crate) mod signals;
pub(crate) mod source;
mod store_checks;

use std::future::pending;

use jobs_core::Error;
use jobs_core::events::RuntimeStarted;
use tokio_util::sync::CancellationToken;

use crate::Client;
use crate::runtime::handle::RuntimeHandle;
use crate::runtime::parts::{start_background_tasks, start_workers};
use crate::runtime::plan::Plan;
use crate::runtime::shutdown::{ShutdownTask, Tokens};
use crate::runtime::signals::{Request, Signals};

/// Workers, dispatcher and maintenance over one store, ready to run.
#[derive(Debug)]
pub struct Runtime {
    jobs: Client,
    plan: Plan,
}

impl Runtime {
    pub(crate) fn new(jobs: Client, plan: Plan) -> Self {
        Self { jobs, plan }
    }

    /// The client to enqueue with.
    pub fn client(&self) -> Client {
        self.jobs.clone()
    }

    /// Whether one of the workers takes jobs from this queue, by its name in the store.
    pub fn serves(&self, queue: &str) -> bool {
        self.plan.workers.iter().any(|(_, selection)| selection.selects(queue))
    }

    /// Whether a job of this name or alias can be run.
    pub fn knows(&self, job: &str) -> bool {
        self.jobs.knows(job)
    }

    /// Whether arguments of this version can be read by the known job of this name or alias.
    pub fn reads(&self, job: &str, version: u32) -> bool {
        let known = self.jobs.shared.registry.get(job);
        known.is_some_and(|known| version <= known.definition.settings().version)
    }

    /// Runs until the operating system requests a stop (SIGINT, SIGTERM), then stops in order.
    ///
    /// Cancel safe: if the future is dropped, the runtime stops in order and within the shutdown time-out, but the caller
    /// does not wait for that. Tokio's runtime must live until then, or running jobs are left to recovery.
    ///
    /// # Errors
    /// The store did not take the process's first heartbeat, or signals cannot be listened to.
    pub async fn run(self) -> Result<(), Error> {
        let mut signals = if self.plan.timings.signals { Some(Signals::install()?) } else { None };
        let handle = self.start().await?;
        while next(&mut signals).await == Request::Quiet {
            handle.quiet();
        }
        tokio::select! {
            () = handle.stop() => {}
            () = second_stop(&mut signals) => handle.stop_now().await,
        }
        Ok(())
    }

    /// Starts everything and returns. No signal is listened to.
    ///
    /// Cancel safe: a dropped future leaves at most a known process, which recovery forgets.
    ///
    /// # Errors
    /// The store did not take the process's first heartbeat.
    pub async fn start(self) -> Result<RuntimeHandle, Error> {
        let Self { jobs, plan } = self;
        let _reply = jobs.shared.store.heartbeat(&plan.process).await?;
        let tokens = Tokens::default();
        jobs.shared.events.emit(|| RuntimeStarted::new(plan.process.id));
        store_checks::report_default_timeout(&jobs.shared.registry, plan.timings.default_timeout);
        let (process, limit) = (plan.process.clone(), plan.timings.shutdown);
        let background_tasks = start_background_tasks(&jobs, &plan, &tokens);
        let workers = start_workers(&jobs, plan, &tokens);
        let ended = CancellationToken::new();
        let shutdown =
            ShutdownTask { jobs: jobs.clone(), process, tokens: tokens.clone(), limit, workers, background_tasks };
        drop(tokio::spawn(shutdown.run(ended.clone())));
        Ok(RuntimeHandle::new(jobs, tokens, ended))
    }
}

async fn next(signals: &mut Option<Signals>) -> Request {
    match signals {
        Some(signals) => signals.next().await,
        None => pending().await,
    }
}

async fn second_stop(signals: &mut Option<Signals>) {
    while next(signals).await != Request::Stop {}
}
