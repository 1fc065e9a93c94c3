//! What a job can read and do while it is performed.

mod cancellation;
mod completion;
mod perform_state;
mod propagated;
mod provided;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub use cancellation::{Cancellation, NeverCancelled, Waiting};
pub use completion::{Completion, NOT_COMMITTED_CLASS};
pub use propagated::{Propagated, PropagatedValues, PropagationError};
pub use provided::{Provided, Requirement};

use self::perform_state::PerformState;
use crate::{BlockingTransaction, Error, Execution, JobId, LONGEST_WAIT, Meta, NotProvided, Timestamp, Transaction};

/// The environment of one perform: which job, which attempt, its deadline, and the provided values.
#[derive(Debug)]
pub struct Context {
    execution: Execution,
    provided: Arc<Provided>,
    cancellation: Arc<dyn Cancellation>,
    deadline: Option<Timestamp>,
    /// Read from the execution at the first access.
    propagated: OnceLock<Arc<PropagatedValues>>,
    /// `None` if no job was claimed, as with `perform_now`.
    completion: Option<Completion>,
    state: PerformState,
}

impl Context {
    /// Of an execution and its environment.
    pub fn new(execution: Execution, provided: Arc<Provided>, cancellation: Arc<dyn Cancellation>) -> Self {
        Self {
            execution,
            provided,
            cancellation,
            deadline: None,
            propagated: OnceLock::new(),
            completion: None,
            state: PerformState::default(),
        }
    }

    /// The same with a time at which the perform will be stopped.
    pub fn until(mut self, deadline: Option<Timestamp>) -> Self {
        self.deadline = deadline;
        self
    }

    /// The same with a way to complete the job before the perform ends.
    pub fn completed_by(mut self, completion: Completion) -> Self {
        self.completion = Some(completion);
        self
    }

    /// The same with the values that `fill` adds to those that came with the job.
    pub fn with_propagated(mut self, fill: impl FnOnce(&mut PropagatedValues)) -> Self {
        let mut values = self.baggage().map(|values| PropagatedValues::clone(values)).unwrap_or_default();
        fill(&mut values);
        if !values.is_empty() {
            self.propagated = Arc::new(values).into();
        }
        self
    }

    /// The job's identity, the same in every attempt. Good as an idempotency key.
    pub const fn id(&self) -> JobId {
        self.execution.token.job
    }

    /// Which attempt this is, from 1.
    pub const fn attempt(&self) -> u32 {
        self.execution.attempt
    }

    /// The queue it was taken from.
    pub fn queue(&self) -> &str {
        &self.execution.queue
    }

    /// Its priority.
    pub const fn priority(&self) -> i32 {
        self.execution.priority
    }

    /// The name it was stored under.
    pub fn name(&self) -> &str {
        &self.execution.name
    }

    /// When it was enqueued, by the store's clock.
    pub const fn enqueued_at(&self) -> Timestamp {
        self.execution.enqueued_at
    }

    /// When this attempt was due, by the store's clock.
    pub const fn due_at(&self) -> Timestamp {
        self.execution.due_at
    }

    /// When the job expires, if it does: an attempt that has not begun by then is discarded.
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.execution.expires_at
    }

    /// When it will be stopped, if it has a timeout.
    pub const fn deadline(&self) -> Option<Timestamp> {
        self.deadline
    }

    /// Whether cancellation was requested: the process is shutting down, this job was cancelled, or, in a `blocking`
    /// function, the job's time is over. A long job should then clean up and return.
    pub fn is_cancelled(&self) -> bool {
        self.cancellation.is_cancelled(self.id())
    }

    /// Waits until the process shuts down or this job is cancelled.
    ///
    /// Cancel safe: dropping it loses nothing.
    pub async fn cancelled(&self) {
        self.cancellation.cancelled(self.id()).await;
    }

    /// The value of type `T` that was given with `provide`, if there is one.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.provided.get()
    }

    /// The value of type `T` that was given with `provide`.
    ///
    /// # Panics
    /// No `T` was provided. This cannot happen for types that a job lists in [`REQUIRES`](crate::Job::REQUIRES): the
    /// library checks the list before it calls perform.
    pub fn provided<T: Send + Sync + 'static>(&self) -> &T {
        let found = self.provided.get();
        found.expect("a type that the job requires was checked to be provided before it was performed")
    }

    /// The propagated value of type `T` that was set where the job was enqueued; if there was none, the one that the
    /// function of `propagate` returns in this process. A value that cannot be read back counts as missing, and causes an
    /// event.
    pub fn propagated<T: Propagated>(&self) -> Option<T> {
        self.baggage()?.get()
    }

    /// The W3C trace context of the code that enqueued the job.
    pub fn traceparent(&self) -> Option<&str> {
        self.baggage()?.traceparent()
    }

    /// All values that were propagated from where the job was enqueued; `None` if there are none.
    pub fn baggage(&self) -> Option<&Arc<PropagatedValues>> {
        if let Some(values) = self.propagated.get() {
            return Some(values);
        }
        let meta = self.execution.meta.as_deref()?;
        Some(self.propagated.get_or_init(|| Arc::new(PropagatedValues::stored(meta))))
    }

    /// The tick of its recurring task that the job was enqueued for: the time by the schedule, even if the job is late.
    /// The same in every attempt; `None` if no schedule enqueued it.
    pub fn tick(&self) -> Option<Timestamp> {
        let meta = self.execution.meta.as_deref()?;
        Meta::parse(Some(meta)).ok()?.tick
    }

    /// Says which step the job is at, as `charge the card`. If the job runs for unusually long, the report names the step,
    /// and so does the error of a time-out. The next step replaces it. It is kept in memory only, cut after a kilobyte.
    pub fn set_step(&self, step: impl Into<Cow<'static, str>>) {
        self.state.set_step(step.into());
    }

    /// The step that the job said last that it is at.
    pub fn step(&self) -> Option<String> {
        self.state.step()
    }

    /// Puts the job off: once its function has returned `Ok`, the job is scheduled again, due after `wait`, and this run
    /// counts no attempt. What the function returned is not used. If it fails instead, the rules of the job apply and
    /// nothing is put off. The last call counts.
    ///
    /// After perform callbacks run as always, since the function returned; [`is_snoozed`](Self::is_snoozed) tells them. A
    /// job that was completed in a transaction, or that was cancelled, is not put off. There is no limit: see [`snoozes`](Self::snoozes), and let
    /// the job expire if it must not wait for ever.
    ///
    /// With `perform_now` the job is enqueued, due after `wait`. With `inline:`, which stores nothing, the job fails.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use jobs_core::Context;
    ///
    /// async fn import(is_there: bool, context: &Context) -> Result<(), std::io::Error> {
    ///     if !is_there {
    ///         context.snooze(Duration::from_secs(30));
    ///         return Ok(());
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn snooze(&self, wait: Duration) {
        self.state.set_snooze(wait.min(LONGEST_WAIT));
    }

    /// Whether the job was put off in this run, with [`snooze`](Self::snooze).
    pub fn is_snoozed(&self) -> bool {
        self.snoozed_for().is_some()
    }

    /// For how long the job was put off in this run.
    pub fn snoozed_for(&self) -> Option<Duration> {
        self.state.snooze()
    }

    /// How often the job was put off in earlier runs.
    pub fn snoozes(&self) -> u32 {
        self.execution.meta().map_or(0, |meta| meta.snoozes)
    }

    /// Completes this job in the job's own transaction on the store's database: what the job wrote there and the end of
    /// the job are committed together, so the job takes effect exactly once.
    ///
    /// After that, commit and return `Ok`. If the commit fails or is not made, the job runs again: return the error, and
    /// the job's rules apply; return `Ok` anyway, and it is tried again later. After perform callbacks still run, and an
    /// error of theirs changes nothing any more. A transaction may be retried with another call.
    ///
    /// If no job was claimed, as with `perform_now` and `inline:`, there is nothing to complete and this does nothing.
    ///
    /// Not cancel safe: if it is dropped, roll the transaction back.
    ///
    /// # Errors
    /// [Conflict](Error::is_conflict): this process no longer holds the job, because it was considered dead and another
    /// process took the job over, or because the job was completed before. [Invalid](Error::is_invalid): the transaction
    /// is on another database than the store. [Unsupported](Error::is_unsupported): the store takes part in no
    /// transaction of that kind. Others are the database's. Roll the transaction back in each case.
    pub async fn complete_within<D>(&self, transaction: &mut impl Transaction<D>) -> Result<(), Error> {
        match &self.completion {
            Some(completion) => completion.complete(&self.execution, transaction).await,
            None => Ok(()),
        }
    }

    /// As [`complete_within`](Self::complete_within), with a transaction whose driver is synchronous.
    ///
    /// # Errors
    /// As there.
    pub fn complete_within_blocking<D>(&self, transaction: &impl BlockingTransaction<D>) -> Result<(), Error> {
        match &self.completion {
            Some(completion) => completion.complete_blocking(&self.execution, transaction),
            None => Ok(()),
        }
    }

    /// Whether the job was completed in a transaction. It is not known whether that transaction was committed.
    pub fn is_completed(&self) -> bool {
        self.completion.as_ref().is_some_and(Completion::is_done)
    }

    /// A copy for a function that runs on its own thread, as a `blocking` job does. The copy is also cancelled once the
    /// returned guard is dropped: then no caller waits for the function any more.
    pub fn on_thread(&self) -> (Self, Waiting) {
        let (cancellation, waiting) = Waiting::or(self.cancellation.clone());
        let context = Self {
            execution: self.execution.copy_for_reading(),
            provided: self.provided.clone(),
            cancellation,
            deadline: self.deadline,
            propagated: self.propagated.clone(),
            completion: self.completion.clone(),
            state: self.state.share(),
        };
        (context, waiting)
    }

    /// The execution that is performed.
    pub const fn execution(&self) -> &Execution {
        &self.execution
    }

    /// Returns the execution, to settle it.
    pub fn into_execution(self) -> Execution {
        self.execution
    }

    pub(crate) fn missing(&self, required: &[Requirement]) -> Option<NotProvided> {
        required.iter().find_map(|one| self.provided.missing(one))
    }
}
