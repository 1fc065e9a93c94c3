//! The one path of an enqueue: callbacks around the storing, and the events of both.

use jobs_core::callback::Moment;
use jobs_core::{Enqueued, Error, Job, JobId, Policy};

use crate::Client;
use crate::enqueue::depth;
use crate::enqueue::destination::{Destination, EnqueueOutcome, Target};
use crate::enqueue::draft::{Draft, TypedDraft};
use crate::enqueue::options::EnqueueOptions;
use crate::enqueue::store_step::StoreStep;

impl Client {
    /// Stores one job.
    ///
    /// Cancel safe: the job is stored completely or not at all. A caller that drops the future does not learn which.
    ///
    /// # Errors
    /// The queue's name is not valid, the arguments are too large or cannot be written as JSON, a callback
    /// failed before the job was stored, or the store refused it. Nothing is stored then.
    pub async fn enqueue<J: Job>(&self, job: &J, options: EnqueueOptions) -> Result<Enqueued, Error> {
        self.enqueue_to(job, options, Destination::Store).await
    }

    /// Enqueues a job of a known type.
    pub(crate) async fn enqueue_to<J: Job>(
        &self,
        job: &J,
        options: EnqueueOptions,
        destination: Destination<'_>,
    ) -> Result<Enqueued, Error> {
        let id = options.id;
        let prepared = TypedDraft::new(job, &options, self.shared.default_priority);
        let mut draft = prepared.inspect_err(|error| self.shared.report_unprepared(job, &options, error))?;
        let policy = self.shared.policy_of::<J>();
        let outcome = self.enqueue_draft(&mut draft, &policy, id, Target::Destination(destination)).await?;
        Ok(outcome.enqueued())
    }

    /// Enqueues a draft, with this policy's callbacks.
    pub(crate) async fn enqueue_draft(
        &self,
        draft: &mut impl Draft,
        policy: &Policy,
        id: Option<JobId>,
        target: Target<'_>,
    ) -> Result<EnqueueOutcome, Error> {
        let is_uncertain = target.is_uncertain();
        let outcome = self.run_enqueue(draft, policy, id, target).await;
        if let Err(error) = &outcome {
            self.shared.report_failed(draft.values(), error, is_uncertain);
        }
        outcome
    }

    async fn run_enqueue(
        &self,
        draft: &mut impl Draft,
        policy: &Policy,
        id: Option<JobId>,
        mut target: Target<'_>,
    ) -> Result<EnqueueOutcome, Error> {
        let version = draft.version();
        if !policy.has_callbacks(Moment::Enqueue) {
            let new = self.shared.admit(draft.values(), version, id)?;
            return self.shared.store_one(&new, &mut target).await;
        }
        let step = StoreStep::new(&self.shared, version, id, target);
        let name = draft.values().name;
        let verdict = depth::in_callbacks(name, draft.run_callbacks(policy, &step)).await?;
        step.outcome(draft.values(), verdict)
    }
}
