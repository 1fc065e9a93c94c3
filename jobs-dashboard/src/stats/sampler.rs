//! Samples the store at an interval, for the charts and the live updates.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use jobs_core::{Error, LogText, Retention, State, Store, StoreExt};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::stats::samples::{Sample, Samples};

/// How long a sample may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Sampling takes at most one part in this many of the time.
const SHARE: u32 = 20;

/// The samples so far, and the task that takes them.
#[derive(Debug)]
pub(crate) struct Sampler {
    store: Arc<dyn Store>,
    interval: Duration,
    samples: Mutex<Samples>,
    /// How many samples were tried, including those that failed.
    ticks: watch::Sender<u64>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Sampler {
    pub(crate) fn new(store: Arc<dyn Store>, interval: Duration) -> Self {
        let (ticks, samples, task) = (watch::Sender::new(0), Mutex::default(), Mutex::default());
        Self { store, interval, samples, ticks, task }
    }

    /// Is notified of each sample from now on.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.ticks.subscribe()
    }

    pub(crate) fn subscribers(&self) -> usize {
        self.ticks.receiver_count()
    }

    pub(crate) fn samples(&self) -> MutexGuard<'_, Samples> {
        self.samples.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the task, unless it runs. It starts again if the tokio runtime in which it was started has ended. Outside of a
    /// runtime nothing happens until the first request calls this.
    pub(crate) fn start(self: &Arc<Self>) {
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if task.as_ref().is_none_or(JoinHandle::is_finished)
            && let Ok(runtime) = Handle::try_current()
        {
            *task = Some(runtime.spawn(run(Arc::downgrade(self))));
        }
    }

    async fn sample(&self) -> Result<Sample, Error> {
        let stats = self.store.require_inspect()?.stats().await?;
        let count = |state| stats.counts.of(state);
        // A store that keeps no totals at least tells how many of these jobs it holds now, if it keeps those that finish.
        let keeps = self.store.guarantees().retention == Retention::All;
        let totals = stats.totals.map(|totals| (totals.finished, totals.errors));
        let totals = totals.or_else(|| keeps.then(|| (count(State::Finished), count(State::Failed))));
        let (finished, errors) = totals.unzip();
        let (at, ready, latency) = (Instant::now(), count(State::Ready), stats.latency());
        Ok(Sample { at, finished, errors, ready, latency })
    }
}

/// Runs until the dashboard is dropped. A failed sample leaves a gap in the charts; pages report the error themselves.
async fn run(sampler: Weak<Sampler>) {
    loop {
        let Some(sampler) = sampler.upgrade() else { return };
        let started = Instant::now();
        match timeout(TIMEOUT, sampler.sample()).await {
            Ok(Ok(sample)) => sampler.samples().push(sample),
            Ok(Err(error)) => {
                tracing::debug!(
                    target: "jobs", error = %LogText::field(&error),
                    "The dashboard could not sample the store"
                );
            }
            Err(_) => tracing::debug!(target: "jobs", "The store did not answer the dashboard in time"),
        }
        sampler.ticks.send_modify(|ticks| *ticks += 1);
        // A slow store is sampled less often.
        let wait = sampler.interval.max(started.elapsed() * SHARE);
        drop(sampler);
        sleep(wait).await;
    }
}
