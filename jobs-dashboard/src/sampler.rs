//! Looks at the store from time to time, for the charts and for whoever watches.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use jobs_core::{Error, State};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::board::Board;
use crate::samples::{Sample, Samples};

/// How long a look may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The share of time that looks take at most is one in so many.
const SHARE: u32 = 20;

/// The looks so far, and the task that takes them.
#[derive(Debug)]
pub(crate) struct Sampler {
    every: Duration,
    samples: Mutex<Samples>,
    /// How many looks there were, also those that failed.
    looks: watch::Sender<u64>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Sampler {
    pub(crate) fn new(every: Duration) -> Self {
        Self { every, samples: Mutex::default(), looks: watch::Sender::new(0), task: Mutex::default() }
    }

    /// Told of each look from now on.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.looks.subscribe()
    }

    /// How many are told.
    pub(crate) fn watchers(&self) -> usize {
        self.looks.receiver_count()
    }

    pub(crate) fn samples(&self) -> MutexGuard<'_, Samples> {
        self.samples.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Board {
    /// Begins to look, if nobody does: nobody did yet, or the runtime in which that was done is gone. Outside of a runtime
    /// it waits for the first request.
    pub(crate) fn begin_looking(self: &Arc<Self>) {
        let mut task = self.sampler.task.lock().unwrap_or_else(PoisonError::into_inner);
        if task.as_ref().is_none_or(JoinHandle::is_finished)
            && let Ok(runtime) = Handle::try_current()
        {
            *task = Some(runtime.spawn(look_on(Arc::downgrade(self))));
        }
    }

    async fn look(&self) -> Result<Sample, Error> {
        let stats = self.inspect()?.stats().await?;
        let count = |state| stats.counts.of(state);
        // A store that keeps no count says at least how many of them there are.
        let sums = stats.totals.map(|totals| (totals.finished, totals.errors));
        let (finished, errors) = sums.unwrap_or_else(|| (count(State::Finished), count(State::Failed)));
        let (at, ready, latency) = (Instant::now(), count(State::Ready), stats.latency());
        Ok(Sample { at, finished, errors, ready, latency })
    }
}

/// Until the dashboard is gone. A look that fails is a gap in the lines; the next page says what is wrong.
async fn look_on(board: Weak<Board>) {
    loop {
        let Some(board) = board.upgrade() else { return };
        let begun = Instant::now();
        match timeout(PATIENCE, board.look()).await {
            Ok(Ok(sample)) => board.sampler.samples().push(sample),
            Ok(Err(error)) => tracing::debug!(target: "jobs", %error, "The dashboard could not look at the store"),
            Err(_) => tracing::debug!(target: "jobs", "The dashboard waited too long for the store"),
        }
        board.sampler.looks.send_modify(|looks| *looks += 1);
        // A store that takes long is asked less often.
        let every = board.sampler.every.max(begun.elapsed() * SHARE);
        drop(board);
        sleep(every).await;
    }
}
