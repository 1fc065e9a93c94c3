//! The capability to ask processes to be quiet, to stop, or to cancel a job: those of ours by keys of ours, those of Ruby by the
//! signals that Sidekiq's page sends.

use std::ops::ControlFlow;

use jobs_core::{Error, JobId, ProcessId, ProcessOrder, ProcessOrders, ProcessStatus, State, StoreFuture};
use jobs_redis::Orders;

use crate::SidekiqStore;
use crate::inspect::{Location, RubyProcess};
use crate::keys::CLAIMED;
use crate::payload::jid_of;

/// How long a signal waits for its process, in seconds, as Sidekiq's page says.
const SIGNAL_EXPIRES: u64 = 60;

impl ProcessOrders for SidekiqStore {
    fn order(&self, process: ProcessId, order: ProcessOrder) -> StoreFuture<'_, bool> {
        Box::pin(async move {
            match self.ruby_process(process).await? {
                Some(ruby) => self.signal(&ruby, order).await,
                None => self.orders().order(process, order).await,
            }
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

impl SidekiqStore {
    pub(crate) fn orders(&self) -> Orders<'_> {
        Orders::new(&self.link, self.options.namespace_prefix(), CLAIMED)
    }

    /// The process of ours that holds a job, and the field of its claim.
    async fn claim_of(&self, job: JobId) -> Result<Option<(ProcessId, String)>, Error> {
        let (mut claim_of, jid) = (None, jid_of(job));
        self.scan(Some(State::Claimed), |found| match &found.location {
            Location::Claimed { process, claim, .. } if found.is(job, &jid) => {
                claim_of = Some((*process, claim.clone()));
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        })
        .await?;
        Ok(claim_of)
    }

    async fn ruby_process(&self, process: ProcessId) -> Result<Option<RubyProcess>, Error> {
        Ok(self.ruby_processes().await?.into_iter().find(|ruby| ruby.record.process.id == process))
    }

    /// Sends a process of Ruby the signal, as Sidekiq's page does. Answers whether neither that nor a stop waits for it already.
    async fn signal(&self, ruby: &RubyProcess, order: ProcessOrder) -> Result<bool, Error> {
        if !ruby.record.takes_orders {
            return Err(Error::unsupported(format!(
                "`{}` runs inside of a program of Ruby, which alone can make it quiet or stop it",
                ruby.identity
            )));
        }
        let (key, doing) = (self.key(&format!("{}-signals", ruby.identity)), "signal a process of Ruby");
        let mut commands = redis::pipe();
        commands.cmd("LRANGE").arg(&key).arg(0).arg(-1);
        let (waiting,): (Vec<String>,) = self.link.commands(&commands, doing).await?;
        let (signal, status) = match order {
            ProcessOrder::Quiet => ("TSTP", ProcessStatus::Quiet),
            ProcessOrder::Stop => ("TERM", ProcessStatus::Stopped),
        };
        if ruby.record.process.phase >= status || waiting.iter().any(|sent| sent == signal || sent == "TERM") {
            return Ok(false);
        }
        let mut commands = redis::pipe();
        commands.atomic().cmd("LPUSH").arg(&key).arg(signal).cmd("EXPIRE").arg(&key).arg(SIGNAL_EXPIRES);
        self.link.commands::<()>(&commands, doing).await?;
        Ok(true)
    }
}
