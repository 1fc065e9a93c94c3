//! What a perform may ask.

mod cancellation;
mod completion;
mod propagated;

pub use cancellation::{Cancellation, NeverCancelled, Waiting};
pub use completion::{Completion, NOT_COMMITTED_CLASS};
pub use propagated::{Baggage, Carried, Unread};

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::failure::{DeserializeError, NotProvided};
use crate::{Execution, Job, JobId, Meta, Requirement, Timestamp};

/// The surroundings of one perform: which job, which attempt, until when, and what was provided.
#[derive(Debug)]
pub struct Context {
    execution: Execution,
    provided: Arc<Provided>,
    cancellation: Arc<dyn Cancellation>,
    deadline: Option<Timestamp>,
    /// Read from the execution when it is first asked for.
    baggage: OnceLock<Arc<Baggage>>,
    /// `None` where nothing is claimed.
    pub(crate) completion: Option<Completion>,
}

impl Context {
    /// Of an execution and its surroundings.
    pub fn new(execution: Execution, provided: Arc<Provided>, cancellation: Arc<dyn Cancellation>) -> Self {
        Self { execution, provided, cancellation, deadline: None, baggage: OnceLock::new(), completion: None }
    }

    /// The same with a point at which it will be stopped.
    pub fn until(mut self, deadline: Option<Timestamp>) -> Self {
        self.deadline = deadline;
        self
    }

    /// The same with a way to be completed before its end.
    pub fn completed_by(mut self, completion: Completion) -> Self {
        self.completion = Some(completion);
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

    /// When it will be stopped, if it has a timeout.
    pub const fn deadline(&self) -> Option<Timestamp> {
        self.deadline
    }

    /// Whether the process wants to stop, or somebody cancelled this job, or, in a `blocking` function, the job's time is
    /// over. A long job should then put itself in order and return.
    pub fn is_cancelled(&self) -> bool {
        self.cancellation.is_cancelled(self.id())
    }

    /// Waits until the process wants to stop, or somebody cancels this job.
    ///
    /// Cancel safe: dropping it loses nothing.
    pub async fn cancelled(&self) {
        self.cancellation.cancelled(self.id()).await;
    }

    /// The value of type `T` that was given with `provide`, if one was.
    pub fn find<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.provided.find()
    }

    /// The value of type `T` that was given with `provide`.
    ///
    /// # Panics
    /// Nothing provides a `T`. For what a job lists in [`REQUIRES`](Job::REQUIRES) that cannot be: the
    /// library checks the list before it calls perform.
    pub fn provided<T: Send + Sync + 'static>(&self) -> &T {
        let found = self.provided.find();
        found.expect("a type that the job requires was checked to be provided before it was performed")
    }

    /// The value of type `T` that was in force where the job was enqueued, if one was. One that cannot be read back is
    /// none, and an event.
    pub fn carried<T: Carried>(&self) -> Option<T> {
        self.baggage()?.find()
    }

    /// The W3C trace context of who enqueued the job.
    pub fn traceparent(&self) -> Option<&str> {
        self.baggage()?.traceparent()
    }

    /// All that was in force where the job was enqueued; `None` if nothing travels with it.
    pub fn baggage(&self) -> Option<&Arc<Baggage>> {
        let meta = self.execution.meta.as_deref()?;
        Some(self.baggage.get_or_init(|| Arc::new(Baggage::stored(meta))))
    }

    /// The tick of its recurring task that the job was enqueued for: the time by the schedule, also where the job is late. The
    /// same in every attempt; `None` if no schedule enqueued it.
    pub fn tick(&self) -> Option<Timestamp> {
        let meta = self.execution.meta.as_deref()?;
        Meta::parse(Some(meta)).ok()?.tick
    }

    /// The job as a value, read anew from its stored arguments.
    ///
    /// # Errors
    /// The arguments are not those of a `J`.
    pub fn job<J: Job>(&self) -> Result<J, DeserializeError> {
        crate::job::perform::decode(&self.execution)
    }

    /// The same for a function that runs on a thread of its own, as a `blocking` job does. It is cancelled, too, once what
    /// comes with it is dropped: nobody waits for the function any more.
    pub fn on_thread(&self) -> (Self, Waiting) {
        let (cancellation, waiting) = Waiting::or(self.cancellation.clone());
        let context = Self {
            execution: self.execution.to_read(),
            provided: self.provided.clone(),
            cancellation,
            deadline: self.deadline,
            baggage: self.baggage.clone(),
            completion: self.completion.clone(),
        };
        (context, waiting)
    }

    /// The execution that is performed.
    pub const fn execution(&self) -> &Execution {
        &self.execution
    }

    /// Gives the execution back, to settle it.
    pub fn into_execution(self) -> Execution {
        self.execution
    }

    pub(crate) fn missing(&self, required: &[Requirement]) -> Option<NotProvided> {
        required.iter().find_map(|one| self.provided.missing(one))
    }
}

/// Values by their type, lent to jobs.
#[derive(Clone, Default)]
pub struct Provided {
    values: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
    names: Vec<&'static str>,
}

impl Provided {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value; one of the same type that was there is replaced.
    pub fn insert<T: Send + Sync + 'static>(&mut self, value: T) {
        if self.values.insert(TypeId::of::<T>(), Arc::new(value)).is_none() {
            self.names.push(type_name::<T>());
        }
    }

    /// The value of type `T`.
    pub fn find<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.values.get(&TypeId::of::<T>()).and_then(|value| value.downcast_ref())
    }

    /// `Some` if nothing of the required type is there.
    pub fn missing(&self, required: &Requirement) -> Option<NotProvided> {
        let there = self.values.contains_key(&required.id());
        (!there).then(|| NotProvided { missing: required.name() })
    }
}

impl fmt::Debug for Provided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.names).finish()
    }
}
