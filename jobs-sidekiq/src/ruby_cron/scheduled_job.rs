//! A job of sidekiq-scheduler, as its hash has it. Pure: no input, no output.

use jobs_active_job::JsonObject;
use jobs_core::{RecurringRecord, RecurringTask, Timestamp};
use jobs_syntax::schedule::{read_ruby, read_ruby_interval};
use serde::Deserialize;
use serde_json::Value;

use super::{ruby_time, set_schedule, text};
use crate::payload::ClassNames;

/// The gem, as the pages name it.
const SOURCE: &str = "sidekiq-scheduler";

/// How a job says when it is enqueued, in the order in which the gem looks.
const WHEN: [&str; 5] = ["cron", "every", "at", "in", "interval"];

/// A job of sidekiq-scheduler.
#[derive(Debug)]
pub(super) struct ScheduledJob<'n> {
    name: &'n str,
    config: JsonObject,
    is_enabled: bool,
}

/// What its page has changed.
#[derive(Deserialize)]
struct JobState {
    enabled: Option<bool>,
}

impl<'n> ScheduledJob<'n> {
    /// The job of this name; `None` if the text is none.
    pub(super) fn read(name: &'n str, config: &[u8], state: Option<&[u8]>) -> Option<Self> {
        let config = JsonObject::parse(std::str::from_utf8(config).ok()?)?;
        let state: Option<JobState> = state.and_then(|state| serde_json::from_slice(state).ok());
        let enabled = state.and_then(|state| state.enabled).or_else(|| config.get("enabled"));
        Some(Self { name, config, is_enabled: enabled.unwrap_or(true) })
    }

    /// How it says when it is enqueued: the word, and the text behind it, which may have options in a list.
    fn when(&self) -> (&'static str, String) {
        let written = |key: &&'static str| {
            let value: Value = self.config.get(key)?;
            let value = if let Value::Array(list) = value { list.into_iter().next()? } else { value };
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (!value.is_null() && !text.is_empty()).then_some((*key, text))
        };
        WHEN.iter().find_map(written).unwrap_or(("cron", String::new()))
    }

    /// The task as pages show it. `zone` is that of lines without one.
    pub(super) fn record(
        &self,
        names: ClassNames,
        last_time: Option<&[u8]>,
        zone: Option<&str>,
        now: Timestamp,
    ) -> RecurringRecord {
        let config = |key: &str| self.config.get::<String>(key).filter(|text| !text.is_empty());
        // The name of an entry without a class is the class.
        let class = config("class").unwrap_or_else(|| self.name.to_owned());
        let (kind, written) = self.when();
        let mut task = RecurringTask::new(format!("{SOURCE}:{}", self.name), names.name_of(&class), &*written);
        self.config.raw("args").unwrap_or("[]").clone_into(&mut task.arguments);
        (task.queue, task.description) = (config("queue"), config("description"));
        let mut record = RecurringRecord::new(task, now);
        match kind {
            "cron" => set_schedule(&mut record, &written, read_ruby(&written).ok(), zone),
            "every" | "interval" => set_schedule(&mut record, &written, read_ruby_interval(&written).ok(), None),
            // It is enqueued once.
            once => record.task.schedule = format!("{once} {written}"),
        }
        (record.source, record.paused) = (Some(SOURCE.to_owned()), !self.is_enabled);
        record.last_tick = last_time.and_then(|time| ruby_time(&text(time)));
        record
    }
}
