//! Restarts a loop that panics.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::time::Duration;

use jobs_core::events::LoopRestarted;
use tokio::time::{Instant, sleep};

use crate::guard::GuardedFuture;
use crate::observe::events::Events;
use crate::supervision::backoff::Backoff;

/// A loop that has run for so long works: its next restart is quick again.
const STABLE: Duration = Duration::from_secs(60);

/// A part of the process that runs until it is told to end, or until it is aborted.
pub(crate) trait ProcessLoop: Send {
    const NAME: &'static str;

    /// Runs from where it is. Called again after a panic.
    fn run(&mut self) -> impl Future<Output = ()> + Send;
}

/// Runs the loop to its end, and anew after each panic.
pub(crate) async fn supervise(events: Events, mut process_loop: impl ProcessLoop) {
    restart_on_panic(events, &mut process_loop).await;
}

async fn restart_on_panic<L: ProcessLoop>(events: Events, process_loop: &mut L) {
    let mut supervisor = Supervisor::new(L::NAME, events);
    while supervisor.run(Box::pin(process_loop.run())).await == Ended::Panicked {}
}

/// Counts the panics of one loop.
pub(crate) struct Supervisor {
    name: &'static str,
    events: Events,
    backoff: Backoff,
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
        Self { name, events, backoff: Backoff::default() }
    }

    /// Runs the loop until it ends or panics.
    pub(crate) async fn run(&mut self, run: Pin<Box<dyn Future<Output = ()> + Send + '_>>) -> Ended {
        let started = Instant::now();
        let mut run = GuardedFuture::new(run);
        let Err(panic) = poll_fn(|context| run.poll(context)).await else { return Ended::Regularly };
        drop(run);
        if started.elapsed() >= STABLE {
            self.backoff.succeeded();
        }
        let wait = self.backoff.failed();
        self.events.emit(|| LoopRestarted::new(self.name, panic, wait));
        sleep(wait).await;
        Ended::Panicked
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
        restart_on_panic(Events::default(), &mut unlucky).await;
        assert_eq!(unlucky.0, 0);
        assert_eq!(before.elapsed(), Duration::from_millis(50 + 100 + 200));
    }
}
