//! Checks a draft, makes the job of it, and stores that.

use jobs_core::{Error, JobDraft, JobId, NewJob, UniqueKey, Uniqueness, check_queue_name};

use crate::client::shared::Shared;
use crate::enqueue::destination::{EnqueueOutcome, Target};

impl Shared {
    /// The job as it is stored.
    ///
    /// # Errors
    /// The queue's name is not valid, the arguments are too large, or a value that travels with the job cannot be
    /// written as JSON. The error [is unsupported](Error::is_unsupported) if the job is unique and the store has no unique
    /// keys.
    pub(crate) fn admit(&self, draft: &JobDraft, version: u32, id: Option<JobId>) -> Result<NewJob, Error> {
        // Callbacks see the queue's name of the code, so the store's name is made after them.
        let queue = self.naming.stored(&draft.queue);
        check_queue_name(&queue)?;
        self.check_size(draft)?;
        let id = id.unwrap_or_else(|| self.next_id());
        let mut new = NewJob::new(id, draft.name, draft.arguments.clone());
        new.queue = queue;
        new.priority = draft.priority;
        new.due = draft.due;
        new.expires_at = draft.expires.map(|expires| expires.at(draft.due.at(self.clock.now())));
        new.version = version;
        new.signature = draft.signature;
        new.reserved_key.clone_from(&draft.reserved_key);
        new.meta = self.captures.meta()?;
        if let Some(unique) = &draft.unique {
            new.unique_key = UniqueKey::of(draft.name, unique, &draft.arguments, draft.unique_by.as_ref())?;
            if new.unique_key.is_some() {
                self.check_unique_keys(draft)?;
            }
        }
        Ok(new)
    }

    /// Stores a job and emits the event of that.
    pub(crate) async fn store_one(&self, new: &NewJob, target: &mut Target<'_>) -> Result<EnqueueOutcome, Error> {
        let outcome = target.store(&self.store, new).await?;
        if let EnqueueOutcome::Stored(enqueued) = outcome {
            self.report_enqueued(new, &enqueued, target.is_uncertain());
        }
        Ok(outcome)
    }

    fn check_unique_keys(&self, draft: &JobDraft) -> Result<(), Error> {
        if self.store.inner().guarantees().uniqueness == Uniqueness::Supported {
            return Ok(());
        }
        Err(Error::unsupported(format!(
            "`{}` is to be unique, and the store has no unique keys: enqueue it without `unique_by`, `unique_for` and \
             `unique_until`, or use another store",
            draft.name
        )))
    }

    fn check_size(&self, draft: &JobDraft) -> Result<(), Error> {
        let (size, limit) = (draft.arguments.len(), self.argument_limit);
        if size <= limit {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "the arguments of `{}` take {size} bytes, the limit is {limit}: store the large part elsewhere and \
             pass its name, or raise the limit with `.argument_limit(..)`",
            draft.name
        )))
    }
}
