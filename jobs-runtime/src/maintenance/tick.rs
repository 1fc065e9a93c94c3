//! Enqueues the job of a recurring task: for a tick, or manually.

use jobs_core::events::{CallbackFailed, ManuallyChanged};
use jobs_core::{
    Enqueued, ErasedDraft, Error, Expires, Failure, JobId, RecurringTask, Registered, TickOutcome, Timestamp,
};

use crate::Client;
use crate::enqueue::destination::{Destination, EnqueueOutcome, Target};
use crate::enqueue::store_step::callback_failed;
use crate::guard::record_of;
use crate::maintenance::tick_batcher::TickRequest;

impl Client {
    /// Enqueues the job of a recurring task now, beside its ticks. The next tick is not affected.
    ///
    /// Callbacks, names and unique keys are as in any enqueue. Also a task that is paused can be enqueued so.
    ///
    /// Cancel safe: the job is stored completely or not at all. A caller that drops the future does not learn which.
    ///
    /// # Errors
    /// This program does not know the job, its arguments are not valid, or as [`enqueue`](Self::enqueue).
    pub async fn run_recurring(&self, task: &RecurringTask) -> Result<Enqueued, Error> {
        let known = self.shared.registry.get(&task.job).ok_or_else(|| {
            let (key, job) = (&task.key, &task.job);
            Error::invalid(format!("the job `{job}` of the recurring task `{key}` is not known here"))
        })?;
        let target = Target::Destination(Destination::Store);
        let enqueued = self.enqueue_task(known, task, None, target).await?.enqueued();
        if let Enqueued::New(job) = enqueued {
            self.shared.events.emit(|| ManuallyChanged::task("run", task.key.clone(), Some(job)));
        }
        Ok(enqueued)
    }

    /// Requests a tick. Its job goes through the enqueue callbacks as any other, and is stored if the tick is not taken.
    pub(crate) async fn tick(
        &self,
        known: &Registered,
        task: &RecurringTask,
        request: TickRequest<'_>,
    ) -> Result<EnqueueOutcome, Error> {
        self.enqueue_task(known, task, Some(task.job_id(request.at)), Target::Tick(request)).await
    }

    /// The callbacks around the enqueue for a tick panicked or took too long. `outcome` is the store's answer, if there was
    /// one before.
    pub(crate) fn report_broken_tick(
        &self,
        known: &Registered,
        task: &RecurringTask,
        at: Timestamp,
        failure: &Failure,
        outcome: Option<TickOutcome>,
    ) {
        // The arguments were read when the runtime was built.
        let Ok(draft) = self.draft_of(known, task) else { return };
        if outcome.is_none() {
            let error = callback_failed(draft.enqueue.name, failure);
            self.shared.report_failed(&draft.enqueue, &error, false);
            return;
        }
        let mut job = self.shared.draft(&draft.enqueue);
        job.id = task.job_id(at);
        self.shared.events.emit(|| CallbackFailed::new(job, record_of(failure)));
    }

    async fn enqueue_task(
        &self,
        known: &Registered,
        task: &RecurringTask,
        id: Option<JobId>,
        target: Target<'_>,
    ) -> Result<EnqueueOutcome, Error> {
        let mut draft = self.draft_of(known, task)?;
        self.enqueue_draft(&mut draft, &known.policy, id, target).await
    }

    fn draft_of(&self, known: &Registered, task: &RecurringTask) -> Result<ErasedDraft, Error> {
        let mut draft = known.definition.draft(&task.arguments, task.version, self.shared.default_priority)?;
        if let Some(queue) = &task.queue {
            draft.enqueue.queue.clone_from(queue);
        }
        draft.enqueue.expires = task.expires_in.map(Expires::In).or(draft.enqueue.expires);
        draft.enqueue.priority = task.priority.unwrap_or(draft.enqueue.priority);
        Ok(draft)
    }
}
