//! A job that a test sees.

use std::fmt;

use jobs_core::{Job, JobId, JobRecord, Timestamp};

/// A job that was enqueued or performed, as it was when the test looked.
///
/// `Display` and `Debug` hide and redact the arguments as its settings say, so that no secret gets into the log
/// of a test run.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Seen {
    /// All that is stored of it. Of a performed job: as the run left it.
    pub record: JobRecord,
    /// When it is due, if it is not to run at once: enqueued for later, or rescheduled by a rule.
    pub at: Option<Timestamp>,
    /// The arguments as they may be shown.
    pub(crate) shown: String,
}

impl Seen {
    /// Its identity, the same in every attempt.
    pub fn id(&self) -> JobId {
        self.record.id
    }

    /// The name that is stored.
    pub fn name(&self) -> &str {
        &self.record.name
    }

    /// Its queue, as the store knows it.
    pub fn queue(&self) -> &str {
        &self.record.queue
    }

    /// Its priority.
    pub fn priority(&self) -> i32 {
        self.record.priority
    }

    /// Whether it has run before and will run again.
    pub fn is_retry(&self) -> bool {
        self.record.attempts > 0 && !self.record.errors.is_empty()
    }

    /// Whether it is a `J`, by its current name or an older one.
    pub fn is<J: Job>(&self) -> bool {
        is_named::<J>(self.name())
    }

    /// The job as a value.
    ///
    /// # Panics
    /// It is not a `J`, or its arguments are not those of one.
    #[track_caller]
    pub fn job<J: Job>(&self) -> J {
        assert!(self.is::<J>(), "this job is no `{}`: {self}", J::SETTINGS.name);
        self.read().unwrap_or_else(|| panic!("the arguments are not those of a `{}`: {self}", J::SETTINGS.name))
    }

    pub(crate) fn read<J: Job>(&self) -> Option<J> {
        serde_json::from_str(&self.record.arguments).ok()
    }
}

/// Whether a job type has this name or had it before.
pub(crate) fn is_named<J: Job>(name: &str) -> bool {
    name == J::SETTINGS.name || J::SETTINGS.aliases.contains(&name)
}

/// One line: the name, where and when, and the arguments as they may be shown.
impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let JobRecord { name, queue, priority, attempts, .. } = &self.record;
        write!(f, "{name} on queue `{queue}`, priority {priority}, ")?;
        match self.at {
            Some(at) => write!(f, "at {at}")?,
            None => f.write_str("at once")?,
        }
        if *attempts > 0 {
            write!(f, ", {} after attempt {attempts}", self.record.state)?;
        }
        if let Some(error) = self.record.errors.last() {
            write!(f, " ({}: {})", error.class, error.message)?;
        }
        write!(f, ", with {}", self.shown)
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {self}", self.record.id)
    }
}
