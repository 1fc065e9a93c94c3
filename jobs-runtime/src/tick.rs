//! One tick of a recurring task: its job goes through the enqueue callbacks as any other, and is stored if the tick is
//! still to be had.

use std::sync::{Mutex, PoisonError};

use jobs_core::callback::Moment;
use jobs_core::{
    Enqueued, Error, JobId, Meta, NewJob, RecurringTask, Registered, Store, StoreExt, StoreFuture, Tick, Ticked,
    Timestamp,
};

use crate::Jobs;
use crate::deposit::Deposit;
use crate::destination::Destination;

/// A tick that is asked for, and what the store answered.
pub(crate) struct Asked {
    key: String,
    at: Timestamp,
    answer: Mutex<Option<Ticked>>,
}

impl Asked {
    fn new(key: &str, at: Timestamp) -> Self {
        Self { key: key.to_owned(), at, answer: Mutex::default() }
    }

    /// Asks for the tick, with its job. A tick that is not to be had is answered as halted.
    pub(crate) fn send<'a>(&'a self, store: &'a dyn Store, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let job = jobs.first().map(|job| self.marked(job)).transpose()?;
            let tick = Tick::new(self.key.clone(), self.at, job);
            let ticked = store.repeating()?.tick(&tick).await?;
            *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(ticked);
            Ok(vec![if let Ticked::Enqueued(enqueued) = ticked { enqueued } else { Enqueued::Halted }])
        })
    }

    /// The job with what tells it which tick it is for.
    fn marked(&self, job: &NewJob) -> Result<NewJob, Error> {
        let (mut marked, mut meta) = (job.clone(), Meta::parse(job.meta.as_deref())?);
        meta.tick = Some(self.at);
        marked.meta = meta.to_text();
        Ok(marked)
    }

    fn into_answer(self) -> Option<Ticked> {
        self.answer.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Jobs {
    /// Enqueues the job of a recurring task now, beside its ticks: the next one comes as if nothing had been.
    ///
    /// Callbacks, names and what is unique are as in any enqueue. Also a task that is paused is enqueued so.
    ///
    /// Cancel safe in that the job is stored whole or not at all; which is not known to a caller that drops it.
    ///
    /// # Errors
    /// This program does not know the job, its arguments are other ones, or as [`enqueue`](Self::enqueue).
    pub async fn run_recurring(&self, task: &RecurringTask) -> Result<Enqueued, Error> {
        let known = self.shared.registry.find(&task.job).ok_or_else(|| {
            let (key, job) = (&task.key, &task.job);
            Error::invalid(format!("the job `{job}` of the recurring task `{key}` is not known here"))
        })?;
        self.send_task(known, task, None, Destination::Store).await
    }

    /// Asks for a tick. `None` if a callback kept its job from being stored, before the store was asked.
    pub(crate) async fn tick(
        &self,
        known: &Registered,
        task: &RecurringTask,
        at: Timestamp,
    ) -> Result<Option<Ticked>, Error> {
        let asked = Asked::new(&task.key, at);
        self.send_task(known, task, Some(task.job_id(at)), Destination::Tick(&asked)).await?;
        Ok(asked.into_answer())
    }

    async fn send_task(
        &self,
        known: &Registered,
        task: &RecurringTask,
        id: Option<JobId>,
        mut destination: Destination<'_>,
    ) -> Result<Enqueued, Error> {
        let mut drafted = known.definition.draft(&task.arguments, task.version)?;
        if let Some(queue) = &task.queue {
            drafted.enqueue.queue.clone_from(queue);
        }
        drafted.enqueue.priority = task.priority.unwrap_or(drafted.enqueue.priority);
        let version = drafted.version;
        let answer = if known.policy.has_callbacks(Moment::Enqueue) {
            let deposit = Deposit::new(self, version, id, destination);
            let verdict = drafted.run(&known.policy, &deposit).await;
            deposit.answer(&drafted.enqueue, verdict)
        } else {
            match self.admit(&drafted.enqueue, version, id) {
                Ok(new) => self.put(&new, &mut destination).await,
                Err(error) => Err(error),
            }
        };
        if let Err(error) = &answer {
            self.refused(&drafted.enqueue, error);
        }
        answer
    }
}
