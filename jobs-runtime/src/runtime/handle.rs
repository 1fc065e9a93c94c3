//! The handle of a started runtime: quiet, stop, drain.

use std::time::Duration;

use jobs_core::Error;
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::Client;
use crate::observe::log;
use crate::runtime::exit::ProcessExit;
use crate::runtime::shutdown::Tokens;
use crate::runtime::signal_thread::SignalListener;

/// A runtime that runs. If it is dropped, the runtime stops in order, within the shutdown time-out.
#[derive(Debug)]
#[must_use = "dropping it stops the runtime"]
pub struct RuntimeHandle {
    jobs: Client,
    tokens: Tokens,
    ended: CancellationToken,
}

impl RuntimeHandle {
    /// The handle of a runtime that stops by these tokens; the last is cancelled when it has stopped.
    pub(crate) fn new(jobs: Client, tokens: Tokens, ended: CancellationToken) -> Self {
        Self { jobs, tokens, ended }
    }

    /// Waits until the runtime has stopped. Cancel safe.
    pub(crate) async fn ended(&self) {
        self.ended.cancelled().await;
    }

    /// Stops this runtime at the next signal, until the guard is dropped.
    pub(crate) fn stop_at_signal(&self, listener: SignalListener, exit: Option<ProcessExit>) -> DropGuard {
        listener.stop(self.tokens.clone(), self.ended.clone(), exit)
    }

    /// The client to enqueue with.
    pub fn client(&self) -> Client {
        self.jobs.clone()
    }

    /// Whether all loops of the runtime make progress: workers, dispatcher, heartbeat, scheduler.
    ///
    /// A loop stalls if it waits for one call to the store for longer than a process may be silent
    /// ([`dead_after`](crate::RuntimeBuilder::dead_after)), or if jobs that block leave it no thread. Ask this before you
    /// feed a watchdog. True once the runtime has stopped.
    pub fn is_responsive(&self) -> bool {
        self.jobs.is_responsive()
    }

    /// Claims no more; running jobs go on. It cannot be undone, as in Sidekiq.
    pub fn quiet(&self) {
        self.tokens.quiet.cancel();
    }

    /// Claims no more, waits for running jobs as long as the shutdown time-out allows, and releases the rest.
    ///
    /// Cancel safe: if the future is dropped, the runtime stops all the same, within the time-out.
    pub async fn stop(&self) {
        self.tokens.request_stop();
        self.ended.cancelled().await;
    }

    /// Drops running jobs at their current await and releases them without counting the attempt.
    ///
    /// Cancel safe: if the future is dropped, the runtime stops all the same.
    pub async fn stop_now(&self) {
        self.tokens.request_stop();
        self.tokens.force.cancel();
        self.ended.cancelled().await;
    }

    /// Waits until no job is scheduled, blocked, ready or claimed in the store.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// The store has no capability to query jobs, or a query failed.
    pub async fn drained(&self) -> Result<(), Error> {
        let inspect = self.jobs.inspect()?;
        while inspect.counts().await?.pending() > 0 {
            sleep(DRAIN_POLL).await;
        }
        Ok(())
    }
}

/// How often [`RuntimeHandle::drained`] queries the store.
const DRAIN_POLL: Duration = Duration::from_millis(25);

impl Drop for RuntimeHandle {
    fn drop(&mut self) {
        if !self.tokens.stop.is_cancelled() {
            log::handle_dropped();
        }
        self.tokens.request_stop();
    }
}
