//! The capability to read what is stored. There is no index by id in Sidekiq's keys: finding a job means reading them all.

mod figures;
mod location;
mod page;
mod ruby_processes;
mod scan;

use std::ops::ControlFlow;

use jobs_core::{
    Counts, Error, Filter, Inspect, JobId, JobRecord, JobStats, Page, ProcessRecord, QueueRecord, State, StoreFuture,
};
use jobs_redis::OldestClaims;
pub(crate) use location::{Found, Location};
pub(crate) use ruby_processes::RubyProcess;

use crate::SidekiqStore;
use crate::payload::jid_of;

impl Inspect for SidekiqStore {
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
            let mut processes = self.with_oldest_claims(self.figures().await?.processes()).await?;
            self.orders().show_in(&mut processes).await?;
            processes.extend(self.ruby_processes().await?.into_iter().map(|ruby| ruby.record));
            Ok(processes)
        })
    }

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        Box::pin(self.read_stats())
    }
}

impl SidekiqStore {
    /// The processes with the times of their first claims, which lie in the texts of their jobs.
    async fn with_oldest_claims(&self, processes: Vec<ProcessRecord>) -> Result<Vec<ProcessRecord>, Error> {
        let mut oldest = OldestClaims::default();
        self.scan(Some(State::Claimed), |found| {
            if let Location::Claimed { process, since, .. } = found.location {
                oldest.add(process, since);
            }
            ControlFlow::Continue(())
        })
        .await?;
        Ok(processes.into_iter().map(|process| oldest.complete(process)).collect())
    }

    async fn find_record(&self, id: JobId) -> Result<Option<JobRecord>, Error> {
        let jid = jid_of(id);
        // Most texts need not be parsed to see that they are others.
        let quick = self.find_where(|found| found.mentions(&jid) && found.is(id, &jid)).await?;
        let found = match quick {
            None => self.find_where(|found| found.is(id, &jid)).await?,
            quick => quick,
        };
        let Some(found) = found else { return Ok(None) };
        let mut record = found.record(self.options.names, self.clock.now());
        let counts = self.crashes_of(vec![jid]).await?;
        record.crashes = counts.into_values().next().unwrap_or(0);
        Ok(Some(record))
    }

    async fn find_where(&self, is_meant: impl Fn(&Found) -> bool + Send + Sync) -> Result<Option<Found>, Error> {
        let mut found = None;
        self.scan(None, |one| {
            if !is_meant(&one) {
                return ControlFlow::Continue(());
            }
            found = Some(one);
            ControlFlow::Break(())
        })
        .await?;
        Ok(found)
    }
}
