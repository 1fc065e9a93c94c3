//! `perform_now`: here and at once, with callbacks and rules.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::{Pin, pin};
use std::sync::Arc;

use jobs_core::{
    ClaimToken, Context, Decision, Due, Error, Event, Execution, Failure, Job, NeverCancelled, NewJob, Outcome,
    Performed, ProcessId, arguments_of, check_queue_name, perform,
};
use tokio::time::Instant;
use tracing::Instrument;

use crate::attempt::guarded;
use crate::judge::judge;
use crate::{Jobs, Options, ambient, carrying, log};

/// A job about to be performed here. Nothing happens until it is awaited.
#[derive(Debug)]
#[must_use = "a job is performed only when this is awaited"]
pub struct PerformNow<J: Job> {
    job: J,
    options: Options,
    on: Option<Jobs>,
}

/// Why `perform_now` has no value to give.
#[derive(Debug)]
#[non_exhaustive]
pub enum PerformError<E> {
    /// The job's own error. Its rules have been applied: a matching `retry_on` has stored a retry.
    Job(E),
    /// A callback stopped the job on purpose.
    Halted,
    /// A panic, a timeout, or something that is not provided. Its rules have been applied.
    Failed(Failure),
    /// The job could not be prepared, or the retry that its rules asked for could not be stored.
    Store(Error),
}

impl<E: fmt::Display> fmt::Display for PerformError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Job(error) => error.fmt(f),
            Self::Halted => f.write_str("a callback stopped the job"),
            Self::Failed(failure) => failure.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for PerformError<E> {}

impl<J: Job> PerformNow<J> {
    /// This job.
    pub fn new(job: J) -> Self {
        Self { job, options: Options::default(), on: None }
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

    /// With this handle instead of the ambient one: what it provides is lent, and retries go there.
    pub fn on(mut self, jobs: &Jobs) -> Self {
        self.on = Some(jobs.clone());
        self
    }

    /// Performs the job and tells what its rules made of it, instead of its value.
    ///
    /// Dropping it drops the job at its present await; no rule is applied then.
    ///
    /// # Errors
    /// No handle is in force, or a retry could not be stored.
    pub async fn outcome(self) -> Result<Outcome, Error> {
        let (outcome, result) = self.run().await?;
        match result {
            Err(PerformError::Store(error)) => Err(error),
            _ => Ok(outcome),
        }
    }

    async fn value(self) -> Result<J::Output, PerformError<J::Error>> {
        match self.run().await {
            Ok((_, result)) => result,
            Err(error) => Err(PerformError::Store(error)),
        }
    }

    async fn run(self) -> Result<(Outcome, Result<J::Output, PerformError<J::Error>>), Error> {
        let jobs = self.on.map_or_else(ambient::current, Ok)?;
        let context = context_of(&jobs, &self.job, self.options)?;
        let span = log::span(J::SETTINGS.name, context.execution());
        let performed = pin!(performed(&jobs, &context, self.job).instrument(span));
        // The functions that are told of a failure have the handle too.
        Ok(jobs.scope(carrying::performing(&jobs.shared, &context, performed)).await)
    }
}

/// Performs the job, judges a failure, and stores the retry if one was decided.
async fn performed<J: Job>(
    jobs: &Jobs,
    context: &Context,
    job: J,
) -> (Outcome, Result<J::Output, PerformError<J::Error>>) {
    let shared = &jobs.shared;
    let (policy, started) = (shared.policy_of::<J>(), Instant::now());
    let seen = || shared.reference(context.execution());
    shared.events.emit(|| Event::PerformStarted(seen()));
    let body = Box::pin(perform(job, context, &policy));
    match guarded(body, J::SETTINGS.timeout).await {
        Ok(Performed::Done(value)) => {
            shared.events.emit(|| Event::Performed(seen(), started.elapsed()));
            (Outcome::Finished, Ok(value))
        }
        Ok(Performed::Halted) => {
            shared.events.emit(|| Event::PerformHalted(seen()));
            (Outcome::Halted, Err(PerformError::Halted))
        }
        Err(failure) => {
            let mut judged = judge(shared, context, &policy, &failure, started.elapsed()).await;
            let unstored = retry(jobs, context, &judged.ruling.decision).await.err();
            if let Some(error) = &unstored {
                judged.is_not_retried(context, format!("its retry could not be stored: {error}"));
            }
            let outcome = judged.close(shared, context, &policy, &failure).await.outcome;
            let result = match unstored {
                None => failure.downcast().map_or_else(PerformError::Failed, PerformError::Job),
                Some(error) => PerformError::Store(not_retried(context, &failure, error)),
            };
            (outcome, Err(result))
        }
    }
}

fn not_retried(context: &Context, failure: &Failure, error: Error) -> Error {
    let words = format!("the retry of `{}` could not be stored: {error} (it had failed: {failure})", context.name());
    error.in_words(words)
}

fn context_of<J: Job>(jobs: &Jobs, job: &J, options: Options) -> Result<Context, Error> {
    let shared = &jobs.shared;
    let id = shared.ids.next(&*shared.clock, &*shared.entropy);
    let token = ClaimToken::new(id, ProcessId::new(0), 0);
    let mut execution = Execution::new(token, J::SETTINGS.name.to_owned(), arguments_of(job)?);
    execution.queue = shared.naming.stored(&options.queue.map_or_else(|| job.queue_name(), Into::into));
    // A retry may go there.
    check_queue_name(&execution.queue)?;
    execution.priority = options.priority.unwrap_or_else(|| job.priority());
    execution.version = J::SETTINGS.version;
    execution.meta = shared.captures.meta()?;
    execution.enqueued_at = shared.clock.now();
    execution.due_at = execution.enqueued_at;
    let deadline = J::SETTINGS.timeout.map(|limit| shared.clock.now().after(limit));
    Ok(Context::new(execution, Arc::clone(&shared.provided), Arc::new(NeverCancelled)).until(deadline))
}

/// Stores the retry if one was decided; there is no claimed row to settle.
async fn retry(jobs: &Jobs, context: &Context, decision: &Decision) -> Result<(), Error> {
    let Decision::Retry { wait, queue, priority, meta, .. } = decision else { return Ok(()) };
    let execution = context.execution();
    let mut new = NewJob::new(execution.id(), execution.name.clone(), execution.arguments.clone());
    new.queue = queue.as_ref().map_or_else(|| execution.queue.clone(), |queue| jobs.shared.naming.stored(queue));
    new.priority = priority.unwrap_or(execution.priority);
    new.version = execution.version;
    new.due = Due::In(*wait);
    new.meta.clone_from(meta);
    let _stored = jobs.shared.store.enqueue(&[new]).await?;
    Ok(())
}

impl<J: Job> IntoFuture for PerformNow<J> {
    type Output = Result<J::Output, PerformError<J::Error>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.value())
    }
}
