//! A job of sidekiq-cron, as its hash has it. Pure: no input, no output.

use std::time::Duration;

use jobs_active_job::JsonObject;
use jobs_core::{DEFAULT_QUEUE, Error, JobId, RecurringRecord, RecurringTask, Timestamp};
use jobs_syntax::schedule::read_ruby;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::ticks::last_tick;
use super::{HashFields, ruby_time, set_schedule, text};
use crate::payload::ClassNames;
use crate::payload::times::seconds;

/// The gem, as the pages name it.
const SOURCE: &str = "sidekiq-cron";

/// What stands in front of the name in the key of a job.
const PREFIX: &str = "cron_job:";

/// The wrapper that sidekiq-cron writes.
const WRAPPER: &str = "ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper";

/// A job of sidekiq-cron.
#[derive(Debug)]
pub(super) struct CronJob<'f> {
    /// Its key, without the namespace of the store.
    pub(super) key: &'f str,
    fields: &'f HashFields,
    /// Whether its class is a job of Rails.
    is_active_job: bool,
    /// The last entry of its history.
    last: &'f [u8],
}

/// An entry of the history.
#[derive(Deserialize)]
struct LastJob {
    jid: String,
}

impl<'f> CronJob<'f> {
    /// The job of this key; `None` if the hash is none, as of a job that was removed. Its class is a job of Rails if the hash says
    /// so, or if all jobs of this store are.
    pub(super) fn read(
        (key, fields, last): &'f (String, HashFields, Vec<u8>),
        writes_active_jobs: bool,
    ) -> Option<Self> {
        let mut job = Self { key, fields, is_active_job: writes_active_jobs, last };
        job.is_active_job |= job.is_set("active_job");
        (key.starts_with(PREFIX) && !job.field("klass").is_empty()).then_some(job)
    }

    fn field(&self, name: &str) -> String {
        self.fields.get(name).map(|bytes| text(bytes)).unwrap_or_default()
    }

    fn is_set(&self, name: &str) -> bool {
        ["1", "true", "t", "yes", "y"].contains(&self.field(name).to_lowercase().as_str())
    }

    pub(super) fn cron(&self) -> String {
        self.field("cron")
    }

    pub(super) fn is_enabled(&self) -> bool {
        self.field("status") == "enabled"
    }

    /// The name of its job.
    pub(super) fn name(&self, names: ClassNames) -> String {
        names.name_of(&self.field("klass")).into_owned()
    }

    /// The arguments: the list that it has, and a text that is no list as the only one.
    fn args(&self) -> Vec<Value> {
        let written = self.field("args");
        match serde_json::from_str(&written) {
            Ok(Value::Array(args)) => args,
            Ok(Value::Null) => Vec::new(),
            Ok(other) => vec![other],
            Err(_) if written.is_empty() => Vec::new(),
            Err(_) => vec![Value::String(written)],
        }
    }

    fn args_text(&self) -> String {
        let written = self.field("args");
        let list = written.trim();
        let is_list = list.starts_with('[') && serde_json::from_str::<&RawValue>(list).is_ok();
        if is_list { list.to_owned() } else { Value::Array(self.args()).to_string() }
    }

    fn message(&self) -> JsonObject {
        JsonObject::parse(&self.field("message")).unwrap_or_default()
    }

    /// The queue. Active Job's prefix stands in front of it.
    pub(super) fn queue(&self) -> String {
        let named: Option<String> = self.message().get("queue");
        let queue = named.filter(|queue| !queue.is_empty()).unwrap_or_else(|| DEFAULT_QUEUE.to_owned());
        let prefix = self.field("queue_name_prefix");
        if !self.is_active_job || prefix.is_empty() {
            return queue;
        }
        let delimiter = Some(self.field("queue_name_delimiter")).filter(|text| !text.is_empty());
        format!("{prefix}{}{queue}", delimiter.as_deref().unwrap_or("_"))
    }

    fn last_enqueue(&self) -> Option<Timestamp> {
        ruby_time(&self.field("last_enqueue_time"))
    }

    /// The task as pages show it. `zone` is that of lines without one.
    pub(super) fn record(&self, names: ClassNames, zone: Option<&str>, now: Timestamp) -> RecurringRecord {
        let name = self.key.strip_prefix(PREFIX).unwrap_or(self.key);
        let (cron, description) = (self.cron(), self.field("description"));
        let mut task = RecurringTask::new(format!("{SOURCE}:{name}"), self.name(names), &*cron);
        task = task.arguments(self.args_text()).queue(self.queue());
        task.description = Some(description).filter(|text| !text.is_empty());
        let mut record = RecurringRecord::new(task, now);
        set_schedule(&mut record, &cron, read_ruby(&cron).ok(), zone);
        (record.source, record.paused) = (Some(SOURCE.to_owned()), !self.is_enabled());
        record.last_tick = self.last_enqueue();
        let last: Option<LastJob> = serde_json::from_slice(self.last).ok();
        record.last_job = last.and_then(|last| last.jid.parse::<JobId>().ok());
        record
    }

    /// The tick of its task that is due now, if there is one that was not enqueued: the last one, unless it is older than the grace
    /// period.
    ///
    /// # Errors
    /// Its line is no schedule; the error [is invalid](Error::is_invalid).
    pub(super) fn due_tick(
        &self,
        task: &RecurringTask,
        grace: Duration,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Error> {
        let second = Timestamp::from_micros(now.as_micros().div_euclid(1_000_000).saturating_mul(1_000_000));
        let tick = last_tick(task, second - grace - Duration::from_secs(1), now)?;
        Ok(tick.filter(|tick| self.last_enqueue().is_none_or(|last| last < *tick)))
    }

    /// The text that sidekiq-cron pushes for a class that it does not have.
    pub(super) fn message_at(&self, job_id: &str, now: Timestamp) -> String {
        let mut args = self.args_text();
        if self.is_set("date_as_argument") {
            args.truncate(args.len() - 1);
            let comma = if args.trim_end().ends_with('[') { "" } else { "," };
            args = format!("{args}{comma}{:?}]", seconds(now));
        }
        let args = RawValue::from_string(args).unwrap_or_default();
        let (class, queue) = (self.field("klass"), self.queue());
        let mut object = self.message();
        if self.is_active_job {
            object = JsonObject::default();
            object.set("class", WRAPPER);
            object.set("wrapped", &class);
            object.set("description", self.field("description"));
            let job = ActiveJobArgs { job_class: &class, job_id, queue_name: &queue, arguments: &args };
            object.set("args", [job]);
        } else {
            object.set("class", &class);
            object.set("args", &args);
        }
        object.set("queue", &queue);
        object.text()
    }
}

/// The job of Rails, as sidekiq-cron writes it.
#[derive(serde::Serialize)]
struct ActiveJobArgs<'a> {
    job_class: &'a str,
    job_id: &'a str,
    queue_name: &'a str,
    arguments: &'a RawValue,
}

/// An entry of the history of a job that was enqueued now.
pub(super) fn history(jid: &str, now: Timestamp) -> String {
    json!({ "jid": jid, "enqueued": utc(now, "%Y-%m-%d %H:%M:%S UTC") }).to_string()
}

/// A time in UTC, in whole seconds.
pub(super) fn utc(at: Timestamp, format: &str) -> String {
    let time = chrono::DateTime::<chrono::Utc>::from_timestamp_micros(at.as_micros()).unwrap_or_default();
    time.format(format).to_string()
}
