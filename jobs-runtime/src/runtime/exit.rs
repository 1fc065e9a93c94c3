//! Ends the process after a signal, also if jobs hold its threads and will not let go of them.

use std::process;
use std::time::Duration;

use jobs_core::events::RuntimeStopped;
use jobs_core::{Process, ProcessStatus};
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::Client;
use crate::runtime::shutdown::GRACE;
use crate::supervision::heartbeat_thread::HeartbeatStop;
use crate::supervision::runtime_watch::turned;

/// How long the program's runtime may take for one turn before it counts as blocked.
const TURN: Duration = Duration::from_secs(1);

/// How long each step of the shutdown may take after a second signal.
const URGENT_GRACE: Duration = Duration::from_secs(1);

/// The exit status if all jobs were released.
const RELEASED: i32 = 0;

/// The exit status if the store could not be told: other processes recover the jobs.
const NOT_RELEASED: i32 = 1;

/// What is needed to end the process from a thread of its own.
#[derive(Debug)]
pub(crate) struct ProcessExit {
    pub(crate) jobs: Client,
    pub(crate) process: Process,
    /// How long running jobs may go on after the request to stop.
    pub(crate) limit: Duration,
    pub(crate) heartbeats: HeartbeatStop,
    pub(crate) program: Handle,
}

impl ProcessExit {
    /// Ready when the time is over that running jobs have.
    pub(crate) async fn overdue(&self) {
        sleep(self.limit).await;
    }

    /// Ends the process: when the runtime has stopped, and else when the jobs are released from here.
    /// If it is urgent, because of a second signal, a store that does not answer is waited for only for a short time.
    pub(crate) async fn exit(self, ended: &CancellationToken, is_urgent: bool) -> ! {
        let grace = if is_urgent { URGENT_GRACE } else { GRACE };
        let stops = self.stops_in_order(ended);
        let has_stopped = if is_urgent { timeout(URGENT_GRACE, stops).await.unwrap_or(false) } else { stops.await };
        if has_stopped {
            // What follows in `main` has this time; if a job holds a thread, `main` cannot return.
            if self.jobs.shared.polled_jobs.list().is_empty() {
                sleep(GRACE).await;
            }
            exit(RELEASED);
        }
        exit(if self.release(grace).await { RELEASED } else { NOT_RELEASED });
    }

    /// Waits for the runtime to stop while it turns. False if it is blocked.
    async fn stops_in_order(&self, ended: &CancellationToken) -> bool {
        loop {
            let turns = timeout(TURN, turned(&self.program)).await == Ok(true);
            if ended.is_cancelled() || !turns {
                return ended.is_cancelled();
            }
            // The shutdown has limits of its own for each step.
            let _ended = timeout(TURN, ended.cancelled()).await;
        }
    }

    /// Says goodbye for the process, which releases the jobs that it has.
    async fn release(mut self, grace: Duration) -> bool {
        let returned = self.jobs.shared.polled_jobs.running();
        // A heartbeat that comes after the goodbye would register the process again.
        let _no_answer = timeout(grace, self.heartbeats.stop()).await;
        self.process.phase = ProcessStatus::Stopped;
        let is_released = timeout(grace, self.say_goodbye()).await.unwrap_or(false);
        self.jobs.shared.events.emit(|| RuntimeStopped::new(self.process.id, if is_released { returned } else { 0 }));
        is_released
    }

    async fn say_goodbye(&self) -> bool {
        let store = &self.jobs.shared.store;
        let sender = store.inner().heartbeats().map(jobs_core::Heartbeats::sender);
        match store.heartbeat_by(sender.as_deref(), &self.process).await {
            Ok(_reply) => true,
            Err(error) => {
                self.jobs.shared.events.store_failed("say goodbye", &error);
                false
            }
        }
    }
}

/// Ends the process as it is: other processes recover its jobs.
pub(crate) fn exit_now() -> ! {
    exit(NOT_RELEASED)
}

#[expect(clippy::disallowed_methods, reason = "a thread that a job holds keeps `main` from returning")]
fn exit(status: i32) -> ! {
    process::exit(status)
}
