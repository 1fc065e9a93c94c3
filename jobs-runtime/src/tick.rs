//! One tick of a recurring task: its job goes through the enqueue callbacks as any other, and is stored if the tick is
//! still to be had.

use std::sync::{Mutex, PoisonError};

use jobs_core::callback::Moment;
use jobs_core::{
    Enqueued, Error, NewJob, RecurringTask, Registered, Store, StoreExt, StoreFuture, Tick, Ticked, Timestamp,
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
            let tick = Tick { key: self.key.clone(), at: self.at, job: jobs.first().cloned() };
            let ticked = store.repeating()?.tick(&tick).await?;
            *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(ticked);
            Ok(vec![if let Ticked::Enqueued(enqueued) = ticked { enqueued } else { Enqueued::Halted }])
        })
    }

    fn into_answer(self) -> Option<Ticked> {
        self.answer.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Jobs {
    /// Asks for a tick. `None` if a callback kept its job from being stored, before the store was asked.
    pub(crate) async fn tick(
        &self,
        known: &Registered,
        task: &RecurringTask,
        at: Timestamp,
    ) -> Result<Option<Ticked>, Error> {
        let mut drafted = known.definition.draft(&task.arguments, task.version)?;
        if let Some(queue) = &task.queue {
            drafted.enqueue.queue.clone_from(queue);
        }
        drafted.enqueue.priority = task.priority.unwrap_or(drafted.enqueue.priority);
        let (asked, id, version) = (Asked::new(&task.key, at), Some(task.job_id(at)), drafted.version);
        let mut destination = Destination::Tick(&asked);
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
        if let Err(error) = answer {
            self.refused(&drafted.enqueue, &error);
            return Err(error);
        }
        Ok(asked.into_answer())
    }
}
