//! `perform_later`: a builder that is awaited.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use jobs_core::{Due, Enqueued, Error, Job, JobId, Timestamp, Until, arguments_of};

use crate::client::ambient;
use crate::enqueue::destination::Destination;
use crate::{Jobs, Options};

/// A job about to be enqueued. Nothing happens until it is awaited.
#[derive(Debug)]
#[must_use = "a job is enqueued only when this is awaited"]
pub struct PerformLater<J: Job> {
    job: J,
    options: Options,
    on: Option<Jobs>,
}

impl<J: Job> PerformLater<J> {
    /// The job as its definition says: at once, on its own queue, with its own priority.
    pub fn new(job: J) -> Self {
        Self { job, options: Options::default(), on: None }
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

    /// Keeps out others of its type with this key, in place of what its definition says jobs are the same by.
    ///
    /// A job that does not say for how long is unique until it is done.
    pub fn unique_by(mut self, key: impl Into<String>) -> Self {
        self.options.unique_by = Some(key.into());
        self
    }

    /// Keeps out others like it until this, in place of what its definition says.
    ///
    /// A job that does not say by which arguments is unique by all of them.
    pub fn unique_until(mut self, until: Until) -> Self {
        self.options.unique_until = Some(until);
        self
    }

    /// Keeps out others like it for at most this long from now, by the store's clock; for nothing, nobody.
    ///
    /// A job that does not say by which arguments is unique by all of them, and without an event until which it is
    /// unique it keeps others out for all of this time, whatever becomes of it.
    pub fn unique_for(mut self, time: Duration) -> Self {
        self.options.unique_for = Some(time);
        self
    }

    /// Through this handle instead of the ambient one.
    pub fn on(mut self, jobs: &Jobs) -> Self {
        self.on = Some(jobs.clone());
        self
    }

    /// Under this id instead of a new one, so that an enqueue of which it is not known whether it happened can be
    /// repeated: a job that the store holds under this id already is left as it is.
    pub fn id(mut self, id: JobId) -> Self {
        self.options.id = Some(id);
        self
    }

    pub(crate) fn into_parts(self) -> (J, Options) {
        (self.job, self.options)
    }

    /// The handle that it goes through.
    pub(crate) fn handle(&self) -> Result<Jobs, Error> {
        self.on.clone().map_or_else(ambient::current, Ok)
    }

    pub(crate) async fn send(self, destination: Destination<'_>) -> Result<Enqueued, Error> {
        self.handle()?.enqueue_to(&self.job, self.options, destination).await
    }
}

/// Comforts of a job that is a value.
pub trait JobExt: Job {
    /// The same as the `perform_later` that the macro writes, for a job that is there already.
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
