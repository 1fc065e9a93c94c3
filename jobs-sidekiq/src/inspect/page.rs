//! Pages of jobs, in the order of their ids. The texts are not sorted in Redis, so a page reads all texts of the states in
//! question, and keeps no more records than its window.

use std::ops::ControlFlow;

use jobs_core::{Error, Filter, IdRange, JobRecord, Page};
use jobs_redis::Nearest;

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
            if range.contains(id) {
                nearest.add(filter, id, || found.record(names, now));
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
