//! A text with the location where it was found, and the job that it is there.

use jobs_core::{JobId, JobRecord, ProcessId, State, Timestamp, corrupt_record};

use crate::keys::{DEAD, RETRY, SCHEDULE};
use crate::payload::{ClassNames, Payload, UNREADABLE, id_of_unreadable};

/// Where a text was found.
#[derive(Clone, Debug)]
pub(crate) enum Location {
    /// In this queue.
    Queue(String),
    /// In this sorted set, under this score.
    Set(&'static str, f64),
    /// Held by this process under this field of its claims. It took it from this queue at this time.
    Claimed { process: ProcessId, claim: String, queue: String, since: Timestamp },
}

impl Location {
    pub(crate) fn state(&self) -> State {
        match self {
            Self::Queue(_) => State::Ready,
            Self::Set(DEAD, _) => State::Failed,
            Self::Set(..) => State::Scheduled,
            Self::Claimed { .. } => State::Claimed,
        }
    }
}

/// A text that was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) location: Location,
    pub(crate) text: Vec<u8>,
}

impl Found {
    fn str(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// Whether these letters are anywhere in the text.
    pub(crate) fn mentions(&self, letters: &str) -> bool {
        self.str().contains(letters)
    }

    pub(crate) fn payload(&self) -> Result<Payload, &'static str> {
        std::str::from_utf8(&self.text).map_err(|_not_utf8| "it is not UTF-8").and_then(Payload::parse)
    }

    pub(crate) fn id(&self) -> JobId {
        self.payload().map_or_else(|_unreadable| id_of_unreadable(&self.text), |payload| payload.id)
    }

    /// Whether it is the job of this id, or of this `jid`.
    pub(crate) fn is(&self, id: JobId, jid: &str) -> bool {
        match self.payload() {
            Ok(payload) => payload.id == id || id.foreign().is_some() && payload.has_jid(jid),
            Err(_) => id_of_unreadable(&self.text) == id,
        }
    }

    /// The job. A text that is no payload is a job that cannot be read, with the reason.
    pub(crate) fn record(&self, names: ClassNames, now: Timestamp) -> JobRecord {
        let state = self.location.state();
        let mut record = match self.payload() {
            Ok(payload) => {
                let due = match self.location {
                    Location::Set(SCHEDULE | RETRY, score) => payload.due_at(score),
                    _ => payload.ready_at(),
                };
                let queue = match &self.location {
                    Location::Queue(queue) | Location::Claimed { queue, .. } => queue.clone(),
                    Location::Set(..) => payload.queue(),
                };
                payload.record(names, queue, state, due)
            }
            Err(why) => {
                let mut record = JobRecord::new(id_of_unreadable(&self.text), UNREADABLE, "null");
                (record.state, record.errors) = (state, vec![corrupt_record(why, now)]);
                record
            }
        };
        if let Location::Claimed { process, since, .. } = self.location {
            (record.claimed_by, record.claimed_at) = (Some(process), Some(since));
        }
        record
    }
}
