//! Emits the events of enqueues.

use std::error::Error as _;

use jobs_core::failure::class_name;
use jobs_core::{Enqueued, Error, ErrorRecord, Event, Job, JobDraft, JobRef, NewJob, events};

use crate::client::shared::Shared;
use crate::enqueue::options::EnqueueOptions;
use crate::enqueue::store_step::CallbackError;

impl Shared {
    /// The store answered. `is_uncertain` if the caller's transaction may still be rolled back.
    pub(crate) fn report_enqueued(&self, new: &NewJob, enqueued: &Enqueued, is_uncertain: bool) {
        self.events.emit(|| -> Event {
            let job = self.new_job(new);
            match (enqueued, job.at) {
                (Enqueued::Duplicate { of }, _) => events::EnqueueDeduplicated::new(job, *of).into(),
                _ if is_uncertain => events::EnqueuedWithin::new(job).into(),
                (_, Some(at)) => events::EnqueuedAt::new(job, at).into(),
                (_, None) => events::Enqueued::new(job).into(),
            }
        });
    }

    /// A callback stopped the enqueue.
    pub(crate) fn report_halted(&self, draft: &JobDraft) {
        self.events.emit(|| events::EnqueueHalted::new(self.draft(draft)));
    }

    /// The enqueue failed. `is_uncertain` if the caller's transaction may still be rolled back.
    pub(crate) fn report_failed(&self, draft: &JobDraft, error: &Error, is_uncertain: bool) {
        self.events.emit(|| {
            let mut event = events::EnqueueFailed::new(self.draft(draft), record(error));
            event.may_be_stored = !is_uncertain && error.is_transient();
            event
        });
    }

    /// The enqueue failed before there was a draft of the job.
    pub(crate) fn report_unprepared<J: Job>(&self, job: &J, options: &EnqueueOptions, error: &Error) {
        let queue = options.queue.clone().unwrap_or_else(|| job.queue_name().into());
        self.report_failed(&JobDraft::new(J::SETTINGS.name, queue, "{}".to_owned()), error, true);
    }

    /// A job that is not stored, for events. It gets a new id, since it has none.
    pub(crate) fn draft(&self, draft: &JobDraft) -> JobRef {
        let mut job = JobRef::new(self.next_id(), draft.name, self.naming.stored(&draft.queue));
        job.priority = draft.priority;
        // What is drafted here is of the version that this program knows.
        let version = self.registry.get(draft.name).map_or(1, |known| known.definition.settings().version);
        job.arguments = self.shown(draft.name, &draft.arguments, version);
        job.at = self.due_at(draft.due);
        job
    }
}

/// The record of why a job was not stored: of a callback that failed, with the class of its error.
fn record(error: &Error) -> ErrorRecord {
    let source = error.source();
    if let Some(CallbackError(record)) = source.and_then(|source| source.downcast_ref()) {
        return record.bounded().into_owned();
    }
    let mut record = ErrorRecord::new(class_name::<Error>(), error.to_string());
    record.causes = std::iter::successors(source, |cause| (*cause).source()).map(ToString::to_string).collect();
    record.bounded().into_owned()
}
