//! The capability to inspect stored jobs, queues and processes.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::time::Duration;

use jobs_core::{
    Counts, Cursor, Filter, IdRange, Inspect, JobId, JobRecord, JobStats, Order, Page, ProcessRecord, QueueListBuilder,
    QueueRecord, State, StoreFuture, Timestamp,
};

use crate::MemoryStore;
use crate::inner::Inner;

impl Inspect for MemoryStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.call(move |inner, _| inner.jobs.get(&id).map(|job| job.record.clone()))
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        self.try_call(|inner, _| Ok(inner.page(filter, IdRange::of(filter)?)))
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        self.call(|inner, _| inner.counts())
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        self.call(|inner, now| inner.queues(now))
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        self.call(|inner, _| inner.process_records())
    }

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        self.call(|inner, now| {
            let mut stats = JobStats::at(now);
            stats.counts = inner.counts();
            stats.queues = inner.queues(now);
            stats.processes = inner.process_records();
            stats.dispatch_latency = inner.dispatch_latency(now);
            stats.late_tick = inner.recurring_tasks(now).late_tick();
            stats.totals = Some(inner.totals);
            stats
        })
    }
}

impl Inner {
    fn page(&self, filter: &Filter, range: IdRange) -> Page {
        // A map panics at a range whose end comes before its start.
        if range.is_empty() {
            return Page::default();
        }
        let from = range.after.map_or(Bound::Unbounded, Bound::Excluded);
        let until = range.before.map_or(Bound::Unbounded, Bound::Excluded);
        let between = self.jobs.range((from, until)).map(|(_, job)| &job.record);
        match filter.order {
            Order::OldestFirst => fill_page(filter, between),
            Order::NewestFirst => fill_page(filter, between.rev()),
        }
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for job in self.jobs.values() {
            counts.add(job.record.state, 1);
        }
        counts
    }

    fn dispatch_latency(&self, now: Timestamp) -> Duration {
        let records = self.jobs.values().map(|job| &job.record);
        let scheduled = records.filter(|record| record.state == State::Scheduled);
        scheduled.map(|record| now.duration_since(record.due_at)).max().unwrap_or_default()
    }

    fn queues(&self, now: Timestamp) -> Vec<QueueRecord> {
        let mut counted: BTreeMap<&str, (Counts, Duration)> = BTreeMap::new();
        for JobRecord { queue, state, due_at, .. } in self.jobs.values().map(|job| &job.record) {
            let (counts, wait) = counted.entry(queue).or_default();
            counts.add(*state, 1);
            if *state == State::Ready {
                *wait = (*wait).max(now.duration_since(*due_at));
            }
        }
        let mut list = QueueListBuilder::default();
        for (queue, (counts, wait)) in counted {
            for state in State::ALL {
                list.add(queue.to_owned(), state, counts.of(state));
            }
            if counts.of(State::Ready) > 0 {
                list.waited(queue.to_owned(), wait);
            }
        }
        for queue in &self.paused {
            list.pause(queue.clone());
        }
        list.finish()
    }

    fn process_records(&self) -> Vec<ProcessRecord> {
        let mut records = self.processes.known.clone();
        for record in &mut records {
            let held = self.indexes.claimed_by_process(record.process.id);
            record.claimed = held.len() as u64;
            let claimed_at = held.iter().filter_map(|id| self.jobs.get(id)?.record.claimed_at);
            record.oldest_claim = claimed_at.min();
        }
        records
    }
}

/// Reads records until the page is full, the window ends, or there are no more.
fn fill_page<'a>(filter: &Filter, records: impl Iterator<Item = &'a JobRecord>) -> Page {
    let mut page = Page::default();
    let mut last = None;
    for (seen, record) in records.enumerate() {
        if page.jobs.len() == filter.page_size() || seen == filter.window_size() {
            page.next = last.map(Cursor::from);
            return page;
        }
        if filter.matches(record) {
            let mut job = record.clone();
            filter.content.reduce(&mut job);
            page.jobs.push(job);
        }
        last = Some(record.id);
    }
    page
}
