//! Writes a new job as Resque's client would.

use jobs_active_job::{JsonFields, PlainArguments, Rails, SerializedJob, arguments_of};
use jobs_core::{Error, JobId, Meta, NewJob, Timestamp};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::own::{self, Own};
use super::{Payload, WRAPPER};

impl Payload {
    /// A job for Rust: class and arguments, and under a third key what only we know of it, its id among it. Ruby performs it
    /// too if it has the class.
    ///
    /// # Errors
    /// It has a keyword, which Resque cannot pass. The error [is invalid](Error::is_invalid).
    pub fn of_job(job: &NewJob, class: &str, now: Timestamp) -> Result<Self, Error> {
        let arguments = PlainArguments::of(job, "Resque")?;
        let has_text = arguments.text.is_some();
        let own = Own {
            id: Some(job.id),
            names: arguments.names.filter(|_| !has_text),
            text: arguments.text,
            priority: job.priority,
            version: (job.version != 1).then_some(job.version),
            meta: job.meta.clone(),
            at: Some(now.as_micros()),
            due: Some(job.due.at(now)).filter(|due| *due > now).map(Timestamp::as_micros),
            expires: job.expires_at.map(Timestamp::as_micros),
            concurrency_key: job.concurrency_key.clone(),
            batch_id: job.batch_id.clone(),
            ..Own::default()
        };
        let mut fields = class_and_args(class, arguments.list);
        fields.write(own::KEY, &own);
        Ok(Self { id: job.id, fields, own, active_job: None, attempts_of_ruby: 0 })
    }

    /// A job for a plain class of Ruby: class and arguments, and nothing else, so that Ruby's `dequeue` and `remove_delayed`
    /// find it by its text. Its id is not stored.
    ///
    /// # Errors
    /// As those of [`of_job`](Self::of_job).
    pub fn of_ruby(job: &NewJob, class: &str) -> Result<Self, Error> {
        Self::of_fields(class_and_args(class, PlainArguments::of(job, "Resque")?.list)).map_err(Error::invalid)
    }

    /// A job for a class of Active Job, in its wrapper. Its id is the `job_id`. `rails` is the oldest release of the fleet.
    ///
    /// # Errors
    /// The arguments cannot be written in Active Job's form; the error [is invalid](Error::is_invalid).
    pub fn of_active_job(job: &NewJob, class: &str, now: Timestamp, rails: Rails) -> Result<Self, Error> {
        let mut serialized = SerializedJob::new(class, &uuid(job.id), &job.queue, arguments_of(job, rails)?, rails)?;
        let meta = Meta::parse(job.meta.as_deref()).unwrap_or_default();
        let travels = |key: &str| meta.carried.get(key).and_then(serde_json::Value::as_str);
        if let Some(locale) = travels("locale") {
            serialized.set_locale(locale);
        }
        serialized.set_timezone(travels("timezone"));
        let due = job.due.at(now);
        serialized.set_times(now, (due > now).then_some(due), rails);
        Self::of_fields(class_and_args(WRAPPER, list_of(&serialized))).map_err(Error::invalid)
    }
}

fn class_and_args(class: &str, args: Box<RawValue>) -> JsonFields {
    let mut fields = JsonFields::default();
    fields.write("class", class);
    fields.set("args", args);
    fields
}

/// The list of arguments of the wrapper.
pub(super) fn list_of(job: &SerializedJob) -> Box<RawValue> {
    RawValue::from_string(format!("[{job}]")).unwrap_or_default()
}

/// The id as a UUID, also of a job that has an id of another system.
fn uuid(id: JobId) -> String {
    Uuid::from_bytes(*id.as_bytes()).hyphenated().to_string()
}
