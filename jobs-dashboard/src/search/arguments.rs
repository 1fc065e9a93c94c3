//! Decides which arguments of a job a user may see.

use std::borrow::Cow;

use jobs_core::JobRecord;

use crate::app_state::AppState;

impl AppState {
    /// The arguments with secrets redacted, as the definition of the job says; `None` if they must not be shown.
    pub(crate) fn visible_arguments<'a>(&self, job: &'a JobRecord) -> Option<Cow<'a, str>> {
        self.arguments.arguments(job)
    }

    /// Whether the propagated values of the job may be shown: only if its arguments may.
    pub(crate) fn shows_propagated(&self, job: &JobRecord) -> bool {
        self.visible_arguments(job).is_some()
    }
}
