//! Restarts a loop that panics, or that ends before it is told to.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::time::Duration;

use jobs_core::events::LoopRestarted;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::guard::GuardedFuture;
use crate::observe::events::Events;
use crate::supervision::backoff::Backoff;

/// A loop that has run for so long works: its next restart is quick again.
const STABLE: Duration = Duration::from_secs(60);

/// A part of the process that runs until it is told to end, or until it is aborted.
pub(crate) trait ProcessLoop: Send {
    const NAME: &'static str;

    /// Runs from where it is. Called again after a panic, and if it ended before it was told to.
    fn run(&mut self) -> impl Future<Output = ()> + Send;
}

/// Runs the loop until it ends after `quiet`; anew after each panic, and if it ends before.
pub(crate) async fn supervise(events: Events, quiet: CancellationToken, mut process_loop: impl ProcessLoop) {
    keep_running(events, &quiet, &mut process_loop).await;
}

async fn keep_running<L: ProcessLoop>(events: Events, quiet: &CancellationToken, process_loop: &mut L) {
    let mut supervisor = Supervisor::new(L::NAME, events);
    loop {
        match supervisor.run(Box::pin(process_loop.run())).await {
            Ended::Panicked => {}
            Ended::Regularly if quiet.is_cancelled() => return,
            Ended::Regularly => supervisor.before_restart(LoopRestarted::ENDED.to_owned()).await,
        }
    }
}

/// Counts the restarts of one loop.
pub(crate) struct Supervisor {
    name: &'static str,
    events: Events,
    backoff: Backoff,
    started: Instant,
}

/// How a run of a loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Regularly,
    /// The panic is reported and the backoff is over: the loop is to run again.
    Panicked,
}

impl Supervisor {
    pub(crate) fn new(name: &'static str, events: Events) -> Self {
        Self { name, events, backoff: Backoff::default(), started: Instant::now() }
    }

    /// Runs the loop until it ends or panics.
    pub(crate) async fn run(&mut self, run: Pin<Box<dyn Future<Output = ()> + Send + '_>>) -> Ended {
        self.started = Instant::now();
        let mut run = GuardedFuture::new(run);
        let Err(panic) = poll_fn(|context| run.poll(context)).await else { return Ended::Regularly };
        drop(run);
        self.before_restart(panic).await;
        Ended::Panicked
    }

    /// Reports the restart, and waits for its backoff.
    async fn before_restart(&mut self, message: String) {
        if self.started.elapsed() >= STABLE {
            self.backoff.succeeded();
        }
        let wait = self.backoff.failed();
        self.events.emit(|| LoopRestarted::new(self.name, message, wait));
        sleep(wait).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Unlucky(u32);

    impl ProcessLoop for Unlucky {
        const NAME: &'static str = "unlucky";

        async fn run(&mut self) {
            if self.0 > 0 {
                self.0 -= 1;
                panic!("bad luck");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_panics_is_restarted_with_backoff_until_it_ends() {
        let before = Instant::now();
        let mut unlucky = Unlucky(3);
        let quiet = CancellationToken::new();
        quiet.cancel();
        keep_running(Events::default(), &quiet, &mut unlucky).await;
        assert_eq!(unlucky.0, 0);
        assert_eq!(before.elapsed(), Duration::from_millis(50 + 100 + 200));
    }

    /// Ends each time it is run, and is told to in the third run.
    struct Restless(u32, CancellationToken);

    impl ProcessLoop for Restless {
        const NAME: &'static str = "restless";

        async fn run(&mut self) {
            self.0 += 1;
            if self.0 == 3 {
                self.1.cancel();
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_ends_before_it_is_told_to_is_restarted_with_backoff() {
        let (before, quiet) = (Instant::now(), CancellationToken::new());
        let mut restless = Restless(0, quiet.clone());
        keep_running(Events::default(), &quiet, &mut restless).await;
        assert_eq!(restless.0, 3);
        assert_eq!(before.elapsed(), Duration::from_millis(50 + 100));
    }
}
