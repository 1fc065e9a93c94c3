//! What may be seen of a job's arguments.

use std::borrow::Cow;

use jobs_core::JobRecord;
use serde_json::Value;

use crate::board::Board;

/// The most bytes of arguments that a page shows.
const LONGEST: usize = 64 * 1024;

impl Board {
    /// The arguments, as the definition of the job allows; `None` if they are not to be seen. Of a job that this program
    /// does not know nothing is, unless that was said: nobody knows what is secret in it.
    pub(crate) fn visible_arguments<'a>(&self, job: &'a JobRecord) -> Option<Cow<'a, str>> {
        let known = self.registry.as_ref().and_then(|registry| registry.find(&job.name));
        match known {
            Some(known) => known.definition.settings().visible_arguments(&job.arguments),
            None => self.shows_unknown_arguments.then(|| job.arguments.as_str().into()),
        }
    }

    /// Whether what travels with the job may be seen: as its arguments, all or nothing.
    pub(crate) fn shows_baggage(&self, job: &JobRecord) -> bool {
        self.visible_arguments(job).is_some()
    }
}

/// JSON in lines, and anything else as it is; cut where it is too long for a page.
pub(crate) fn laid_out(text: &str) -> String {
    let value = serde_json::from_str::<Value>(text);
    let mut laid = value.and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_else(|_| text.to_owned());
    if laid.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|end| laid.is_char_boundary(*end)).unwrap_or(0);
        laid.truncate(end);
        laid.push_str("\n… cut here");
    }
    laid
}
