//! The capability to ask processes of ours to be quiet, to stop, or to cancel a job, by keys of ours. Workers of Ruby read no orders in
//! Redis: they take signals on their own machines.

use std::ops::ControlFlow;

use jobs_core::{Error, JobId, ProcessId, ProcessOrder, ProcessOrders, State, StoreFuture};
use jobs_redis::Orders;

use crate::ResqueStore;
use crate::inspect::TextLocation;
use crate::keys::CLAIMS;

impl ProcessOrders for ResqueStore {
    fn order(&self, process: ProcessId, order: ProcessOrder) -> StoreFuture<'_, bool> {
        Box::pin(async move {
            if let Some(ruby) = self.ruby_workers().await?.iter().find(|ruby| ruby.process.id == process) {
                return Err(Error::unsupported(format!(
                    "`{}` is a worker of Ruby, which takes no orders through Redis: send it QUIT on its machine, or pause its queues",
                    ruby.process.name
                )));
            }
            self.orders().order(process, order).await
        })
    }

    fn cancel(&self, job: JobId) -> StoreFuture<'_, Option<ProcessId>> {
        Box::pin(async move {
            let Some((process, claim)) = self.claim_of(job).await? else { return Ok(None) };
            Ok(self.orders().cancel(process, &claim, job).await?.then_some(process))
        })
    }

    fn cancelled(&self, process: ProcessId) -> StoreFuture<'_, Vec<JobId>> {
        Box::pin(async move { self.orders().cancelled(process).await })
    }
}

impl ResqueStore {
    pub(crate) fn orders(&self) -> Orders<'_> {
        Orders::new(&self.link, self.options.keys.prefix(), CLAIMS)
    }

    /// The process of ours that performs a job, and the number of its claim.
    ///
    /// # Errors
    /// Redis cannot be reached, or a worker of Ruby performs the job; the error [is unsupported](Error::is_unsupported) then.
    async fn claim_of(&self, job: JobId) -> Result<Option<(ProcessId, String)>, Error> {
        let (mut ours, mut is_of_ruby) = (None, false);
        self.scan(Some(State::Claimed), |found| {
            let TextLocation::Claimed { process, token, .. } = &found.location else {
                return ControlFlow::Continue(());
            };
            if found.id() == job {
                // Jobs of Ruby with the same text have one id, and both sides may perform one of them.
                ours = process.zip(token.clone());
                is_of_ruby |= ours.is_none();
            }
            if ours.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .await?;
        if ours.is_none() && is_of_ruby {
            return Err(Error::unsupported("a worker of Ruby performs the job, and cannot be asked to cancel it"));
        }
        Ok(ours)
    }
}
