//! `perform_now`: performs a job here and at once, with callbacks and rules.

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::{Pin, pin};
use std::sync::Arc;

use jobs_core::{
    Context, Error, Execution, Failure, Job, NeverCancelled, Outcome, Timeout, arguments_of, check_queue_name, perform,
};

use crate::Client;
use crate::client::shared::Shared;
use crate::enqueue::options::EnqueueOptions;
use crate::observe::job_span::in_span;
use crate::observe::log;
use crate::perform::retry_storage::RetryStorage;
use crate::perform::run_once::{Attempt, FailedRun, Run, with_propagated};
use crate::perform::run_watch::RunWatch;

/// A job about to be performed here. Nothing happens until it is awaited.
#[derive(Debug)]
#[must_use = "a job is performed only when this is awaited"]
pub struct PerformNow<J: Job> {
    job: J,
    options: EnqueueOptions,
    on: Option<Client>,
}

/// Why `perform_now` of the job `J` has no value to return.
#[non_exhaustive]
pub enum PerformError<J: Job> {
    /// The job's own error. Its rules have been applied: a matching `retry_on` has stored a retry.
    Job(J::Error),
    /// A callback stopped the job on purpose.
    Halted,
    /// A panic, a timeout, or a value that is not provided. Its rules have been applied.
    Failed(Failure),
    /// The job could not be prepared, or the retry that its rules decided on could not be stored.
    Store(Error),
}

impl<J: Job> fmt::Debug for PerformError<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Job(error) => f.debug_tuple("Job").field(error).finish(),
            Self::Halted => f.write_str("Halted"),
            Self::Failed(failure) => f.debug_tuple("Failed").field(failure).finish(),
            Self::Store(error) => f.debug_tuple("Store").field(error).finish(),
        }
    }
}

impl<J: Job> fmt::Display for PerformError<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Job(error) => error.fmt(f),
            Self::Halted => f.write_str("a callback stopped the job"),
            Self::Failed(failure) => failure.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl<J: Job> StdError for PerformError<J> {
    /// The cause of what the message says, which is that of the error within.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Job(error) => J::cause(error).and_then(StdError::source),
            Self::Halted => None,
            Self::Failed(failure) => failure.layers().nth(1),
            Self::Store(error) => error.source(),
        }
    }
}

type PerformResult<J> = (Outcome, Result<<J as Job>::Output, PerformError<J>>);

impl<J: Job> PerformNow<J> {
    /// This job.
    pub fn new(job: J) -> Self {
        Self { job, options: EnqueueOptions::default(), on: None }
    }

    /// As if it had come from another queue: the job sees it, and a retry goes there.
    pub fn queue(mut self, queue: impl Into<String>) -> Self {
        self.options.queue = Some(queue.into());
        self
    }

    /// With another priority, which the job sees and a retry keeps.
    pub fn priority(mut self, priority: i32) -> Self {
        self.options.priority = Some(priority);
        self
    }

    /// With this client instead of the ambient one: its values are provided, and retries go there.
    pub fn on(mut self, jobs: &Client) -> Self {
        self.on = Some(jobs.clone());
        self
    }

    /// Performs the job and returns what its rules decided, instead of its value.
    ///
    /// If the future is dropped, the job is dropped at its current await; no rule is applied then.
    ///
    /// # Errors
    /// There is no current client, or a retry could not be stored.
    pub async fn outcome(self) -> Result<Outcome, Error> {
        let (outcome, result) = self.run().await?;
        match result {
            Err(PerformError::Store(error)) => Err(error),
            _ => Ok(outcome),
        }
    }

    async fn value(self) -> Result<J::Output, PerformError<J>> {
        match self.run().await {
            Ok((_, result)) => result,
            Err(error) => Err(PerformError::Store(error)),
        }
    }

    async fn run(self) -> Result<PerformResult<J>, Error> {
        let jobs = self.on.map_or_else(Client::current, Ok)?;
        let shared = &*jobs.shared;
        let context = context_of(shared, &self.job, self.options)?;
        let span = log::span(J::SETTINGS.name, context.execution());
        // Boxed, because it is held more than once on its way: the future of the caller would be large.
        let run = pin!(in_span(span, Box::pin(run_job(shared, &context, self.job))));
        // The failure callbacks have the client too.
        Ok(jobs.scope(with_propagated(shared, &context, run)).await)
    }
}

async fn run_job<J: Job>(shared: &Shared, context: &Context, job: J) -> PerformResult<J> {
    let (policy, watch) = (shared.policy_of::<J>(), RunWatch::own(J::SETTINGS.timeout));
    let attempt = Attempt { shared, context, policy: &policy, watch, retries: RetryStorage::NewJob };
    match attempt.run(Box::pin(perform(job, context, &policy))).await {
        Run::Done(value) => (Outcome::Finished, Ok(value)),
        Run::Halted => (Outcome::Halted, Err(PerformError::Halted)),
        Run::Snoozed(value, _) => {
            let wait = context.snoozed_for().unwrap_or_default();
            (Outcome::Snoozed { wait }, value.ok_or(PerformError::Halted))
        }
        Run::NotSnoozed(error) => (Outcome::Failed, Err(PerformError::Store(error))),
        Run::Failed(run) => {
            let FailedRun { failure, decided, unstored } = *run;
            let error = match unstored {
                None => failure.downcast().map_or_else(PerformError::Failed, PerformError::Job),
                Some(error) => PerformError::Store(not_retried(context, &failure, error)),
            };
            (decided.outcome, Err(error))
        }
    }
}

fn not_retried(context: &Context, failure: &Failure, error: Error) -> Error {
    let name = context.name();
    let message = format!("the retry of `{name}` could not be stored: {error} (it had failed: {failure})");
    error.context(message)
}

fn context_of<J: Job>(shared: &Shared, job: &J, options: EnqueueOptions) -> Result<Context, Error> {
    let mut execution = Execution::unclaimed(shared.next_id(), J::SETTINGS.name.to_owned(), arguments_of(job)?);
    execution.queue = shared.naming.stored(&options.queue.map_or_else(|| job.queue_name(), Into::into));
    // A retry may go there.
    check_queue_name(&execution.queue)?;
    execution.priority = options.priority.unwrap_or_else(|| job.priority_or(shared.default_priority));
    execution.version = J::SETTINGS.version;
    execution.meta = shared.captures.meta()?;
    execution.enqueued_at = shared.clock.now();
    execution.due_at = execution.enqueued_at;
    // It begins now. A retry of it may come too late.
    execution.expires_at = J::SETTINGS.expires_in.map(|time| execution.due_at + time);
    let deadline = J::SETTINGS.timeout.and_then(Timeout::limit).map(|limit| shared.clock.now() + limit);
    Ok(Context::new(execution, Arc::clone(&shared.provided), Arc::new(NeverCancelled)).until(deadline))
}

impl<J: Job> IntoFuture for PerformNow<J> {
    type Output = Result<J::Output, PerformError<J>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.value())
    }
}
