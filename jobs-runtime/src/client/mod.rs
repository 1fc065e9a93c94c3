//! The handle one enqueues with.

pub(crate) mod ambient;
pub(crate) mod control;

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use jobs_core::callback::Moment;
use jobs_core::{
    Clock, Due, Enqueue, Enqueued, Entropy, Error, ErrorRecord, Event, Execution, Inspect, Job, JobId, JobIds,
    JobRecord, JobRef, Manage, NewJob, Policy, ProcessId, Provided, Registry, Settings, Store, StoreExt, Timestamp,
    UniqueKey, arguments_of, check_queue_name,
};

use crate::enqueue::destination::Destination;
use crate::enqueue::store_step::StoreStep;
use crate::observe::events::Events;
use crate::observe::hooks::Spans;
use crate::perform::cancel_requests::CancelRequests;
use crate::propagation::Captures;
use crate::{Naming, Options};

/// Puts jobs into one store. Cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) registry: Arc<Registry>,
    /// What the policies of registered jobs stand over already.
    pub(crate) defaults: Policy,
    pub(crate) provided: Arc<Provided>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) ids: JobIds,
    pub(crate) naming: Naming,
    pub(crate) events: Events,
    pub(crate) spans: Spans,
    pub(crate) captures: Captures,
    pub(crate) argument_limit: usize,
    /// The process in which it runs its jobs.
    pub(crate) process: ProcessId,
    pub(crate) cancel_requests: CancelRequests,
}

/// The default limit of a job's arguments in bytes of JSON: 1 MiB. Larger things belong in a file store.
pub(crate) const ARGUMENT_LIMIT: usize = 1024 * 1024;

impl Jobs {
    /// The handle in force here: the task's, else the thread's, else the one that was installed for the process.
    ///
    /// # Errors
    /// There is none; says how to set one.
    pub fn current() -> Result<Self, Error> {
        ambient::current()
    }

    /// Makes this the process' handle, used wherever no other is given. Gives the one it replaces.
    pub fn install(&self) -> Option<Self> {
        ambient::install(self.clone())
    }

    /// Runs `future` with this as the handle of the task, before that of the process.
    ///
    /// As cancel safe as `future`.
    pub async fn scope<F: Future>(&self, future: F) -> F::Output {
        ambient::scope(self.clone(), future).await
    }

    /// Makes this the handle of the thread until what it gives is dropped: after that of the task, before that of the
    /// process. On a runtime of one thread, as `#[tokio::test]` has, spawned tasks see it too.
    #[must_use = "the handle is in force until this is dropped"]
    pub fn enter(&self) -> ambient::Entered {
        ambient::enter(self.clone())
    }

    /// The store behind it.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.shared.store
    }

    /// The store's power to look.
    ///
    /// ```
    /// # use jobs_core::{Error, JobId};
    /// # async fn example(jobs: jobs_runtime::Jobs, id: JobId) -> Result<(), Error> {
    /// if let Some(job) = jobs.inspect()?.find(id).await? {
    ///     println!("{} is {}", job.name, job.state);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The store has no such power; the error [is invalid](Error::is_invalid).
    pub fn inspect(&self) -> Result<&dyn Inspect, Error> {
        self.store().looking()
    }

    /// The store's power to act on jobs and queues by hand.
    ///
    /// # Errors
    /// The store has no such power; the error [is invalid](Error::is_invalid).
    pub fn manage(&self) -> Result<&dyn Manage, Error> {
        self.store().acting()
    }

    /// Stores one job.
    ///
    /// Cancel safe in that the job is stored whole or not at all; which is not known to a caller that drops it.
    ///
    /// # Errors
    /// The queue's name cannot be, the arguments are too large or cannot be written as JSON, a callback
    /// failed before it was stored, or the store said no. Nothing is stored then.
    pub async fn enqueue<J: Job>(&self, job: &J, options: Options) -> Result<Enqueued, Error> {
        self.enqueue_to(job, options, Destination::Store).await
    }

    /// Puts one job somewhere, in the midst of its callbacks.
    pub(crate) async fn enqueue_to<J: Job>(
        &self,
        job: &J,
        options: Options,
        destination: Destination<'_>,
    ) -> Result<Enqueued, Error> {
        let id = options.id;
        let mut draft = draft(job, options)?;
        let answer = self.enqueue_draft(job, &mut draft, id, destination).await;
        if let Err(error) = &answer {
            self.refused(&draft, error);
        }
        answer
    }

    async fn enqueue_draft<J: Job>(
        &self,
        job: &J,
        draft: &mut Enqueue,
        id: Option<JobId>,
        mut destination: Destination<'_>,
    ) -> Result<Enqueued, Error> {
        let Some(policy) = self.callbacks_of::<J>() else {
            let new = self.admit(draft, J::SETTINGS.version, id)?;
            return self.put(&new, &mut destination).await;
        };
        let step = StoreStep::new(self, J::SETTINGS.version, id, destination);
        let verdict = jobs_core::enqueue(draft, job, &policy, &step).await;
        step.answer(draft, verdict)
    }

    /// Stores a job that was admitted.
    pub(crate) async fn put(&self, new: &NewJob, destination: &mut Destination<'_>) -> Result<Enqueued, Error> {
        let answers = destination.put(&*self.shared.store, std::slice::from_ref(new)).await?;
        let enqueued = answers.into_iter().next().ok_or_else(|| Error::other("the store gave no answer"))?;
        // A tick that was not to be had is nobody's halt: no job came to be, here.
        if enqueued != Enqueued::Halted {
            self.announce(new, &enqueued, destination.is_uncertain());
        }
        Ok(enqueued)
    }

    /// The job as it would be stored, without its callbacks.
    pub(crate) fn prepare<J: Job>(&self, job: &J, options: Options) -> Result<NewJob, Error> {
        let id = options.id;
        let draft = draft(job, options)?;
        self.admit(&draft, J::SETTINGS.version, id)
    }

    pub(crate) fn admit(&self, draft: &Enqueue, version: u32, id: Option<JobId>) -> Result<NewJob, Error> {
        // Callbacks speak of queues as the code does, so the store's name is made after them.
        let queue = self.shared.naming.stored(&draft.queue);
        check_queue_name(&queue)?;
        self.check_size(draft)?;
        let id = id.unwrap_or_else(|| self.next_id());
        let mut new = NewJob::new(id, draft.name, draft.arguments.clone());
        new.queue = queue;
        new.priority = draft.priority;
        new.due = draft.due;
        new.version = version;
        new.meta = self.shared.captures.meta()?;
        if let Some(unique) = &draft.unique {
            new.unique_key = UniqueKey::of(draft.name, unique, &draft.arguments, draft.unique_by.as_ref())?;
        }
        Ok(new)
    }

    /// An id that no other job has.
    pub(crate) fn next_id(&self) -> JobId {
        self.shared.ids.next(&*self.shared.clock, &*self.shared.entropy)
    }

    fn check_size(&self, draft: &Enqueue) -> Result<(), Error> {
        let (size, limit) = (draft.arguments.len(), self.shared.argument_limit);
        if size <= limit {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "the arguments of `{}` take {size} bytes, the limit is {limit}: store the large part elsewhere and \
             pass its name, or raise the limit with `.argument_limit(..)`",
            draft.name
        )))
    }

    /// The rules of `J` if callbacks stand around its enqueue.
    fn callbacks_of<J: Job>(&self) -> Option<Cow<'_, Policy>> {
        Some(self.shared.policy_of::<J>()).filter(|policy| policy.has_callbacks(Moment::Enqueue))
    }

    pub(crate) fn halted(&self, draft: &Enqueue) -> Enqueued {
        self.shared.events.emit(|| Event::EnqueueHalted(self.unstored(draft)));
        Enqueued::Halted
    }

    pub(crate) fn refused(&self, draft: &Enqueue, error: &Error) {
        self.shared.events.emit(|| {
            let record = ErrorRecord::new(std::any::type_name::<Error>(), error.to_string());
            Event::EnqueueFailed(self.unstored(draft), record)
        });
    }

    /// A job that is not stored. Its identity is made up: nobody has seen another.
    fn unstored(&self, draft: &Enqueue) -> JobRef {
        let id = self.next_id();
        let mut job = JobRef::new(id, draft.name, self.shared.naming.stored(&draft.queue));
        job.priority = draft.priority;
        job.arguments = self.shared.shown(draft.name, &draft.arguments);
        job.at = self.due_at(draft.due);
        job
    }

    /// When a job is due that is not due at once.
    fn due_at(&self, due: Due) -> Option<Timestamp> {
        match due {
            Due::Now => None,
            Due::In(wait) => Some(self.shared.clock.now().after(wait)),
            Due::At(at) => Some(at),
        }
    }

    pub(crate) fn announce(&self, new: &NewJob, enqueued: &Enqueued, is_uncertain: bool) {
        self.shared.events.emit(|| {
            let job = self.reference(new);
            match (enqueued, job.at) {
                (Enqueued::Duplicate { of }, _) => Event::EnqueueDeduplicated(job, *of),
                _ if is_uncertain => Event::EnqueuedWithin(job),
                (_, Some(at)) => Event::EnqueuedAt(job, at),
                (_, None) => Event::Enqueued(job),
            }
        });
    }

    pub(crate) fn reference(&self, new: &NewJob) -> JobRef {
        let mut job = JobRef::new(new.id, new.name.as_str(), new.queue.as_str());
        job.priority = new.priority;
        if self.shared.events.are_arguments_read() {
            job.arguments = self.shared.shown(&new.name, &new.arguments);
        }
        job.at = self.due_at(new.due);
        job
    }
}

impl Shared {
    /// The rules and callbacks of a job, also of one that this runtime only enqueues.
    pub(crate) fn policy_of<J: Job>(&self) -> Cow<'_, Policy> {
        match self.registry.find(J::SETTINGS.name) {
            Some(known) => Cow::Borrowed(&known.policy),
            None => Cow::Owned(J::policy().over(&self.defaults)),
        }
    }

    /// The job of an execution, for events.
    pub(crate) fn reference(&self, execution: &Execution) -> JobRef {
        let mut job = JobRef::new(execution.id(), execution.name.as_str(), execution.queue.as_str());
        job.priority = execution.priority;
        job.attempt = execution.attempt;
        if self.events.are_arguments_read() {
            job.arguments = self.shown(&execution.name, &execution.arguments);
        }
        // What was never claimed, as in `perform_now`, was not enqueued either.
        let came_from_a_store = execution.token.claim > 0;
        job.enqueued_at = came_from_a_store.then_some(execution.enqueued_at);
        job.due_at = came_from_a_store.then_some(execution.due_at);
        job
    }

    /// A job as it is stored, for events.
    pub(crate) fn stored(&self, record: &JobRecord) -> JobRef {
        let mut job = JobRef::new(record.id, record.name.as_str(), record.queue.as_str());
        job.priority = record.priority;
        job.attempt = record.attempts;
        job.arguments = self.shown(&record.name, &record.arguments);
        job.enqueued_at = Some(record.enqueued_at);
        job.due_at = Some(record.due_at);
        job
    }

    /// Arguments as they may be shown. Those of a job that is not known may be secret.
    pub(crate) fn shown(&self, name: &str, arguments: &str) -> String {
        let known = self.registry.find(name).map(|known| *known.definition.settings());
        known.unwrap_or_else(|| Settings::new("unknown").log_arguments(false)).shown_arguments(arguments)
    }
}

/// A job on its way, as its callbacks see it.
fn draft<J: Job>(job: &J, options: Options) -> Result<Enqueue, Error> {
    let unique = options.unique(J::SETTINGS.unique);
    let unique_by = options.key().or_else(|| unique.and_then(|_| job.unique_by()));
    let written = options.queue.map_or_else(|| job.queue_name(), Into::into);
    let arguments = arguments_of(job)?;
    let mut draft = Enqueue::new(J::SETTINGS.name, written, arguments);
    draft.priority = options.priority.unwrap_or_else(|| job.priority());
    draft.due = options.due;
    (draft.unique, draft.unique_by) = (unique, unique_by);
    Ok(draft)
}

/// The store behind it, for whoever asks for one.
impl From<&Jobs> for Arc<dyn Store> {
    fn from(jobs: &Jobs) -> Self {
        Self::clone(jobs.store())
    }
}

impl fmt::Debug for Jobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jobs").field("store", &self.shared.store).finish_non_exhaustive()
    }
}
