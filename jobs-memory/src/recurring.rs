//! The capability to store recurring tasks and their ticks.

use jobs_core::{
    NewJob, Recurring, RecurringRecord, RecurringTask, RecurringTasks, StoreFuture, Tick, TickOutcome, Timestamp,
};

use crate::MemoryStore;
use crate::inner::Inner;

impl Recurring for MemoryStore {
    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()> {
        self.call(move |inner, now| {
            for task in tasks {
                inner.declare(task, now);
            }
            inner.tasks.retain(|_, record| !record.is_forgotten(now));
        })
    }

    fn tasks(&self) -> StoreFuture<'_, RecurringTasks> {
        self.call(|inner, now| inner.recurring_tasks(now))
    }

    fn tick<'a>(&'a self, tick: &'a Tick) -> StoreFuture<'a, TickOutcome> {
        self.try_call(|inner, now| {
            tick.job.as_ref().map_or(Ok(()), NewJob::check)?;
            Ok(inner.tick(tick, now))
        })
    }

    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.call(|inner, _| inner.tasks.get_mut(key).is_some_and(RecurringRecord::pause))
    }

    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.call(|inner, now| inner.tasks.get_mut(key).is_some_and(|record| record.resume(now)))
    }

    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.call(|inner, _| inner.tasks.remove(key).is_some())
    }
}

impl Inner {
    pub(crate) fn recurring_tasks(&self, now: Timestamp) -> RecurringTasks {
        RecurringTasks::new(now, self.tasks.values().cloned().collect())
    }

    fn declare(&mut self, task: &RecurringTask, now: Timestamp) {
        match self.tasks.get_mut(&task.key) {
            Some(record) => record.declare(task, now),
            None => drop(self.tasks.insert(task.key.clone(), RecurringRecord::new(task.clone(), now))),
        }
    }

    fn tick(&mut self, tick: &Tick, now: Timestamp) -> TickOutcome {
        match self.tasks.get(&tick.key) {
            None => return TickOutcome::Unknown,
            Some(record) => {
                if let Some(refused) = record.refuses(tick.at, now) {
                    return refused;
                }
            }
        }
        let enqueued = tick.job.as_ref().map(|job| self.enqueue(job, now));
        if let Some(record) = self.tasks.get_mut(&tick.key) {
            record.note(tick.at, enqueued.as_ref());
        }
        enqueued.map_or(TickOutcome::Skipped, TickOutcome::Enqueued)
    }
}
