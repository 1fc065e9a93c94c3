//! How a store stands, as gauges.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jobs_core::{JobStats, QueueRecord, State, Store, StoreExt};

use crate::SharedRecorder;
use crate::book::OTHER;
use crate::recording::Recording;
use crate::table::{
    ALL_DISCARDED, ALL_ENQUEUED, ALL_ERRORS, ALL_FINISHED, LATENCY, Metric, PROCESSES, QUEUE_LATENCY, QUEUE_PAUSED,
    QUEUE_READY, STORE_UP, STORED,
};

/// How many queues become labels, the first by name.
const MOST_QUEUES: usize = 200;

/// Gives out the figures of a store as metrics. One place in a program samples, as often as somebody scrapes; several
/// programs that sample one store say the same.
pub struct Figures {
    recording: Recording,
    silence: Duration,
    /// The queues that were told so far: one that is empty now is told as such.
    told: Mutex<BTreeSet<String>>,
}

impl Default for Figures {
    /// By the recorder that the process has installed.
    fn default() -> Self {
        Self::by(Recording::installed())
    }
}

impl Figures {
    /// By a recorder of its own.
    pub fn to(recorder: SharedRecorder) -> Self {
        Self::by(Recording::to(recorder))
    }

    fn by(recording: Recording) -> Self {
        recording.describe();
        Self { recording, silence: Duration::from_secs(60), told: Mutex::default() }
    }

    /// A process that was silent for longer does not live. By default a minute.
    pub fn silence(mut self, silence: Duration) -> Self {
        self.silence = silence;
        self
    }

    /// Looks at the store once and gives out what it finds, also that the store does not answer.
    ///
    /// Cancel safe: a dropped future leaves the figures as they were.
    ///
    /// # Errors
    /// As [`Inspect::stats`](jobs_core::Inspect::stats), and if the store cannot be looked into.
    pub async fn sample(&self, store: &dyn Store) -> jobs_core::Result<()> {
        let found = match store.looking() {
            Ok(inspect) => inspect.stats().await,
            Err(error) => Err(error),
        };
        match found {
            Ok(stats) => self.tell(&stats),
            Err(error) => {
                self.out_of_reach();
                return Err(error);
            }
        }
        Ok(())
    }

    /// Gives out that the store does not answer. All else stays as it was told last.
    pub fn out_of_reach(&self) {
        self.set(&STORE_UP, &[], 0.0);
    }

    /// Gives out figures that somebody looked up.
    pub fn tell(&self, stats: &JobStats) {
        self.set(&STORE_UP, &[], 1.0);
        for state in State::ALL {
            self.set(&STORED, &[state.as_str()], float(stats.counts.of(state)));
        }
        self.set(&LATENCY, &[], stats.latency().as_secs_f64());
        self.set(&PROCESSES, &[], float(stats.living(self.silence).count() as u64));
        if let Some(totals) = &stats.totals {
            let all = [(&ALL_ENQUEUED, totals.enqueued), (&ALL_FINISHED, totals.finished)];
            for (metric, total) in
                all.into_iter().chain([(&ALL_DISCARDED, totals.discarded), (&ALL_ERRORS, totals.errors)])
            {
                self.recording.counter(metric, &[]).absolute(total);
            }
        }
        self.queues(&stats.queues);
    }

    fn queues(&self, queues: &[QueueRecord]) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let mut others = QueueRecord::new(OTHER.to_owned(), 0, Duration::ZERO, false);
        let mut seen = BTreeSet::new();
        for queue in queues {
            if told.len() < MOST_QUEUES || told.contains(&queue.name) {
                told.insert(queue.name.clone());
                seen.insert(queue.name.as_str());
                self.queue(queue);
            } else {
                others.ready += queue.ready;
                others.latency = others.latency.max(queue.latency);
            }
        }
        for name in told.iter().filter(|name| !seen.contains(name.as_str())) {
            self.queue(&QueueRecord::new(name.clone(), 0, Duration::ZERO, false));
        }
        if told.len() == MOST_QUEUES {
            self.queue(&others);
        }
    }

    fn queue(&self, queue: &QueueRecord) {
        let name = [queue.name.as_str()];
        self.set(&QUEUE_READY, &name, float(queue.ready));
        self.set(&QUEUE_LATENCY, &name, queue.latency.as_secs_f64());
        self.set(&QUEUE_PAUSED, &name, if queue.paused { 1.0 } else { 0.0 });
    }

    fn set(&self, metric: &Metric, values: &[&str], value: f64) {
        self.recording.gauge(metric, values).set(value);
    }
}

#[expect(clippy::cast_precision_loss, reason = "no store has so many jobs that it would matter")]
fn float(count: u64) -> f64 {
    count as f64
}

impl fmt::Debug for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Figures").field("silence", &self.silence).finish_non_exhaustive()
    }
}
