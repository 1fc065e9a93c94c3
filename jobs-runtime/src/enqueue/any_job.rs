//! A job of any type with its options, for a bulk of several types.

use std::fmt;

use jobs_core::{Error, Job, NewJob};

use crate::PerformLater;
use crate::client::shared::Shared;
use crate::enqueue::draft::TypedDraft;
use crate::enqueue::options::EnqueueOptions;

/// A job of any type, for a [bulk](crate::Client::perform_all_later) of several types.
///
/// Options are those of [`PerformLater`]: `AnyJob::from(Greet::perform_later("Ada").queue("high"))`. Its
/// [`on`](PerformLater::on) has no effect here, since the whole bulk is stored through one handle.
pub struct AnyJob {
    name: &'static str,
    prepare: Prepare,
}

type Prepare = Box<dyn FnOnce(&Shared) -> Result<NewJob, Error> + Send>;

impl AnyJob {
    /// This job as its definition says.
    pub fn new<J: Job>(job: J) -> Self {
        Self::with_options(job, EnqueueOptions::default())
    }

    fn with_options<J: Job>(job: J, options: EnqueueOptions) -> Self {
        let prepare = move |shared: &Shared| {
            let id = options.id;
            let prepared = TypedDraft::new(&job, &options, shared.default_priority);
            let draft = prepared.inspect_err(|error| shared.report_unprepared(&job, &options, error))?;
            let admitted = shared.admit(&draft.values, J::SETTINGS.version, id);
            admitted.inspect_err(|error| shared.report_failed(&draft.values, error, true))
        };
        Self { name: J::SETTINGS.name, prepare: Box::new(prepare) }
    }

    /// The job as it is stored. No callback runs. `place` is its place in the bulk, from 1.
    ///
    /// # Errors
    /// The job cannot be stored. The error names it and its place, and is an event.
    pub(crate) fn prepare(self, shared: &Shared, place: usize) -> Result<NewJob, Error> {
        let Self { name, prepare } = self;
        prepare(shared).map_err(|error| {
            let message = format!("job {place} of the bulk, `{name}`, cannot be stored: {error}");
            error.context(message)
        })
    }
}

impl<J: Job> From<J> for AnyJob {
    fn from(job: J) -> Self {
        Self::new(job)
    }
}

impl<J: Job> From<PerformLater<J>> for AnyJob {
    fn from(later: PerformLater<J>) -> Self {
        let (job, options) = later.into_parts();
        Self::with_options(job, options)
    }
}

impl fmt::Debug for AnyJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyJob").field("name", &self.name).finish_non_exhaustive()
    }
}
