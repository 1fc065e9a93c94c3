//! Performing one stored job without a worker: for test kits and other drivers.

use std::pin::pin;
use std::sync::Arc;

use jobs_core::{Execution, NeverCancelled, Settlement};

use crate::Jobs;
use crate::propagation;
use crate::worker::executor::JobExecutor;
use crate::worker::run_queue::RunQueue;

impl Jobs {
    /// Performs a claimed job here, as a worker would: with callbacks, timeout and rules, and with this as the
    /// handle in force. Gives what is to be written; nothing is written yet.
    ///
    /// Dropping it drops the job at its present await. It stays claimed then, until its token is settled or recovered.
    pub async fn perform_execution(&self, execution: Execution) -> Settlement {
        self.perform_claimed(execution, true).await
    }

    /// The same; `can_reschedule` says whether there is a store that keeps what is to be tried again.
    pub(crate) async fn perform_claimed(&self, execution: Execution, can_reschedule: bool) -> Settlement {
        let executor = JobExecutor {
            jobs: self.clone(),
            // Nothing is laid out on it: the job comes from the caller and its settlement goes there.
            queue: Arc::new(RunQueue::new()),
            cancellation: Arc::new(NeverCancelled),
            keep_finished: true,
            slow_after: None,
            can_reschedule,
        };
        let run = pin!(executor.perform(execution));
        self.scope(propagation::alone(run)).await
    }

    /// Whether this program can perform jobs of this name.
    pub fn knows(&self, name: &str) -> bool {
        self.shared.registry.find(name).is_some()
    }

    /// Arguments (JSON text) of a job of this name as they may be shown: redacted or hidden as its settings say, and
    /// hidden if the name is not known here.
    pub fn shown_arguments(&self, name: &str, arguments: &str) -> String {
        self.shared.shown(name, arguments)
    }
}
