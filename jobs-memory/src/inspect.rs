//! Looking at what is stored.

use std::collections::BTreeSet;
use std::ops::Bound;

use jobs_core::{Counts, Filter, Inspect, JobId, JobRecord, ProcessRecord, QueueRecord, StoreFuture, Timestamp};

use crate::MemoryStore;
use crate::shelf::Shelf;

impl Inspect for MemoryStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.answer(move |shelf, _| shelf.jobs.get(&id).map(|job| job.record.clone()))
    }

    fn list<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<JobRecord>> {
        self.answer(|shelf, _| shelf.list(filter))
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        self.answer(|shelf, _| shelf.counts())
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        self.answer(|shelf, now| shelf.queues(now))
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        self.answer(|shelf, _| shelf.living())
    }
}

impl Shelf {
    fn list(&self, filter: &Filter) -> Vec<JobRecord> {
        let from = filter.after.map_or(Bound::Unbounded, Bound::Excluded);
        let records = self.jobs.range((from, Bound::Unbounded)).map(|(_, job)| &job.record);
        records.filter(|record| matches(filter, record)).take(filter.page_size()).cloned().collect()
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for job in self.jobs.values() {
            counts.add(job.record.state, 1);
        }
        counts
    }

    fn queues(&self, now: Timestamp) -> Vec<QueueRecord> {
        let mut records: Vec<_> = self.piles.queues().map(|(name, jobs)| self.queue(name, jobs, now)).collect();
        let busy: BTreeSet<String> = records.iter().map(|record| record.name.clone()).collect();
        let idle = self.paused.difference(&busy);
        records.extend(idle.map(|name| self.queue(name, std::iter::empty(), now)));
        records.sort_by(|one, other| one.name.cmp(&other.name));
        records
    }

    fn queue(&self, name: &str, jobs: impl ExactSizeIterator<Item = JobId>, now: Timestamp) -> QueueRecord {
        let ready = jobs.len() as u64;
        let waits = jobs.filter_map(|id| self.jobs.get(&id)).map(|job| now.since(job.record.due_at));
        QueueRecord {
            name: name.to_owned(),
            ready,
            latency: waits.max().unwrap_or_default(),
            paused: self.paused.contains(name),
        }
    }

    fn living(&self) -> Vec<ProcessRecord> {
        let claimed = |record: &ProcessRecord| self.piles.held_by(record.process.id).len() as u64;
        let known = self.processes.known.iter();
        known.map(|record| ProcessRecord { claimed: claimed(record), ..record.clone() }).collect()
    }
}

fn matches(filter: &Filter, record: &JobRecord) -> bool {
    filter.state.is_none_or(|state| record.state == state)
        && filter.queue.as_ref().is_none_or(|queue| record.queue == *queue)
        && filter.name.as_ref().is_none_or(|name| record.name == *name)
}
