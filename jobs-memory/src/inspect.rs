//! Looking at what is stored.

use std::collections::BTreeSet;
use std::ops::Bound;

use jobs_core::{
    Counts, Filter, Inspect, JobId, JobRecord, JobStats, Order, Page, ProcessRecord, QueueRecord, StoreFuture,
    Timestamp,
};

use crate::MemoryStore;
use crate::shelf::Shelf;

impl Inspect for MemoryStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.answer(move |shelf, _| shelf.jobs.get(&id).map(|job| job.record.clone()))
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        self.answer(|shelf, _| shelf.page(filter))
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

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        self.answer(|shelf, now| {
            let mut stats = JobStats::at(now);
            stats.counts = shelf.counts();
            stats.queues = shelf.queues(now);
            stats.processes = shelf.living();
            stats.totals = Some(shelf.totals);
            stats
        })
    }
}

impl Shelf {
    fn page(&self, filter: &Filter) -> Page {
        let from = filter.after.map_or(Bound::Unbounded, Bound::Excluded);
        let until = filter.before.map_or(Bound::Unbounded, Bound::Excluded);
        if filter.after.zip(filter.before).is_some_and(|(after, before)| after >= before) {
            return Page::default();
        }
        let between = self.jobs.range((from, until)).map(|(_, job)| &job.record);
        match filter.order {
            Order::OldestFirst => leaf(filter, between),
            Order::NewestFirst => leaf(filter, between.rev()),
        }
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
        QueueRecord::new(name.to_owned(), ready, waits.max().unwrap_or_default(), self.paused.contains(name))
    }

    fn living(&self) -> Vec<ProcessRecord> {
        let mut living = self.processes.known.clone();
        for record in &mut living {
            record.claimed = self.piles.held_by(record.process.id).len() as u64;
        }
        living
    }
}

/// Looks at records until the page is full, the window is at its end, or they are.
fn leaf<'a>(filter: &Filter, records: impl Iterator<Item = &'a JobRecord>) -> Page {
    let mut page = Page::default();
    for (seen, record) in records.enumerate() {
        if page.jobs.len() == filter.page_size() || seen == filter.window_size() {
            return page;
        }
        if filter.matches(record) {
            page.jobs.push(record.clone());
        }
        page.next = Some(record.id);
    }
    page.next = None;
    page
}
