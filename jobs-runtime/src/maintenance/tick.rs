//! Enqueues the job of a recurring task: for a tick, or manually.

use jobs_core::events::ManuallyChanged;
use jobs_core::{Enqueued, Error, JobId, RecurringTask, Registered, Timestamp};

use crate::Client;
use crate::enqueue::destination::{Destination, EnqueueOutcome, Target};

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
        at: Timestamp,
    ) -> Result<EnqueueOutcome, Error> {
        let target = Target::Tick { key: &task.key, at };
        self.enqueue_task(known, task, Some(task.job_id(at)), target).await
    }

    async fn enqueue_task(
        &self,
        known: &Registered,
        task: &RecurringTask,
        id: Option<JobId>,
        target: Target<'_>,
    ) -> Result<EnqueueOutcome, Error> {
        let mut draft = known.definition.draft(&task.arguments, task.version, self.shared.default_priority)?;
        if let Some(queue) = &task.queue {
            draft.enqueue.queue.clone_from(queue);
        }
        draft.enqueue.priority = task.priority.unwrap_or(draft.enqueue.priority);
        self.enqueue_draft(&mut draft, &known.policy, id, target).await
    }
}
