//! What all handles and loops of one runtime share.

use std::borrow::Cow;
use std::sync::Arc;

use jobs_core::{
    Clock, Due, Entropy, Execution, Job, JobId, JobIds, JobRecord, JobRef, NewJob, Policy, ProcessId, Provided,
    Registry, Settings, Timestamp,
};

use crate::checked_store::CheckedStore;
use crate::client::reported_manage::ReportedManage;
use crate::enqueue::queue_naming::QueueNaming;
use crate::observe::attempt_counter::AttemptCounter;
use crate::observe::events::Events;
use crate::observe::hooks::SpanHooks;
use crate::perform::cancel_requests::CancelRequests;
use crate::perform::slow_jobs::SlowJobs;
use crate::propagation::Captures;
use crate::supervision::polled_jobs::PolledJobs;
use crate::supervision::progress::Progress;

pub(crate) struct Shared {
    pub(crate) store: CheckedStore,
    pub(crate) manage: ReportedManage,
    pub(crate) registry: Arc<Registry>,
    /// The policies of registered jobs include these already.
    pub(crate) defaults: Policy,
    pub(crate) provided: Arc<Provided>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) ids: JobIds,
    pub(crate) naming: QueueNaming,
    pub(crate) events: Events,
    pub(crate) spans: SpanHooks,
    pub(crate) captures: Captures,
    pub(crate) argument_limit: usize,
    /// The priority of jobs that have none of their own.
    pub(crate) default_priority: i32,
    /// The process in which the runtime performs its jobs.
    pub(crate) process: ProcessId,
    pub(crate) cancel_requests: CancelRequests,
    pub(crate) progress: Progress,
    pub(crate) polled_jobs: PolledJobs,
    /// Counts attempts; `None` if the store keeps no figures, or the program wants none.
    pub(crate) attempts: Option<Arc<AttemptCounter>>,
    pub(crate) slow_jobs: SlowJobs,
    /// Whether a layer may collect the logs of attempts, and the store keeps them.
    pub(crate) keeps_logs: bool,
}

impl Shared {
    /// An id that no other job has.
    pub(crate) fn next_id(&self) -> JobId {
        self.ids.next(&*self.clock, &*self.entropy)
    }

    /// The rules and callbacks of a job, also of a job that this runtime only enqueues.
    pub(crate) fn policy_of<J: Job>(&self) -> Cow<'_, Policy> {
        match self.registry.get(J::SETTINGS.name) {
            Some(known) => Cow::Borrowed(&known.policy),
            None => Cow::Owned(J::policy().over(&self.defaults)),
        }
    }

    /// A job that is about to be stored, for events.
    pub(crate) fn new_job(&self, new: &NewJob) -> JobRef {
        let mut job = JobRef::new(new.id, new.name.as_str(), new.queue.as_str());
        job.priority = new.priority;
        if self.events.are_arguments_read() {
            job.arguments = self.shown(&new.name, &new.arguments, new.version);
        }
        job.at = self.due_at(new.due);
        job
    }

    /// The job of an execution, for events.
    pub(crate) fn execution(&self, execution: &Execution) -> JobRef {
        let mut job = JobRef::new(execution.id(), execution.name.as_str(), execution.queue.as_str());
        job.priority = execution.priority;
        job.attempt = execution.attempt;
        if self.events.are_arguments_read() {
            job.arguments = self.shown(&execution.name, &execution.arguments, execution.version);
        }
        // A job that was not claimed, as in `perform_now`, was not enqueued either.
        job.enqueued_at = execution.is_claimed().then_some(execution.enqueued_at);
        job.due_at = execution.is_claimed().then_some(execution.due_at);
        job
    }

    /// A stored job, for events.
    pub(crate) fn stored(&self, record: &JobRecord) -> JobRef {
        let mut job = JobRef::new(record.id, record.name.as_str(), record.queue.as_str());
        job.priority = record.priority;
        job.attempt = record.attempts;
        job.arguments = self.shown(&record.name, &record.arguments, record.version);
        job.enqueued_at = Some(record.enqueued_at);
        job.due_at = Some(record.due_at);
        job
    }

    /// Arguments as they may be shown. Those of an unknown job are hidden, since they may be secret.
    pub(crate) fn shown(&self, name: &str, arguments: &str, version: u32) -> String {
        let known = self.registry.get(name).map(|known| *known.definition.settings());
        known
            .unwrap_or_else(|| Settings::new("unknown").log_arguments(false))
            .of_version(version)
            .shown_arguments(arguments)
    }

    /// When a job is due that is not due now.
    pub(crate) fn due_at(&self, due: Due) -> Option<Timestamp> {
        match due {
            Due::Now => None,
            Due::In(wait) => Some(self.clock.now() + wait),
            Due::At(at) => Some(at),
        }
    }
}
