//! The watcher that counts what happens in this process.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Clock, ErrorRecord, Event, JobRef, POISON_CLASS};
use metrics::Counter;

use crate::SharedRecorder;
use crate::book::{Book, End, Reason};
use crate::recording::Recording;
use crate::table::{CALLBACK_FAILED, FENCED, RECOVERED, STORE_ERRORS, UNKNOWN};

/// Counts and measures what happens to jobs in this process.
///
/// It looks at no arguments. What is counted once without an installed recorder stays uncounted, so a program installs
/// its recorder first.
pub struct Watch {
    book: Book,
    clock: Arc<dyn Clock>,
    fenced: Counter,
    recovered: Counter,
    unknown: Counter,
    callback_failed: Counter,
}

impl Watch {
    /// By the recorder that the process has installed with `metrics::set_global_recorder`. Waits are measured by `clock`
    /// against the times of the store: clocks of machines that differ show in them.
    pub fn installed(clock: Arc<dyn Clock>) -> Self {
        Self::new(Recording::installed(), clock)
    }

    /// By a recorder of its own.
    pub fn to(recorder: SharedRecorder, clock: Arc<dyn Clock>) -> Self {
        Self::new(Recording::to(recorder), clock)
    }

    fn new(recording: Recording, clock: Arc<dyn Clock>) -> Self {
        recording.describe();
        Self {
            clock,
            fenced: recording.counter(&FENCED, &[]),
            recovered: recording.counter(&RECOVERED, &[]),
            unknown: recording.counter(&UNKNOWN, &[]),
            callback_failed: recording.counter(&CALLBACK_FAILED, &[]),
            book: Book::new(recording),
        }
    }

    /// Counts an event.
    pub fn record(&self, event: &Event) {
        match event {
            Event::Enqueued(job) | Event::EnqueuedAt(job, _) | Event::EnqueuedWithin(job) => {
                self.enqueued(&job.name, 1);
            }
            Event::EnqueuedAll(bulk) | Event::EnqueuedAllWithin(bulk) => {
                bulk.names.iter().for_each(|(name, count)| self.enqueued(name, *count));
            }
            Event::EnqueueHalted(job) => self.book.counts(&job.name).not_enqueued(Reason::Halted),
            Event::EnqueueFailed(job, _) => self.book.counts(&job.name).not_enqueued(Reason::Failed),
            Event::EnqueueDeduplicated(job, _) => self.book.counts(&job.name).not_enqueued(Reason::Duplicate),
            Event::RecurringEnqueued { key, .. } => self.book.task(key).recurred.increment(1),
            Event::RecurringSkipped { key, ticks, .. } => self.book.task(key).skipped.increment(u64::from(*ticks)),
            Event::Fenced(_) => self.fenced.increment(1),
            Event::Recovered { ready, poisoned, .. } => self.recovered.increment((ready + poisoned.len()) as u64),
            Event::NameUnknown(_) => self.unknown.increment(1),
            Event::CallbackFailed(..) => self.callback_failed.increment(1),
            Event::StoreFailed { operation, .. } => {
                self.book.recording().counter(&STORE_ERRORS, &[operation]).increment(1);
            }
            other => self.ran(other),
        }
    }

    fn enqueued(&self, name: &str, count: usize) {
        self.book.counts(name).enqueued.increment(count as u64);
    }

    fn ran(&self, event: &Event) {
        match event {
            Event::PerformStarted(job) => self.started(job),
            Event::RanSlowly(job, _) => self.book.series(&job.name, &job.queue).slow.increment(1),
            Event::Performed(job, took) => self.ended(job, End::Finished, Some(*took)),
            Event::PerformHalted(job) => self.ended(job, End::Halted, None),
            Event::RetryScheduled { job, error, .. } => self.ended(job, End::Retried, took(error)),
            Event::Rescued(job, error) => self.ended(job, End::Rescued, took(error)),
            Event::Discarded(job, error) => self.ended(job, End::Discarded, took(error)),
            Event::Failed(job, error) => self.ended(job, End::Failed, took(error)),
            _ => {}
        }
    }

    fn started(&self, job: &JobRef) {
        let series = self.book.series(&job.name, &job.queue);
        series.started.increment(1);
        if let Some(due) = job.due_at {
            series.wait.record(self.clock.now().since(due).as_secs_f64());
        }
    }

    fn ended(&self, job: &JobRef, end: End, took: Option<Duration>) {
        let series = self.book.series(&job.name, &job.queue);
        series.ended(end);
        if let Some(took) = took {
            series.run.record(took.as_secs_f64());
        }
    }
}

/// How long an attempt ran; not known of one whose process died.
fn took(error: &ErrorRecord) -> Option<Duration> {
    (error.class != POISON_CLASS).then(|| Duration::from_millis(error.duration_ms))
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}
