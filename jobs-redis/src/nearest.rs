//! The jobs of a page, from all that are visited in any order.

use std::collections::BTreeMap;

use jobs_core::{Cursor, Filter, JobId, JobRecord, Order, Page};

/// The ids that come first in the order of a filter, with the jobs that match: one more than the window has.
pub struct Nearest {
    order: Order,
    most: usize,
    ids: BTreeMap<JobId, Option<JobRecord>>,
}

impl Nearest {
    /// None so far.
    pub fn new(filter: &Filter) -> Self {
        Self { order: filter.order, most: filter.window_size().saturating_add(1), ids: BTreeMap::new() }
    }

    /// Adds the job of an id, if it is among the first ones so far. What is read is made only then.
    pub fn add(&mut self, filter: &Filter, id: JobId, read: impl FnOnce() -> JobRecord) {
        if self.has_room_for(id) {
            let mut record = read();
            let job = filter.matches(&record).then(|| {
                filter.content.reduce(&mut record);
                record
            });
            self.insert(id, job);
        }
    }

    /// Whether an id is among the first ones so far.
    fn has_room_for(&self, id: JobId) -> bool {
        let farthest = match self.order {
            Order::OldestFirst => self.ids.keys().next_back().map(|last| id < *last),
            Order::NewestFirst => self.ids.keys().next().map(|first| id > *first),
        };
        self.ids.len() < self.most || farthest.unwrap_or(true)
    }

    /// Adds an id, with its job if that matches the filter.
    fn insert(&mut self, id: JobId, job: Option<JobRecord>) {
        self.ids.insert(id, job);
        if self.ids.len() > self.most {
            match self.order {
                Order::OldestFirst => self.ids.pop_last(),
                Order::NewestFirst => self.ids.pop_first(),
            };
        }
    }

    /// The page: it ends when it is full, or where the window ends.
    pub fn into_page(self, filter: &Filter) -> Page {
        let order = self.order;
        let mut entries: Vec<_> = self.ids.into_iter().collect();
        if order == Order::NewestFirst {
            entries.reverse();
        }
        let (mut jobs, mut last) = (Vec::new(), None);
        for (seen, (id, job)) in entries.into_iter().enumerate() {
            if jobs.len() == filter.page_size() || seen == filter.window_size() {
                return Page::new(jobs, last.map(Cursor::from));
            }
            jobs.extend(job);
            last = Some(id);
        }
        Page::new(jobs, None)
    }
}
