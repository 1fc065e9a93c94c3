//! The envelope of a job: class, id, queue, arguments, counters and times, as Active Job writes it.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use jobs_core::{Error, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::fields::JsonFields;
use crate::rails::Rails;

/// A job as Active Job serializes it.
///
/// Keys keep their order and values the texts that they were written with: what is not changed is written as it was read,
/// keys of applications and of later releases included. A value of an unexpected type counts as missing, and is kept.
#[derive(Clone, Debug)]
pub struct SerializedJob {
    fields: JsonFields,
}

impl SerializedJob {
    /// A job that was not enqueued before, with the keys of this release of Rails. `arguments` is the list of
    /// [`to_ruby`](crate::to_ruby). It has no locale, so Rails takes its default; no zone and
    /// no priority.
    ///
    /// # Errors
    /// `arguments` is not JSON. The error [is invalid](Error::is_invalid).
    pub fn new(class: &str, job_id: &str, queue: &str, arguments: String, rails: Rails) -> Result<Self, Error> {
        let arguments = RawValue::from_string(arguments)
            .map_err(|cause| Error::invalid(format!("the arguments of `{class}` are not JSON")).with_source(cause))?;
        let mut job = Self { fields: JsonFields::default() };
        let nil: Option<&str> = None;
        job.fields.write("job_class", class);
        job.fields.write("job_id", job_id);
        job.fields.write("provider_job_id", &nil);
        job.fields.write("queue_name", queue);
        job.fields.write("priority", &nil);
        job.fields.set("arguments", arguments);
        job.fields.write("executions", &0);
        job.fields.write("exception_executions", &BTreeMap::<String, u32>::new());
        job.fields.write("locale", &nil);
        job.fields.write("timezone", &nil);
        job.fields.write("enqueued_at", &nil);
        if rails >= Rails::V7_1 {
            job.fields.write("scheduled_at", &nil);
        }
        Ok(job)
    }

    /// Reads what any release of Rails wrote.
    ///
    /// # Errors
    /// It is not a JSON object. The error [is corrupt](Error::is_corrupt).
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fields = serde_json::from_str(text);
        let fields = fields.map_err(|cause| Error::corrupt("the job is not a JSON object").with_source(cause))?;
        Ok(Self { fields })
    }

    /// The class, with its modules: `Billing::ChargeJob`.
    pub fn class(&self) -> Option<String> {
        self.fields.read("job_class")
    }

    /// The id that the job keeps in all its executions, a UUID.
    pub fn job_id(&self) -> Option<String> {
        self.fields.read("job_id")
    }

    /// The id that the store gave to the previous execution: a text, or the text of a number.
    pub fn provider_job_id(&self) -> Option<String> {
        let raw = self.fields.get("provider_job_id").filter(|raw| raw.get() != "null")?;
        Some(serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().to_owned()))
    }

    /// The queue, with its prefix.
    pub fn queue(&self) -> Option<String> {
        self.fields.read("queue_name")
    }

    /// The priority. Ruby's stores run lower numbers first.
    pub fn priority(&self) -> Option<i64> {
        self.fields.read("priority")
    }

    /// The arguments as JSON, for [`from_ruby`](crate::from_ruby).
    pub fn arguments(&self) -> &str {
        self.fields.get("arguments").map_or("[]", RawValue::get)
    }

    /// How many executions have begun.
    pub fn executions(&self) -> u32 {
        self.fields.read("executions").unwrap_or_default()
    }

    /// How often each declaration of `retry_on` counted an error. Counters that are no numbers are left out.
    pub fn exception_executions(&self) -> BTreeMap<String, u32> {
        let counters = self.exception_fields().0.into_iter();
        counters.filter_map(|(key, count)| Some((key, serde_json::from_str(count.get()).ok()?))).collect()
    }

    fn exception_fields(&self) -> JsonFields {
        self.fields.read("exception_executions").unwrap_or_default()
    }

    /// The locale under which the job runs.
    pub fn locale(&self) -> Option<String> {
        self.fields.read("locale")
    }

    /// The time zone in which the job runs, by its name in Rails or in the time zone database.
    pub fn timezone(&self) -> Option<String> {
        self.fields.read("timezone")
    }

    /// When this text was written.
    pub fn enqueued_at(&self) -> Option<Timestamp> {
        self.time("enqueued_at")
    }

    /// When the job was to run; `None` if at once, and before Rails 7.1.
    pub fn scheduled_at(&self) -> Option<Timestamp> {
        self.time("scheduled_at")
    }

    fn time(&self, key: &str) -> Option<Timestamp> {
        let text: String = self.fields.read(key)?;
        DateTime::parse_from_rfc3339(&text).ok().map(Timestamp::from)
    }

    /// The JSON text of any key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.fields.get(key).map(RawValue::get)
    }

    /// Sets any key, at its position or at the end.
    ///
    /// # Errors
    /// The value cannot be written as JSON. The error [is invalid](Error::is_invalid).
    pub fn set<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Error> {
        let value = serde_json::value::to_raw_value(value)
            .map_err(|cause| Error::invalid(format!("`{key}` cannot be written as JSON")).with_source(cause))?;
        self.fields.set(key, value);
        Ok(())
    }

    /// Sets the id that the store gave to the previous execution.
    pub fn set_provider_job_id(&mut self, id: &str) {
        self.fields.write("provider_job_id", id);
    }

    /// Sets the queue.
    pub fn set_queue(&mut self, queue: &str) {
        self.fields.write("queue_name", queue);
    }

    /// Sets the priority.
    pub fn set_priority(&mut self, priority: Option<i64>) {
        self.fields.write("priority", &priority);
    }

    /// Sets how many executions have begun.
    pub fn set_executions(&mut self, executions: u32) {
        self.fields.write("executions", &executions);
    }

    /// Sets the counter of one declaration of `retry_on`, whose key is `[ErrorClass, OtherClass]`. The others stay.
    pub fn set_exception_executions(&mut self, key: &str, count: u32) {
        let mut counters = self.exception_fields();
        counters.write(key, &count);
        self.fields.write("exception_executions", &counters);
    }

    /// Sets the locale under which the job runs.
    pub fn set_locale(&mut self, locale: &str) {
        self.fields.write("locale", locale);
    }

    /// Sets the time zone in which the job runs.
    pub fn set_timezone(&mut self, zone: Option<&str>) {
        self.fields.write("timezone", &zone);
    }

    /// Sets the times of a job that is written at `now` and is to run at `scheduled`, in the form of this release. Before
    /// Rails 7.1 the second is not written.
    pub fn set_times(&mut self, now: Timestamp, scheduled: Option<Timestamp>, rails: Rails) {
        self.fields.write("enqueued_at", &iso8601(now, rails));
        if rails >= Rails::V7_1 {
            self.fields.write("scheduled_at", &scheduled.map(|time| iso8601(time, rails)));
        }
    }
}

fn iso8601(time: Timestamp, rails: Rails) -> String {
    let digits = if rails < Rails::V7_1 { SecondsFormat::Secs } else { SecondsFormat::Nanos };
    let time = DateTime::<Utc>::from_timestamp_micros(time.as_micros());
    time.unwrap_or_default().to_rfc3339_opts(digits, true)
}

/// The JSON text.
impl fmt::Display for SerializedJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.fields).map_err(|_| fmt::Error)?)
    }
}
