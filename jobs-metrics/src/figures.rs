//! The figures of a store, as gauges.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jobs_core::{Counts, JobStats, QueueRecord, State, Store, StoreExt};

use crate::SharedRecorder;
use crate::definitions::{
    ALL_DISCARDED, ALL_ENQUEUED, ALL_ERRORS, ALL_FINISHED, DISPATCH_LATENCY, LATENCY, Metric, PROCESSES, QUEUE_LATENCY,
    QUEUE_PAUSED, QUEUE_READY, QUEUE_STORED, SNAPSHOT_AGE, STORE_UP, STORED,
};
use crate::labelled::OTHER;
use crate::recorder::RecorderHandle;

/// How many queues become labels.
const MAX_QUEUES: usize = 200;

/// Records the figures of a store as metrics. A program samples at one point, as often as it is scraped. Several programs that
/// sample one store record the same values.
pub struct Figures {
    recorder: RecorderHandle,
    silence: Duration,
    /// The queues recorded so far, each with zeros if its jobs were counted by state. A queue that is empty now is recorded
    /// as empty, or its gauges would keep their last values.
    recorded: Mutex<BTreeMap<String, Option<Counts>>>,
}

impl Default for Figures {
    /// Records to the recorder that the process has installed.
    fn default() -> Self {
        Self::with(RecorderHandle::installed())
    }
}

impl Figures {
    /// Records to this recorder.
    pub fn to(recorder: SharedRecorder) -> Self {
        Self::with(RecorderHandle::to(recorder))
    }

    fn with(recorder: RecorderHandle) -> Self {
        recorder.describe();
        Self { recorder, silence: Duration::from_secs(60), recorded: Mutex::default() }
    }

    /// How long a process may send no heartbeat and still count as alive; by default a minute.
    pub fn silence(mut self, silence: Duration) -> Self {
        self.silence = silence;
        self
    }

    /// Queries the store once and records its figures, or that it does not answer.
    ///
    /// Cancel safe: a dropped future leaves the figures as they were.
    ///
    /// # Errors
    /// As [`Inspect::stats`](jobs_core::Inspect::stats), and if the store does not support queries.
    pub async fn sample(&self, store: &dyn Store) -> jobs_core::Result<()> {
        let result = match store.require_inspect() {
            Ok(inspect) => inspect.stats().await,
            Err(error) => Err(error),
        };
        match result {
            Ok(stats) => self.record(&stats),
            Err(error) => {
                self.record_unreachable();
                return Err(error);
            }
        }
        Ok(())
    }

    /// Records that the store does not answer. All other metrics keep their last values.
    pub fn record_unreachable(&self) {
        self.set(&STORE_UP, &[], 0.0);
    }

    /// Records figures that the caller has queried.
    pub fn record(&self, stats: &JobStats) {
        self.set(&STORE_UP, &[], 1.0);
        for state in State::ALL {
            self.set(&STORED, &[state.as_str()], float(stats.counts.of(state)));
        }
        self.set(&LATENCY, &[], stats.latency().as_secs_f64());
        self.set(&DISPATCH_LATENCY, &[], stats.dispatch_latency.as_secs_f64());
        let snapshot = stats.oldest_snapshot.as_ref().and_then(|snapshot| snapshot.age).unwrap_or_default();
        self.set(&SNAPSHOT_AGE, &[], snapshot.as_secs_f64());
        self.set(&PROCESSES, &[], float(stats.living(self.silence).count() as u64));
        if let Some(totals) = &stats.totals {
            let all = [(&ALL_ENQUEUED, totals.enqueued), (&ALL_FINISHED, totals.finished)];
            for (metric, total) in
                all.into_iter().chain([(&ALL_DISCARDED, totals.discarded), (&ALL_ERRORS, totals.errors)])
            {
                self.recorder.counter(metric, &[]).absolute(total);
            }
        }
        self.queues(&stats.queues);
    }

    fn queues(&self, queues: &[QueueRecord]) {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let mut others = QueueRecord::new(OTHER.to_owned(), 0, Duration::ZERO, false);
        let mut seen = BTreeSet::new();
        for queue in queues {
            if recorded.len() < MAX_QUEUES || recorded.contains_key(&queue.name) {
                recorded.insert(queue.name.clone(), queue.counts.map(|_| Counts::default()));
                seen.insert(queue.name.as_str());
                self.queue(queue);
            } else {
                others.ready += queue.ready;
                others.counts = sum(others.counts, queue.counts);
                others.latency = others.latency.max(queue.latency);
            }
        }
        for (name, zeros) in recorded.iter().filter(|(name, _)| !seen.contains(name.as_str())) {
            let mut gone = QueueRecord::new(name.clone(), 0, Duration::ZERO, false);
            gone.counts = *zeros;
            self.queue(&gone);
        }
        if recorded.len() == MAX_QUEUES {
            self.queue(&others);
        }
    }

    fn queue(&self, queue: &QueueRecord) {
        let name = [queue.name.as_str()];
        self.set(&QUEUE_READY, &name, float(queue.ready));
        if let Some(counts) = queue.counts {
            for state in [State::Scheduled, State::Blocked, State::Ready, State::Claimed, State::Failed] {
                self.set(&QUEUE_STORED, &[&queue.name, state.as_str()], float(counts.of(state)));
            }
        }
        self.set(&QUEUE_LATENCY, &name, queue.latency.as_secs_f64());
        self.set(&QUEUE_PAUSED, &name, if queue.paused { 1.0 } else { 0.0 });
    }

    fn set(&self, metric: &Metric, values: &[&str], value: f64) {
        self.recorder.gauge(metric, values).set(value);
    }
}

/// The jobs of both; those of one if the other has no counts.
fn sum(one: Option<Counts>, other: Option<Counts>) -> Option<Counts> {
    let (Some(mut sum), Some(other)) = (one, other) else { return one.or(other) };
    for state in State::ALL {
        sum.add(state, other.of(state));
    }
    Some(sum)
}

#[expect(clippy::cast_precision_loss, reason = "no store has enough jobs for the error to matter")]
fn float(count: u64) -> f64 {
    count as f64
}

impl fmt::Debug for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Figures").field("silence", &self.silence).finish_non_exhaustive()
    }
}
