//! Pages of jobs, in the order of their ids. The texts are not sorted in Redis, so a page reads all texts of the states in
//! question, and keeps no more records than its window.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use jobs_core::{Cursor, Error, Filter, IdRange, JobId, JobRecord, Order, Page};

use crate::SidekiqStore;
use crate::payload::jid_of;

impl SidekiqStore {
    pub(crate) async fn read_page(&self, filter: &Filter) -> Result<Page, Error> {
        let range = IdRange::of(filter)?;
        if range.is_empty() {
            return Ok(Page::default());
        }
        let (names, now) = (self.options.names, self.clock.now());
        let mut nearest = Nearest::new(filter);
        self.scan(filter.only_state(), |found| {
            let id = found.id();
            if range.contains(id) && nearest.has_room_for(id) {
                let mut record = found.record(names, now);
                let job = filter.matches(&record).then(|| {
                    filter.content.reduce(&mut record);
                    record
                });
                nearest.insert(id, job);
            }
            ControlFlow::Continue(())
        })
        .await?;
        let mut page = nearest.into_page(filter);
        self.add_crashes(&mut page.jobs).await?;
        Ok(page)
    }

    async fn add_crashes(&self, jobs: &mut [JobRecord]) -> Result<(), Error> {
        let counts = self.crashes_of(jobs.iter().map(|job| jid_of(job.id)).collect()).await?;
        for job in jobs {
            job.crashes = counts.get(&jid_of(job.id)).copied().unwrap_or(0);
        }
        Ok(())
    }
}

/// The ids that come first in the order of a filter, with the jobs that match: one more than the window has.
struct Nearest {
    order: Order,
    most: usize,
    ids: BTreeMap<JobId, Option<JobRecord>>,
}

impl Nearest {
    fn new(filter: &Filter) -> Self {
        Self { order: filter.order, most: filter.window_size().saturating_add(1), ids: BTreeMap::new() }
    }

    /// Whether an id is among the first ones so far.
    fn has_room_for(&self, id: JobId) -> bool {
        let farthest = match self.order {
            Order::OldestFirst => self.ids.keys().next_back().map(|last| id < *last),
            Order::NewestFirst => self.ids.keys().next().map(|first| id > *first),
        };
        self.ids.len() < self.most || farthest.unwrap_or(true)
    }

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
    fn into_page(self, filter: &Filter) -> Page {
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
