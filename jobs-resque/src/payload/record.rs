//! What a payload says about its job.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jobs_active_job::{JsonFields, SerializedJob, from_ruby, named_arguments};
use jobs_core::{ClaimToken, ErrorRecord, Execution, JobRecord, State, Timestamp};
use serde_json::value::RawValue;

use super::Payload;

impl Payload {
    /// The class of the job; of a job of Active Job that of Rails, not the wrapper.
    pub fn name(&self) -> String {
        let of_rails = self.active_job.as_ref().and_then(SerializedJob::class);
        of_rails.or_else(|| self.fields.read("class")).unwrap_or_default()
    }

    /// Its arguments as JSON text: the list of Ruby, or the object that Rust enqueued.
    pub fn arguments(&self) -> String {
        if let Some(job) = &self.active_job {
            return from_ruby(job.arguments()).map_or_else(|_unreadable| job.arguments().to_owned(), Cow::into_owned);
        }
        let list = self.fields.get("args").map(RawValue::get).filter(|args| *args != "null").unwrap_or("[]");
        self.own.text.clone().unwrap_or_else(|| named_arguments(list, self.own.names.as_deref()))
    }

    /// Its metadata. Of a job of Active Job that Ruby enqueued it is what travels with it.
    pub fn meta(&self) -> Option<String> {
        self.own.meta.clone().or_else(|| travels(self.active_job.as_ref()?))
    }

    /// How many attempts have failed, as far as the payload and resque-retry tell: a plain job of Ruby tells nothing.
    pub fn failures(&self) -> u32 {
        let known = self.own.failures.max(self.attempts_of_ruby);
        known.saturating_add(self.active_job.as_ref().map_or(0, SerializedJob::executions))
    }

    /// The errors of its attempts that are known, the last one at the end.
    pub fn errors(&self) -> &[ErrorRecord] {
        &self.own.errors
    }

    /// When the store received it, if the payload tells.
    pub fn received_at(&self) -> Option<Timestamp> {
        let own = self.own.at.map(Timestamp::from_micros);
        own.or_else(|| self.active_job.as_ref().and_then(SerializedJob::enqueued_at))
    }

    /// When it is or was due to the microsecond, if the payload tells.
    pub fn due_at(&self) -> Option<Timestamp> {
        let own = self.own.due.or(self.own.at).map(Timestamp::from_micros);
        own.or_else(|| self.active_job.as_ref().and_then(SerializedJob::scheduled_at)).or_else(|| self.received_at())
    }

    /// The job as it stands in this queue and state. A caller that knows the time of its place sets it.
    pub fn record(&self, queue: impl Into<String>, state: State) -> JobRecord {
        let mut record = JobRecord::new(self.id, self.name(), self.arguments());
        (record.queue, record.state, record.due_at) = (queue.into(), state, self.due_at().unwrap_or_default());
        (record.priority, record.version) = (self.own.priority, self.own.version.unwrap_or(1));
        (record.meta, record.errors, record.attempts) = (self.meta(), self.own.errors.clone(), self.failures());
        record.enqueued_at = self.received_at().unwrap_or_default();
        record.expires_at = self.own.expires.map(Timestamp::from_micros);
        record.concurrency_key.clone_from(&self.own.concurrency_key);
        record.batch_id.clone_from(&self.own.batch_id);
        record
    }

    /// The job as a worker gets it that claimed it from this queue.
    pub fn execution(&self, token: ClaimToken, queue: impl Into<String>) -> Execution {
        let mut execution = Execution::new(token, self.name(), self.arguments());
        (execution.queue, execution.priority) = (queue.into(), self.own.priority);
        (execution.version, execution.meta) = (self.own.version.unwrap_or(1), self.meta());
        execution.attempt = self.failures().saturating_add(1);
        execution.enqueued_at = self.received_at().unwrap_or_default();
        execution.due_at = self.due_at().unwrap_or_default();
        execution.expires_at = self.own.expires.map(Timestamp::from_micros);
        execution
    }
}

/// The metadata of a job of Rails; `None` if nothing travels with it.
fn travels(job: &SerializedJob) -> Option<String> {
    let raw = |key: &str| RawValue::from_string(job.get(key).filter(|text| *text != "null")?.to_owned()).ok();
    let values = ["locale", "timezone"].into_iter().filter_map(|key| Some((key, raw(key)?)));
    let (values, counters): (BTreeMap<_, _>, _) = (values.collect(), job.exception_executions());
    let mut meta = JsonFields::default();
    if !counters.is_empty() {
        meta.write("exception_executions", &counters);
    }
    if !values.is_empty() {
        meta.write("carried", &values);
    }
    meta.iter().next().is_some().then(|| serde_json::to_string(&meta).unwrap_or_default())
}
