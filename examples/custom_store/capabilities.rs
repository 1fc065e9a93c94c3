//! The optional capabilities of the store: to inspect the stored jobs, and to manage them manually.

use std::time::Duration;

use jobs_core::{
    Counts, Due, Filter, Inspect, JobId, JobRecord, JobStats, Manage, Page, ProcessRecord, QueueRecord, StoreFuture,
};

use crate::calls::{Call, now};
use crate::journal::JournalStore;

impl Inspect for JournalStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.query(move |memory| now(memory.find(id)))
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        self.query(|memory| now(memory.page(filter)))
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        self.query(|memory| now(memory.counts()))
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        self.query(|memory| now(memory.queues()))
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        self.query(|memory| now(memory.processes()))
    }

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        self.query(|memory| now(memory.stats()))
    }
}

impl Manage for JournalStore {
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        self.change(Call::Retry(jobs.to_vec()), |memory| now(memory.retry(jobs)), |count| *count > 0)
    }

    fn key_holder(&self, job: JobId) -> StoreFuture<'_, Option<JobId>> {
        self.query(move |memory| now(memory.key_holder(job)))
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        self.change(Call::Discard(jobs.to_vec()), |memory| now(memory.discard(jobs)), |count| *count > 0)
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        let call = Call::Reschedule(jobs.to_vec(), due);
        self.change(call, move |memory| now(memory.reschedule(jobs, due)), |count| *count > 0)
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        self.change(Call::Pause(queue.to_owned()), |memory| now(memory.pause(queue)), |is_new| *is_new)
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        self.change(Call::Resume(queue.to_owned()), |memory| now(memory.resume(queue)), |was_paused| *was_paused)
    }

    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64> {
        let call = Call::Prune(older_than, limit);
        self.change(call, move |memory| now(memory.prune(older_than, limit)), |count| *count > 0)
    }
}
