//! Counts the events of this process.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Bulk, Clock, EXPIRED_CLASS, ErrorRecord, Event, JobRef, POISON_CLASS};
use metrics::{Counter, Histogram};

use crate::SharedRecorder;
use crate::definitions::{CALLBACK_FAILED, FENCED, LATE, RECOVERED, STORE_ERRORS, UNKNOWN};
use crate::labelled::{AttemptEnd, LabelledMetrics, NotEnqueued};
use crate::recorder::RecorderHandle;

/// Counts and measures what happens to jobs in this process.
///
/// It does not read arguments. Events before a recorder is installed are lost, so a program installs its recorder first.
pub struct Watch {
    labelled: LabelledMetrics,
    clock: Arc<dyn Clock>,
    fenced: Counter,
    recovered: Counter,
    unknown: Counter,
    callback_failed: Counter,
    late: Histogram,
}

impl Watch {
    /// Records to the recorder that the process has installed with `metrics::set_global_recorder`. A wait is the time of `clock`
    /// minus the due time of the store, so it includes the difference of the two clocks.
    pub fn installed(clock: Arc<dyn Clock>) -> Self {
        Self::new(RecorderHandle::installed(), clock)
    }

    /// Records to this recorder.
    pub fn to(recorder: SharedRecorder, clock: Arc<dyn Clock>) -> Self {
        Self::new(RecorderHandle::to(recorder), clock)
    }

    fn new(recorder: RecorderHandle, clock: Arc<dyn Clock>) -> Self {
        recorder.describe();
        Self {
            clock,
            fenced: recorder.counter(&FENCED, &[]),
            recovered: recorder.counter(&RECOVERED, &[]),
            unknown: recorder.counter(&UNKNOWN, &[]),
            callback_failed: recorder.counter(&CALLBACK_FAILED, &[]),
            late: recorder.histogram(&LATE, &[]),
            labelled: LabelledMetrics::new(recorder),
        }
    }

    /// Counts an event.
    pub fn record(&self, event: &Event) {
        match event {
            Event::Enqueued(event) => self.enqueued(&event.job.name, 1),
            Event::EnqueuedAt(event) => self.enqueued(&event.job.name, 1),
            Event::EnqueuedWithin(event) => self.enqueued(&event.job.name, 1),
            Event::EnqueuedAll(event) => self.bulk_enqueued(&event.bulk),
            Event::EnqueuedAllWithin(event) => self.bulk_enqueued(&event.bulk),
            Event::EnqueueHalted(event) => self.not_enqueued(&event.job, NotEnqueued::Halted),
            Event::EnqueueFailed(event) => self.not_enqueued(&event.job, NotEnqueued::Failed),
            Event::EnqueueDeduplicated(event) => self.not_enqueued(&event.job, NotEnqueued::Duplicate),
            Event::RecurringEnqueued(event) => {
                self.labelled.task(&event.key).recurred.increment(1);
                self.late.record(event.late.as_secs_f64());
            }
            Event::RecurringSkipped(event) => {
                self.labelled.task(&event.key).skipped.increment(u64::from(event.ticks));
            }
            Event::Fenced(_) => self.fenced.increment(1),
            Event::Recovered(event) => self.recovered.increment((event.ready + event.poisoned.len()) as u64),
            Event::NameUnknown(_) => self.unknown.increment(1),
            Event::CallbackFailed(_) => self.callback_failed.increment(1),
            Event::StoreFailed(event) => {
                self.labelled.recorder().counter(&STORE_ERRORS, &[event.operation]).increment(1);
            }
            other => self.ran(other),
        }
    }

    fn not_enqueued(&self, job: &JobRef, reason: NotEnqueued) {
        self.labelled.enqueues(&job.name).not_enqueued(reason);
    }

    fn bulk_enqueued(&self, bulk: &Bulk) {
        bulk.names.iter().for_each(|(name, count)| self.enqueued(name, *count));
    }

    fn enqueued(&self, name: &str, count: usize) {
        self.labelled.enqueues(name).enqueued.increment(count as u64);
    }

    fn ran(&self, event: &Event) {
        match event {
            Event::PerformStarted(event) => self.started(&event.job),
            Event::RanSlowly(event) if event.is_repeated => {}
            Event::RanSlowly(event) => {
                self.labelled.runs(&event.job.name, &event.job.queue).slow.increment(1);
            }
            Event::Performed(event) => self.ended(&event.job, AttemptEnd::Finished, Some(event.duration)),
            Event::PerformHalted(event) => self.ended(&event.job, AttemptEnd::Halted, None),
            Event::RetryScheduled(event) => self.ended(&event.job, AttemptEnd::Retried, took(&event.error)),
            Event::Rescued(event) => self.ended(&event.job, AttemptEnd::Rescued, took(&event.error)),
            Event::Snoozed(event) => self.ended(&event.job, AttemptEnd::Snoozed, None),
            Event::Discarded(event) if event.error.class == EXPIRED_CLASS => {
                self.ended(&event.job, AttemptEnd::Expired, took(&event.error));
            }
            Event::Discarded(event) => self.ended(&event.job, AttemptEnd::Discarded, took(&event.error)),
            Event::Failed(event) => self.ended(&event.job, AttemptEnd::Failed, took(&event.error)),
            _ => {}
        }
    }

    fn started(&self, job: &JobRef) {
        let runs = self.labelled.runs(&job.name, &job.queue);
        runs.started.increment(1);
        if let Some(due) = job.due_at {
            runs.wait.record(self.clock.now().duration_since(due).as_secs_f64());
        }
    }

    fn ended(&self, job: &JobRef, end: AttemptEnd, took: Option<Duration>) {
        let runs = self.labelled.runs(&job.name, &job.queue);
        runs.ended(end);
        if let Some(took) = took {
            runs.run.record(took.as_secs_f64());
        }
    }
}

/// How long an attempt ran; unknown if its process died, or if the job was not begun before it expired.
fn took(error: &ErrorRecord) -> Option<Duration> {
    let is_begun = error.class != EXPIRED_CLASS || error.duration_ms > 0;
    (is_begun && error.class != POISON_CLASS).then(|| Duration::from_millis(error.duration_ms))
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}
