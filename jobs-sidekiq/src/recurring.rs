//! The capability to keep recurring tasks, as both stores on Redis keep them, and those of Ruby beside them.

use jobs_core::{Error, NewJob, StoreFuture, Timestamp};
use jobs_redis::{Link, RecurringHash, TasksOf};

use crate::SidekiqStore;
use crate::work::{Steps, check_new};

jobs_redis::recurring_tasks!(SidekiqStore, TaskHash, all_tasks);

impl SidekiqStore {
    pub(crate) const fn task_records(&self) -> TasksOf<TaskHash<'_>> {
        TasksOf(TaskHash(self))
    }
}

/// The store as recurring tasks see it.
#[derive(Debug)]
pub(crate) struct TaskHash<'s>(&'s SidekiqStore);

impl RecurringHash for TaskHash<'_> {
    type Steps = Steps;

    fn link(&self) -> &Link {
        &self.0.link
    }

    fn key_of(&self, name: &str) -> String {
        self.0.key(name)
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    fn check_job(job: &NewJob) -> Result<(), Error> {
        check_new(job)
    }

    fn add_job(&self, steps: &mut Steps, job: &NewJob) -> Result<(), Error> {
        self.0.add_new(steps, job)
    }

    fn make_steps(&self, steps: Steps, doing: &'static str) -> StoreFuture<'_, Vec<bool>> {
        Box::pin(async move { Ok(self.0.make(steps, doing).await?.done) })
    }
}
