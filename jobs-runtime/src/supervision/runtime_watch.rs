//! Reports when the program's tokio runtime stands still, with the jobs that hold its threads.

use std::pin::pin;
use std::time::Duration;

use jobs_core::events::RuntimeStalled;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::Client;
use crate::supervision::supervisor::ProcessLoop;

/// How often the runtime is asked whether it turns.
const INTERVAL: Duration = Duration::from_millis(500);

/// After how long without an answer the runtime stands still.
const STALLED: Duration = Duration::from_secs(2);

/// How long an answer may take that is late because the whole process was suspended.
const GRACE: Duration = Duration::from_millis(250);

/// Asks the runtime from a thread that does not belong to it.
pub(crate) struct RuntimeWatch {
    pub(crate) jobs: Client,
    pub(crate) program: Handle,
}

impl ProcessLoop for RuntimeWatch {
    const NAME: &'static str = "runtime watch";

    /// Runs until it is dropped.
    async fn run(&mut self) {
        loop {
            sleep(INTERVAL).await;
            self.ask().await;
        }
    }
}

impl RuntimeWatch {
    /// Waits for one turn of the runtime, and reports each time the wait has doubled.
    async fn ask(&self) {
        let asked = Instant::now();
        let mut turned = pin!(turned(&self.program));
        let mut limit = STALLED;
        while timeout_at(asked + limit, &mut turned).await.is_err() {
            if timeout(GRACE, &mut turned).await.is_ok() {
                return;
            }
            self.report(asked.elapsed());
            while limit <= asked.elapsed() {
                limit = limit.saturating_mul(2);
            }
        }
    }

    fn report(&self, duration: Duration) {
        let shared = &self.jobs.shared;
        // A watcher may spawn tasks: they belong to the program's runtime.
        let _program = self.program.enter();
        shared.events.emit(|| RuntimeStalled::new(duration, shared.polled_jobs.list()));
    }
}

/// Ready when the runtime has turned once; false if it has ended. Cancel safe.
pub(crate) async fn turned(runtime: &Handle) -> bool {
    runtime.spawn(async {}).await.is_ok()
}
