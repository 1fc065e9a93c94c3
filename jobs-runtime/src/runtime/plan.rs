//! What a runtime is to run: workers, durations and limits, recurring tasks.

use std::time::Duration;

use jobs_core::events::{RuntimeStarted, StartedWorker};
use jobs_core::{Process, ProcessDetails, Recovery, Timeout};

use crate::maintenance::recurring_plan::PlannedTask;
use crate::worker::config::Worker;
use crate::worker::selection::Selection;

/// What is to run.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) workers: Vec<(Worker, Selection)>,
    pub(crate) process: Process,
    pub(crate) timings: Timings,
    pub(crate) recurring: Vec<PlannedTask>,
    /// What people are told of the store and the environment.
    pub(crate) banner: Banner,
    /// The version of the program.
    pub(crate) version: Option<String>,
}

/// Where a runtime runs, for its first log line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Banner {
    /// The store without secrets; empty if it is not known.
    pub(crate) store: String,
    pub(crate) environment: Option<String>,
}

impl Plan {
    /// The event of the start.
    pub(crate) fn started(&self) -> RuntimeStarted {
        let mut event = RuntimeStarted::new(self.process.id);
        let worker = |(worker, selection): &(Worker, Selection)| {
            let mut started = StartedWorker::new(selection.names(), worker.slots());
            started.at_most = selection.limits();
            started
        };
        event.workers = self.workers.iter().map(worker).collect();
        event.store.clone_from(&self.banner.store);
        event.environment.clone_from(&self.banner.environment);
        event
    }
}

/// What a process with these workers can run.
pub(crate) fn details(workers: &[(Worker, Selection)], version: Option<String>) -> ProcessDetails {
    let slots: usize = workers.iter().map(|(worker, _)| worker.slots()).sum();
    let queues = workers.iter().flat_map(|(_, selection)| selection.names());
    ProcessDetails::new(u64::try_from(slots).unwrap_or(u64::MAX), queues, version)
}

/// Durations and limits, with their defaults.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timings {
    pub(crate) shutdown: Duration,
    pub(crate) poll: Duration,
    pub(crate) dispatch_interval: Duration,
    pub(crate) dispatch_batch: usize,
    pub(crate) heartbeat_interval: Duration,
    pub(crate) dead_after: Duration,
    pub(crate) crash_limit: u32,
    pub(crate) keep_finished: Duration,
    pub(crate) default_timeout: Timeout,
    pub(crate) slow_after: Option<Duration>,
    pub(crate) signals: bool,
    pub(crate) exits_after_signal: bool,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            // Sidekiq's time-out at shutdown.
            shutdown: Duration::from_secs(25),
            poll: Duration::from_secs(1),
            // Solid Queue's dispatcher: every second, batches of 500.
            dispatch_interval: Duration::from_secs(1),
            dispatch_batch: 500,
            heartbeat_interval: Duration::from_secs(5),
            dead_after: Duration::from_secs(60),
            crash_limit: 3,
            keep_finished: Duration::from_secs(24 * 60 * 60),
            default_timeout: Timeout::DEFAULT,
            slow_after: None,
            signals: true,
            exits_after_signal: false,
        }
    }
}

impl Timings {
    pub(crate) fn recovery(&self) -> Recovery {
        Recovery::new(self.dead_after, self.crash_limit)
    }

    /// After how long without a turn a loop is stalled that turns at least every `interval`. The time of one call to the
    /// store is added: it may take as long as a process may be silent.
    pub(crate) fn stalled_after(&self, interval: Duration) -> Duration {
        interval.saturating_add(self.dead_after)
    }
}
