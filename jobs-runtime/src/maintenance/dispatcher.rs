//! Makes scheduled jobs ready when their time has come.

use std::time::Duration;

use jobs_core::{Event, Listener, Wakeups};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::Jobs;
use crate::backoff::Backoff;

/// Dispatches in batches; between them it sleeps until the next job is due, at most for the interval.
pub(crate) struct Dispatcher {
    pub(crate) jobs: Jobs,
    pub(crate) batch: usize,
    pub(crate) interval: Duration,
    pub(crate) quiet: CancellationToken,
}

impl Dispatcher {
    pub(crate) async fn run(self) {
        let shared = &self.jobs.shared;
        let mut wakeups = shared.store.wakeups().map(Wakeups::listen);
        let mut backoff = Backoff::default();
        while !self.quiet.is_cancelled() {
            let wait = match shared.store.dispatch(self.batch).await {
                Ok(done) => {
                    backoff.worked();
                    if done.ready > 0 {
                        shared.events.emit(|| Event::Dispatched(done.ready));
                    }
                    if done.ready == self.batch {
                        continue;
                    }
                    done.next_in.map_or(self.interval, |next| next.min(self.interval))
                }
                Err(error) => {
                    shared.events.emit(|| Event::StoreFailed { operation: "dispatch", message: error.to_string() });
                    backoff.failed()
                }
            };
            self.wait(&mut wakeups, wait).await;
        }
    }

    /// A hint may mean that a job was scheduled that is due before the present sleep ends.
    async fn wait(&self, wakeups: &mut Option<Box<dyn Listener>>, wait: Duration) {
        let hint = async {
            // Under load hints come all the time; the next look is not due before this.
            sleep(LEAST_WAIT).await;
            match wakeups {
                Some(listener) => listener.heard().await,
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

/// The least time between two looks that hints cause.
const LEAST_WAIT: Duration = Duration::from_millis(20);
