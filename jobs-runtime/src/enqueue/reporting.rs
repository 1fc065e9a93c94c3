//! Emits the events of enqueues.

use jobs_core::failure::class_name;
use jobs_core::{Enqueued, Error, ErrorRecord, Event, JobDraft, JobRef, NewJob, events};

use crate::client::shared::Shared;

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

    /// The enqueue failed.
    pub(crate) fn report_failed(&self, draft: &JobDraft, error: &Error) {
        self.events.emit(|| {
            let record = ErrorRecord::new(class_name::<Error>(), error.to_string());
            events::EnqueueFailed::new(self.draft(draft), record)
        });
    }

    /// A job that is not stored, for events. It gets a new id, since it has none.
    fn draft(&self, draft: &JobDraft) -> JobRef {
        let mut job = JobRef::new(self.next_id(), draft.name, self.naming.stored(&draft.queue));
        job.priority = draft.priority;
        // What is drafted here is of the version that this program knows.
        let version = self.registry.get(draft.name).map_or(1, |known| known.definition.settings().version);
        job.arguments = self.shown(draft.name, &draft.arguments, version);
        job.at = self.due_at(draft.due);
        job
    }
}
