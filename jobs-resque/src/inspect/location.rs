//! A text with the location where it was found, and the job that it is there.

use jobs_active_job::ClassNames;
use jobs_core::{DEFAULT_QUEUE, Error, JobId, JobRecord, ProcessId, State, Timestamp, corrupt_record};

use crate::delayed::DelayedEntry;
use crate::payload::id_of_text;
use crate::{DelayedJob, FailureRecord, Payload};

/// Where a text was found.
#[derive(Clone, Debug)]
pub(crate) enum TextLocation {
    /// In this queue.
    Queue(String),
    /// In a second of resque-scheduler.
    Delayed(Box<DelayedEntry>),
    /// Among the jobs that are due soon, with its time.
    Soon(Timestamp),
    /// Performed by a worker, which took it from this queue. Workers of Ruby belong to no process of ours, and their runs have no token.
    Claimed { process: Option<ProcessId>, token: Option<String>, queue: String, run_at: Option<Timestamp> },
    /// In this list of failures.
    Failed(String),
}

impl TextLocation {
    pub(crate) const fn state(&self) -> State {
        match self {
            Self::Queue(_) => State::Ready,
            Self::Delayed(_) | Self::Soon(_) => State::Scheduled,
            Self::Claimed { .. } => State::Claimed,
            Self::Failed(_) => State::Failed,
        }
    }
}

/// A text that was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) location: TextLocation,
    pub(crate) text: Vec<u8>,
}

impl Found {
    fn str(&self) -> Result<&str, Error> {
        std::str::from_utf8(&self.text).map_err(|_not_utf8| Error::corrupt("it is not UTF-8"))
    }

    /// The job, and the queue that it names.
    pub(crate) fn job(&self) -> Result<DelayedJob, Error> {
        match &self.location {
            TextLocation::Queue(queue) | TextLocation::Claimed { queue, .. } => {
                Ok(DelayedJob::new(Payload::parse(self.str()?)?, queue))
            }
            TextLocation::Delayed(waiting) => {
                waiting.job().cloned().ok_or_else(|| Error::corrupt("it is not a job with a class and a queue"))
            }
            TextLocation::Soon(_) => crate::work::soon(&self.text).ok_or_else(|| Error::corrupt("it is not a job")),
            TextLocation::Failed(_) => {
                let record = self.failure()?;
                let queue = record.queue().filter(|queue| !queue.trim().is_empty());
                Ok(DelayedJob::new(record.payload()?, queue.unwrap_or_else(|| DEFAULT_QUEUE.to_owned())))
            }
        }
    }

    /// The record, if it is a failure.
    pub(crate) fn failure(&self) -> Result<FailureRecord, Error> {
        FailureRecord::parse(self.str()?)
    }

    pub(crate) fn id(&self) -> JobId {
        self.job().map_or_else(|_unreadable| id_of_text(&self.text), |job| job.payload.id())
    }

    /// The job. A text that is none is a job that cannot be read, with the reason.
    pub(crate) fn record(&self, names: ClassNames, now: Timestamp) -> JobRecord {
        let mut record = match self.job() {
            Ok(job) => {
                let mut record = job.payload.record(job.queue.as_str(), self.location.state());
                record.name = names.name_of(&record.name).into_owned();
                let known = self.known_time().unwrap_or(now);
                record.enqueued_at = job.payload.received_at().unwrap_or(known);
                record.due_at = self.due().or_else(|| job.payload.due_at()).unwrap_or(known);
                record
            }
            Err(why) => {
                let mut record = JobRecord::new(id_of_text(&self.text), "(not a job of Resque)", "null");
                (record.state, record.errors) = (self.location.state(), vec![corrupt_record(&why.to_string(), now)]);
                (record.enqueued_at, record.due_at) = (now, now);
                record
            }
        };
        if let TextLocation::Claimed { process, run_at, .. } = self.location {
            (record.claimed_by, record.claimed_at) = (process, run_at);
        }
        self.add_error(&mut record);
        record
    }

    /// When it is due, of what waits.
    fn due(&self) -> Option<Timestamp> {
        match &self.location {
            TextLocation::Delayed(waiting) => Some(waiting.due()),
            TextLocation::Soon(due) => Some(*due),
            _ => None,
        }
    }

    /// A time that is known of a job that does not tell when it was enqueued.
    fn known_time(&self) -> Option<Timestamp> {
        match &self.location {
            TextLocation::Claimed { run_at, .. } => *run_at,
            TextLocation::Failed(_) => self.failure().ok()?.failed_at(),
            _ => None,
        }
    }

    /// Adds the error of the failure record, unless it is the last one that the job itself tells of.
    fn add_error(&self, record: &mut JobRecord) {
        let TextLocation::Failed(_) = self.location else { return };
        let Ok(failure) = self.failure() else { return };
        let error = failure.error();
        let is_known = |last: &jobs_core::ErrorRecord| last.class == error.class && last.message == error.message;
        if !record.errors.last().is_some_and(is_known) {
            record.errors.push(error);
            record.attempts = record.attempts.saturating_add(1);
        }
    }
}
