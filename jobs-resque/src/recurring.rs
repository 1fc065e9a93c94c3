//! The capability to keep recurring tasks, as both stores on Redis keep them.

use jobs_core::{Error, NewJob, Recurring, RecurringTask, RecurringTasks, StoreFuture, Tick, TickOutcome, Timestamp};
use jobs_redis::{Link, RecurringHash, TasksOf};

use crate::ResqueStore;
use crate::work::{Steps, check_new};

impl Recurring for ResqueStore {
    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()> {
        Box::pin(self.task_records().declare(tasks))
    }

    fn tasks(&self) -> StoreFuture<'_, RecurringTasks> {
        Box::pin(self.task_records().all())
    }

    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        Box::pin(self.task_records().ticks(ticks))
    }

    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(self.task_records().pause(key))
    }

    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(self.task_records().resume(key))
    }

    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(self.task_records().forget(key))
    }
}

impl ResqueStore {
    pub(crate) const fn task_records(&self) -> TasksOf<TaskHash<'_>> {
        TasksOf(TaskHash(self))
    }
}

/// The store as recurring tasks see it.
#[derive(Debug)]
pub(crate) struct TaskHash<'s>(&'s ResqueStore);

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
        Box::pin(self.0.make(steps, doing))
    }
}
