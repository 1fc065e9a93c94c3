//! The capability to store recurring tasks and their ticks.

use jobs_core::{
    NewJob, Recurring, RecurringRecord, RecurringTask, RecurringTasks, StoreFuture, Tick, TickBatch, TickOutcome,
    Timestamp,
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

    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        self.try_call(|inner, now| {
            ticks.iter().filter_map(|tick| tick.job.as_ref()).try_for_each(NewJob::check)?;
            Ok(inner.ticks(ticks, now))
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

    fn ticks(&mut self, ticks: &[Tick], now: Timestamp) -> Vec<TickOutcome> {
        let records = ticks.iter().filter_map(|tick| self.tasks.get(&tick.key).cloned());
        let batch = TickBatch::new(ticks.to_vec(), records, now);
        let enqueued: Vec<_> = batch.jobs().iter().map(|job| self.enqueue(job, now)).collect();
        let (outcomes, changed) = batch.finish(&enqueued);
        self.tasks.extend(changed.into_iter().map(|record| (record.task.key.clone(), record)));
        outcomes
    }
}
