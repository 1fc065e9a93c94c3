//! Decides which arguments of a job a user may see.

use std::borrow::Cow;

use jobs_core::JobRecord;

use crate::app_state::AppState;

impl AppState {
    /// The arguments with secrets redacted, as the definition of the job says; `None` if they must not be shown.
    ///
    /// Arguments of a job that this program does not know are hidden by default, since only the definition tells which of
    /// them are secret.
    pub(crate) fn visible_arguments<'a>(&self, job: &'a JobRecord) -> Option<Cow<'a, str>> {
        let known = self.registry.as_ref().and_then(|registry| registry.get(&job.name));
        match known {
            Some(known) => known.definition.settings().of_version(job.version).visible_arguments(&job.arguments),
            None => self.shows_unknown_arguments.then(|| job.arguments.as_str().into()),
        }
    }

    /// Whether the propagated values of the job may be shown: only if its arguments may.
    pub(crate) fn shows_propagated(&self, job: &JobRecord) -> bool {
        self.visible_arguments(job).is_some()
    }
}
