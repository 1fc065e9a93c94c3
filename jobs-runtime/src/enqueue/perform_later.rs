//! `perform_later`: a builder that enqueues one job when it is awaited.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use jobs_core::transaction::{lend, within_blocking};
use jobs_core::{
    BlockingTransaction, Due, Enqueued, Error, Expires, Job, JobId, Timestamp, Transaction, UniqueUntil, arguments_of,
};

use crate::Client;
use crate::enqueue::blocking_bridge::BlockingBridge;
use crate::enqueue::destination::Destination;
use crate::enqueue::options::EnqueueOptions;

/// A job about to be enqueued. Nothing happens until it is awaited.
#[derive(Debug)]
#[must_use = "a job is enqueued only when this is awaited"]
pub struct PerformLater<J: Job> {
    job: J,
    options: EnqueueOptions,
    on: Option<Client>,
}

impl<J: Job> PerformLater<J> {
    /// The job as its definition says: at once, on its own queue, with its own priority.
    pub fn new(job: J) -> Self {
        Self { job, options: EnqueueOptions::default(), on: None }
    }

    /// Not before this long from now, by the store's clock.
    pub fn wait(mut self, wait: Duration) -> Self {
        self.options.due = Due::In(wait);
        self
    }

    /// Not before this point in time. A past one means at once.
    pub fn wait_until(mut self, at: impl Into<Timestamp>) -> Self {
        self.options.due = Due::At(at.into());
        self
    }

    /// Discards the job if no attempt of it has begun this long after it was first due, in place of the time of its
    /// definition: such a job is not worth running any more. A retry that would be due later is not made.
    ///
    /// The process that would run the job decides, by its clock. The job is discarded with the error
    /// [`Expired`](jobs_core::Expired), and its `after_discard` functions are called.
    pub fn expires_in(mut self, time: Duration) -> Self {
        self.options.expires = Some(Expires::In(time));
        self
    }

    /// As [`expires_in`](Self::expires_in), at a point in time.
    pub fn expires_at(mut self, at: impl Into<Timestamp>) -> Self {
        self.options.expires = Some(Expires::At(at.into()));
        self
    }

    /// On another queue.
    pub fn queue(mut self, queue: impl Into<String>) -> Self {
        self.options.queue = Some(queue.into());
        self
    }

    /// With another priority; higher numbers run first.
    pub fn priority(mut self, priority: i32) -> Self {
        self.options.priority = Some(priority);
        self
    }

    /// Prevents other jobs of its type with this key, in place of the key of its definition.
    ///
    /// A job that does not say for how long is unique until it is done.
    pub fn unique_by(mut self, key: impl Into<String>) -> Self {
        self.options.unique_by = Some(key.into());
        self
    }

    /// Prevents equal jobs until this event, in place of the one of its definition.
    ///
    /// A job that does not say by which arguments is unique by all of them.
    pub fn unique_until(mut self, until: UniqueUntil) -> Self {
        self.options.unique_until = Some(until);
        self
    }

    /// Prevents equal jobs for at most this long from now, by the store's clock. A duration of zero prevents none.
    ///
    /// A job that does not say by which arguments is unique by all of them. Without an event until which it is
    /// unique, it prevents equal jobs for the whole duration, however it ends.
    pub fn unique_for(mut self, time: Duration) -> Self {
        self.options.unique_for = Some(time);
        self
    }

    /// Through this client instead of the ambient one.
    pub fn on(mut self, jobs: &Client) -> Self {
        self.on = Some(jobs.clone());
        self
    }

    /// Under this id instead of a new one, so that an enqueue with an unknown result can be repeated: if the store has a
    /// job with this id already, that job is left as it is.
    pub fn id(mut self, id: JobId) -> Self {
        self.options.id = Some(id);
        self
    }

    /// Stores the job in a transaction on the store's own database: it exists if and only if that commits, and no worker
    /// sees it before. Called last, and awaited.
    ///
    /// Everything else is as without a transaction: options, callbacks, the queue's prefix, propagated values, limits.
    /// Only the event is another one, [`EnqueuedWithin`](jobs_core::Event::EnqueuedWithin), since it is not known here
    /// whether the transaction commits. An after enqueue callback runs before the commit.
    ///
    /// If it is not known whether a commit went through, as when the connection broke at that moment, do all of it once
    /// more with [`id`](Self::id) set to the id that was given.
    ///
    /// Not cancel safe: if the future is dropped, the transaction is to be rolled back.
    ///
    /// # Errors
    /// As [`Client::enqueue`]; also if the client's store is not in the transaction's database. Roll the transaction back
    /// then: the job may be in it.
    pub async fn within<D>(self, transaction: &mut impl Transaction<D>) -> Result<Enqueued, Error> {
        let mut lent = lend(transaction);
        self.send(Destination::Transaction(&mut lent)).await
    }

    /// As [`within`](Self::within), in a transaction whose driver blocks, such as `rusqlite`. Works in
    /// async functions too, as long as the transaction ends before the next `.await`.
    ///
    /// # Errors
    /// As there; also if a callback around the enqueue does not return at once but waits for something.
    pub fn within_blocking<D>(self, transaction: &impl BlockingTransaction<D>) -> Result<Enqueued, Error> {
        let jobs = self.handle()?;
        let within = within_blocking(&**jobs.store())?;
        let bridge = BlockingBridge::default();
        let sending = self.send(Destination::Blocking(&bridge));
        bridge.run(sending, |new| within.enqueue(transaction.connection(), new))
    }

    pub(crate) fn into_parts(self) -> (J, EnqueueOptions) {
        (self.job, self.options)
    }

    fn handle(&self) -> Result<Client, Error> {
        self.on.clone().map_or_else(Client::current, Ok)
    }

    async fn send(self, destination: Destination<'_>) -> Result<Enqueued, Error> {
        self.handle()?.enqueue_to(&self.job, self.options, destination).await
    }
}

/// Methods of every job that is a value.
pub trait JobExt: Job {
    /// The same as the `perform_later` that the macro writes, for a value of the job.
    fn enqueue(self) -> PerformLater<Self> {
        PerformLater::new(self)
    }

    /// The arguments as they are stored: JSON text.
    ///
    /// # Errors
    /// A value cannot be written as JSON, as a map with keys that are not strings.
    fn arguments(&self) -> Result<String, Error> {
        arguments_of(self)
    }
}

impl<J: Job> JobExt for J {}

impl<J: Job> IntoFuture for PerformLater<J> {
    type Output = Result<Enqueued, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send(Destination::Store))
    }
}
