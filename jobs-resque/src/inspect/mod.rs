//! The capability to read what is stored. There is no index by id in Resque's keys: finding a job means reading them all.

mod figures;
mod location;
mod ruby_workers;
mod scan;

use std::ops::ControlFlow;

use jobs_core::{
    Counts, Error, Filter, IdRange, Inspect, JobId, JobRecord, JobStats, Page, ProcessRecord, QueueRecord, State,
    StoreFuture,
};
use jobs_redis::{Nearest, OldestClaims};
pub(crate) use location::{Found, TextLocation};

use crate::ResqueStore;

impl Inspect for ResqueStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        Box::pin(self.find_record(id))
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        Box::pin(self.read_page(filter))
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        Box::pin(async move { Ok(self.figures().await?.counts()) })
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        Box::pin(async move { Ok(self.figures().await?.queues(self.clock.now())) })
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        Box::pin(async move {
            let mut processes = self.figures().await?.processes();
            self.orders().show_in(&mut processes).await?;
            processes.extend(self.ruby_workers().await?);
            self.with_oldest_claims(processes).await
        })
    }

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        Box::pin(self.read_stats())
    }
}

impl ResqueStore {
    /// The processes with the times of their first claims, which lie with the jobs that their workers perform.
    async fn with_oldest_claims(&self, processes: Vec<ProcessRecord>) -> Result<Vec<ProcessRecord>, Error> {
        let mut oldest = OldestClaims::default();
        self.scan(Some(State::Claimed), |found| {
            if let TextLocation::Claimed { process: Some(process), run_at: Some(since), .. } = found.location {
                oldest.add(process, since);
            }
            ControlFlow::Continue(())
        })
        .await?;
        Ok(processes.into_iter().map(|process| oldest.complete(process)).collect())
    }

    async fn find_record(&self, id: JobId) -> Result<Option<JobRecord>, Error> {
        let mut found = None;
        self.scan(None, |one| {
            if one.id() != id {
                return ControlFlow::Continue(());
            }
            found = Some(one);
            ControlFlow::Break(())
        })
        .await?;
        let Some(found) = found else { return Ok(None) };
        let mut records = [found.record(self.options.names, self.clock.now())];
        self.add_crashes(&mut records).await?;
        self.add_attempts_of_ruby(&mut records).await?;
        Ok(records.into_iter().next())
    }

    /// A page, in the order of ids. The texts are not sorted in Redis, so a page reads all texts of the states in question,
    /// and keeps no more records than its window.
    async fn read_page(&self, filter: &Filter) -> Result<Page, Error> {
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
        self.add_attempts_of_ruby(&mut page.jobs).await?;
        Ok(page)
    }

    async fn add_crashes(&self, jobs: &mut [JobRecord]) -> Result<(), Error> {
        let counts = self.crashes_of(jobs.iter().map(|job| job.id).collect()).await?;
        for job in jobs {
            job.crashes = counts.get(&job.id).copied().unwrap_or(0);
        }
        Ok(())
    }
}
