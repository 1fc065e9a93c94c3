//! A row of the table as a job: what worker and tools see of it.

use std::collections::BTreeMap;

use jobs_active_job::{ClassNames, SerializedJob};
use jobs_core::{
    CORRUPT_CLASS, ClaimToken, DEFAULT_QUEUE, Error, ErrorRecord, Execution, JobId, JobRecord, State, Timestamp,
};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::encode::named;
use super::own::RowComment;
use crate::PayloadObject;
use crate::row::{Row, last_error_of, last_error_text};

/// The name of a job that names no class itself.
const UNREADABLE: &str = "Delayed::Job";

/// A row, read.
#[derive(Debug)]
pub(crate) struct StoredJob {
    pub(crate) row: Row,
    pub(crate) own: RowComment,
    /// What the handler says, if it can be read.
    pub(crate) payload: Result<PayloadObject, Error>,
}

impl StoredJob {
    pub(crate) fn of(row: Row) -> Self {
        let (yaml, own) = RowComment::split(&row.handler);
        let payload = PayloadObject::read(yaml);
        Self { row, own, payload }
    }

    /// The id that Rust gave it, or the number of the row.
    pub(crate) fn id(&self) -> JobId {
        id_of(self.row.id, self.own.id.as_deref())
    }

    /// Whether Rust enqueued it.
    pub(crate) const fn is_ours(&self) -> bool {
        self.own.id.is_some()
    }

    /// The job of Rails, if Ruby enqueued it as an Active Job.
    pub(crate) const fn active_job_of_ruby(&self) -> Option<&SerializedJob> {
        match &self.payload {
            Ok(PayloadObject::ActiveJob(job)) if !self.is_ours() => Some(job),
            _ => None,
        }
    }

    /// The name of its job. Of a handler that cannot be read it is the class on its first line.
    pub(crate) fn name(&self, names: ClassNames) -> String {
        let class = match &self.payload {
            Ok(payload) => payload.name(),
            Err(_unreadable) => PayloadObject::class_of(&self.row.handler).unwrap_or_default().into_owned(),
        };
        if class.is_empty() { UNREADABLE.to_owned() } else { names.name_of(&class).into_owned() }
    }

    fn arguments(&self) -> String {
        if let Some(text) = &self.own.text {
            return text.clone();
        }
        let list = self.payload.as_ref().map(PayloadObject::arguments).unwrap_or_default();
        let object = self.own.names.as_ref().and_then(|names| named(&list, names));
        object.unwrap_or(list)
    }

    /// Its metadata. Of an Active Job of Ruby it is what travels with it, and its counters.
    pub(crate) fn meta(&self) -> Option<String> {
        self.own.meta.clone().or_else(|| self.active_job_of_ruby().and_then(meta_of))
    }

    /// How many attempts have failed. Those that Active Job's own rules ended were rows of their own.
    pub(crate) fn attempts(&self) -> u32 {
        let of_rails = self.active_job_of_ruby().map_or(0, SerializedJob::executions);
        self.row.attempts.saturating_add(self.own.attempts_before).saturating_add(of_rails)
    }

    fn priority(&self) -> i32 {
        self.own.priority.unwrap_or_else(|| self.row.priority.saturating_neg())
    }

    fn queue(&self) -> String {
        self.row.queue.clone().unwrap_or_else(|| DEFAULT_QUEUE.to_owned())
    }

    /// The errors that are known: those of our attempts, and the last one of Ruby.
    pub(crate) fn errors(&self) -> Vec<ErrorRecord> {
        let mut errors = self.own.errors.clone();
        let known = errors.last().map(|last| last_error_text(last, usize::MAX)).unwrap_or_default();
        // The column may hold less of it.
        let is_known = |text: &str| known.starts_with(text);
        if let Some(text) = self.row.last_error.as_deref().filter(|text| !is_known(text)) {
            let mut error = last_error_of(text);
            (error.attempt, error.at) = (self.attempts(), self.row.failed_at.unwrap_or_default());
            error.append_to(&mut errors);
        }
        errors
    }

    /// The job as tools show it. Where its handler cannot be read, its last error says why.
    pub(crate) fn record(&self, names: ClassNames) -> JobRecord {
        let mut record = JobRecord::new(self.id(), self.name(names), self.arguments());
        (record.queue, record.priority, record.state) = (self.queue(), self.priority(), state_of(&self.row));
        (record.version, record.meta) = (self.own.version.unwrap_or(1), self.meta());
        (record.attempts, record.crashes, record.errors) = (self.attempts(), self.own.crashes, self.errors());
        record.enqueued_at = self.row.created_at.unwrap_or_default();
        record.due_at = self.row.run_at.unwrap_or_default();
        if record.state == State::Claimed {
            record.claimed_by = self.row.locked_by.as_deref().and_then(crate::work::process_of);
            // A process of ours renews the time while it lives.
            record.claimed_at = self.row.locked_at.filter(|_| record.claimed_by.is_none());
        }
        record.expires_at = self.own.expires.map(Timestamp::from_micros);
        record.concurrency_key.clone_from(&self.own.concurrency_key);
        record.batch_id.clone_from(&self.own.batch_id);
        if let Err(error) = &self.payload {
            let message = format!("this program cannot read the job and leaves it to Ruby: {error}");
            record.errors.push(ErrorRecord::new(CORRUPT_CLASS, message));
        }
        record
    }

    /// The job as a worker gets it that claimed it.
    pub(crate) fn execution(&self, names: ClassNames, token: ClaimToken) -> Execution {
        let mut execution = Execution::new(token, self.name(names), self.arguments());
        (execution.queue, execution.priority) = (self.queue(), self.priority());
        (execution.version, execution.meta) = (self.own.version.unwrap_or(1), self.meta());
        (execution.attempt, execution.crashes) = (self.attempts().saturating_add(1), self.own.crashes);
        execution.enqueued_at = self.row.created_at.unwrap_or_default();
        execution.due_at = self.row.run_at.unwrap_or_default();
        execution.expires_at = self.own.expires.map(Timestamp::from_micros);
        execution
    }
}

/// The id of the job in the row of this number.
pub(crate) fn id_of(row: i64, own: Option<&str>) -> JobId {
    let own = own.and_then(|own| Uuid::try_parse(own).ok());
    own.map_or_else(|| JobId::from_number(row), |uuid| JobId::from_bytes(*uuid.as_bytes()))
}

/// The state of a job. A job is ready if it was changed at or after the time at which it is due: its enqueue or a dispatch did so.
pub(crate) fn state_of(row: &Row) -> State {
    if row.failed_at.is_some() {
        State::Failed
    } else if row.locked_at.is_some() {
        State::Claimed
    } else if row.run_at.zip(row.updated_at).is_some_and(|(due, changed)| changed >= due) {
        State::Ready
    } else {
        State::Scheduled
    }
}

fn meta_of(job: &SerializedJob) -> Option<String> {
    let raw = |key: &str| RawValue::from_string(job.get(key).filter(|text| *text != "null")?.to_owned()).ok();
    let carried: BTreeMap<_, _> = ["locale", "timezone"].into_iter().filter_map(|key| Some((key, raw(key)?))).collect();
    let counters = job.exception_executions();
    if carried.is_empty() && counters.is_empty() {
        return None;
    }
    let mut meta = jobs_active_job::JsonFields::default();
    if !counters.is_empty() {
        meta.write("exception_executions", &counters);
    }
    if !carried.is_empty() {
        meta.write("carried", &carried);
    }
    serde_json::to_string(&meta).ok()
}
