//! Jobs of Active Job: the wrapper that Sidekiq performs, and the job of Rails in its arguments.

use std::collections::BTreeMap;

use jobs_active_job::{JsonObject, Rails, SerializedJob, arguments_of, from_ruby};
use jobs_core::{Entropy, Error, JobId, Meta, NewJob, Timestamp};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::Payload;
use super::id::new_jid;
use super::times::TimeUnit;

/// The classes of the wrapper. Every version knows that of Rails' own adapter, so it is the one that is written; Sidekiq 7.3.3
/// and newer write the other.
const WRAPPERS: [&str; 2] = ["ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper", "Sidekiq::ActiveJob::Wrapper"];

/// The job of Rails in a payload; `None` if the class is not the wrapper.
///
/// # Errors
/// The wrapper has no such job. The text says so.
pub(crate) fn read(object: &JsonObject) -> Result<Option<SerializedJob>, &'static str> {
    let class: Option<String> = object.get("class");
    if !class.is_some_and(|class| WRAPPERS.contains(&class.as_str())) {
        return Ok(None);
    }
    let list: Option<Vec<Box<RawValue>>> = object.get("args");
    let first = list.and_then(|list| list.into_iter().next()).ok_or(NO_JOB)?;
    SerializedJob::parse(first.get()).map(Some).map_err(|_not_an_object| NO_JOB)
}

const NO_JOB: &str = "its class is the wrapper of Active Job, and its first argument is no job of Active Job";

/// The arguments of a job of Rails, as `jobs` reads them.
pub(crate) fn arguments(job: &SerializedJob) -> String {
    from_ruby(job.arguments()).map_or_else(|_unreadable| job.arguments().to_owned(), std::borrow::Cow::into_owned)
}

/// What travels with a job of Rails, and its counters, as fields of `meta`.
pub(crate) fn travels(job: &SerializedJob) -> (BTreeMap<String, Box<RawValue>>, BTreeMap<String, u32>) {
    let raw = |key: &str| RawValue::from_string(job.get(key).filter(|text| *text != "null")?.to_owned()).ok();
    let values = ["locale", "timezone"].into_iter().filter_map(|key| Some((key.to_owned(), raw(key)?)));
    (values.collect(), job.exception_executions())
}

/// Writes a new job as Rails does: the wrapper, with the job in its arguments.
///
/// # Errors
/// The arguments cannot be written in Active Job's form; the error [is invalid](Error::is_invalid).
pub(crate) fn write(object: &mut JsonObject, job: &NewJob, class: &str, at: &Times) -> Result<(), Error> {
    let rails = at.rails;
    let arguments = arguments_of(job, rails)?;
    let mut serialized = SerializedJob::new(class, &uuid(job.id), &job.queue, arguments, rails)?;
    let meta = Meta::parse(job.meta.as_deref()).unwrap_or_default();
    let travels = |key: &str| meta.carried.get(key).and_then(serde_json::Value::as_str);
    if let Some(locale) = travels("locale") {
        serialized.set_locale(locale);
    }
    serialized.set_timezone(travels("timezone"));
    serialized.set_times(at.now, (at.due > at.now).then_some(at.due), rails);
    object.set("class", WRAPPERS[0]);
    object.set("wrapped", class);
    set(object, &serialized);
    Ok(())
}

/// When a job is written, when it is due, and what the fleet reads.
pub(crate) struct Times {
    pub(crate) unit: TimeUnit,
    /// The oldest release of Rails that the fleet may have; newer ones read what was written for it.
    pub(crate) rails: Rails,
    pub(crate) now: Timestamp,
    pub(crate) due: Timestamp,
}

fn set(object: &mut JsonObject, job: &SerializedJob) {
    if let Ok(text) = RawValue::from_string(job.to_string()) {
        object.set("args", [text]);
    }
}

/// The id as a UUID, also of a job that has an id of Sidekiq.
fn uuid(id: JobId) -> String {
    Uuid::from_bytes(*id.as_bytes()).hyphenated().to_string()
}

impl Payload {
    /// Whether Ruby enqueued it as an Active Job.
    pub(crate) fn is_active_job_of_ruby(&self) -> bool {
        self.active_job.is_some() && !self.is_ours()
    }

    /// The job as Active Job's `retry_on` enqueues it again: another `jid`, one more execution, no failure of Sidekiq.
    pub(crate) fn enqueued_again(
        mut self,
        queue: &str,
        meta: Option<&str>,
        times: &Times,
        entropy: &dyn Entropy,
    ) -> Self {
        if self.own.meta.is_some() {
            self.own.meta = meta.map(str::to_owned);
            self.save_own();
        }
        let Some(mut job) = self.active_job.take() else { return self };
        job.set_executions(job.executions().saturating_add(1));
        for (key, count) in Meta::parse(meta).unwrap_or_default().exception_executions {
            job.set_exception_executions(&key, count);
        }
        job.set_queue(queue);
        job.set_times(times.now, Some(times.due), times.rails);
        set(&mut self.object, &job);
        for key in ["retry_count", "failed_at", "retried_at", "error_class", "error_message", "error_backtrace"] {
            self.object.remove(key);
        }
        self.object.set("jid", new_jid(entropy));
        self.object.set("queue", queue);
        self.object.set("created_at", times.unit.json(times.now));
        self.active_job = Some(job);
        self.scheduled(times.due)
    }
}
