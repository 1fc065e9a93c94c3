//! The assembled runtime: start, run, stop.

pub(crate) mod builder;
pub(crate) mod builder_hooks;
pub(crate) mod builder_settings;
mod builder_warnings;
pub(crate) mod exit;
pub(crate) mod handle;
pub(crate) mod parts;
pub(crate) mod plan;
pub(crate) mod shutdown;
pub(crate) mod signal_thread;
pub(crate) mod signals;
pub(crate) mod source;
mod store_checks;

use std::sync::Arc;

use jobs_core::Error;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::Client;
use crate::runtime::exit::ProcessExit;
use crate::runtime::handle::RuntimeHandle;
use crate::runtime::parts::{heartbeat, start_background_tasks, start_workers};
use crate::runtime::plan::Plan;
use crate::runtime::shutdown::{ShutdownTask, Tokens};
use crate::runtime::signal_thread::SignalListener;
use crate::supervision::heartbeat_thread::{HeartbeatStop, HeartbeatThread};
use crate::supervision::liveness::Liveness;

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

    /// Runs until the operating system requests a stop (SIGINT, SIGTERM), then stops in order. Signals are received on a
    /// thread of their own, also while jobs block all threads of tokio.
    ///
    /// A job that never awaits keeps its thread, and tokio waits for it when `main` returns; a program that is to end all
    /// the same chooses [`exit_after_signal`](crate::RuntimeBuilder::exit_after_signal).
    ///
    /// Cancel safe: if the future is dropped, the runtime stops in order and within the shutdown time-out, but the caller
    /// does not wait for that. Tokio's runtime must live until then, or running jobs are left to recovery.
    ///
    /// # Errors
    /// The store did not take the process's first heartbeat, or signals cannot be listened to.
    pub async fn run(self) -> Result<(), Error> {
        let listener = if self.plan.timings.signals { Some(SignalListener::install().await?) } else { None };
        let (timings, process) = (self.plan.timings, self.plan.process.clone());
        let (handle, heartbeats) = self.start_parts().await?;
        let Some(listener) = listener else {
            handle.ended().await;
            return Ok(());
        };
        let exit = timings.exits_after_signal.then(|| ProcessExit {
            jobs: handle.client(),
            process,
            limit: timings.shutdown,
            heartbeats,
            program: Handle::current(),
        });
        let _listening = handle.stop_at_signal(listener, exit);
        handle.ended().await;
        Ok(())
    }

    /// Starts everything and returns. No signal is listened to.
    ///
    /// Cancel safe: a dropped future leaves at most a known process, which recovery forgets.
    ///
    /// # Errors
    /// The store did not take the process's first heartbeat, or the system cannot start a thread.
    pub async fn start(self) -> Result<RuntimeHandle, Error> {
        let (handle, _heartbeats) = self.start_parts().await?;
        Ok(handle)
    }

    async fn start_parts(self) -> Result<(RuntimeHandle, HeartbeatStop), Error> {
        let Self { jobs, plan } = self;
        let tokens = Tokens::default();
        let liveness = Arc::new(Liveness::new(Arc::clone(&jobs.shared.clock), plan.timings.dead_after));
        let (heartbeat, contact) = heartbeat(&jobs, &plan, &tokens, &liveness);
        let (heartbeats, here) = HeartbeatThread::start(heartbeat).await?;
        jobs.shared.events.emit(|| plan.started());
        store_checks::report_default_timeout(&jobs.shared.registry, plan.timings.default_timeout);
        let (process, limit, stop) = (plan.process.clone(), plan.timings.shutdown, heartbeats.stopper());
        let background_tasks = start_background_tasks(&jobs, &plan, &tokens, here, contact);
        let workers = start_workers(&jobs, plan, &tokens, &liveness);
        let ended = CancellationToken::new();
        let shutdown = ShutdownTask {
            jobs: jobs.clone(),
            process,
            tokens: tokens.clone(),
            limit,
            workers,
            background_tasks,
            heartbeats,
        };
        drop(tokio::spawn(shutdown.run(ended.clone())));
        Ok((RuntimeHandle::new(jobs, tokens, ended), stop))
    }
}
