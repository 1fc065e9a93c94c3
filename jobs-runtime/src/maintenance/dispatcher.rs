//! Makes scheduled jobs ready when they are due.

use std::time::Duration;

use jobs_core::events::Dispatched;
use jobs_core::{Error, Listener, Notifier};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::Client;
use crate::supervision::backoff::Backoff;
use crate::supervision::progress::LoopProgress;
use crate::supervision::supervisor::ProcessLoop;

/// Dispatches in batches. Between them it sleeps until the next job is due, at most for the interval.
pub(crate) struct Dispatcher {
    pub(crate) jobs: Client,
    pub(crate) batch: usize,
    pub(crate) interval: Duration,
    pub(crate) quiet: CancellationToken,
    pub(crate) progress: LoopProgress,
}

impl ProcessLoop for Dispatcher {
    const NAME: &'static str = "dispatcher";

    async fn run(&mut self) {
        let shared = &self.jobs.shared;
        let mut listener = self.jobs.store().notifier().map(Notifier::listen);
        let mut backoff = Backoff::default();
        while !self.quiet.is_cancelled() {
            self.progress.turn();
            let begun = Instant::now();
            let wait = match shared.store.dispatch(self.batch).await {
                Ok(done) => {
                    backoff.succeeded();
                    if done.ready > 0 {
                        shared.events.emit(|| Dispatched::new(done.ready));
                    }
                    for refused in &done.refused {
                        shared.events.store_failed("dispatch", &Error::other(refused.message.clone()));
                    }
                    if done.ready == self.batch {
                        continue;
                    }
                    done.next_in.map_or(self.interval, |next| next.min(self.interval))
                }
                Err(error) => {
                    shared.events.store_failed("dispatch", &error);
                    backoff.failed()
                }
            };
            self.wait(&mut listener, wait, begun.elapsed()).await;
        }
    }
}

impl Dispatcher {
    /// A hint may mean that a job was scheduled that is due before the current sleep ends. `took` is the time of the last dispatch.
    async fn wait(&self, listener: &mut Option<Box<dyn Listener>>, wait: Duration, took: Duration) {
        let hint = async {
            // Under load hints come all the time; the next dispatch is not due before this.
            sleep(LEAST_WAIT.max(took * PAUSE_FACTOR)).await;
            match listener {
                Some(listener) => listener.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = sleep(wait) => {}
            () = hint => {}
            () = self.quiet.cancelled() => {}
        }
    }
}

/// The least time between two dispatches that hints cause.
const LEAST_WAIT: Duration = Duration::from_millis(20);

/// The same as a multiple of the time that a dispatch took: some stores read all waiting jobs for it.
const PAUSE_FACTOR: u32 = 10;
