//! A row of `solid_queue_recurring_tasks`, and the record of a task in it. Pure: no input, no output.

use std::collections::HashSet;

use jobs_active_job::from_ruby;
use jobs_core::{Error, JobId, NewJob, RecurringRecord, RecurringTask, Schedule, Timestamp};
use jobs_sql::{SqlRow, SqlValue};
use serde::{Deserialize, Serialize};

use crate::payload::{RowForm, list_of, of_column, to_column};

/// What stands before our own data in the column `description`, on a line of its own.
const OWN: &str = "jobs_rs:";

/// A schedule that Ruby can read, for an interval that it cannot: once a year.
const UNSAYABLE: &str = "0 0 1 1 *";

/// Our own data.
#[derive(Serialize, Deserialize)]
struct OwnTask {
    record: RecurringRecord,
}

/// A row of `solid_queue_recurring_tasks`.
#[derive(Debug)]
pub(crate) struct TaskRow {
    pub(crate) key: String,
    schedule: String,
    class: Option<String>,
    arguments: Option<String>,
    queue: Option<String>,
    priority: Option<i64>,
    /// What a person wrote, before our own data.
    description: Option<String>,
    own: Option<RecurringRecord>,
    /// It is one that Ruby declared: its columns stay as they are.
    pub(crate) is_of_ruby: bool,
    /// It is one of Ruby, and a mark outside of its row says that it is paused.
    pub(super) is_paused: bool,
    updated_at: Timestamp,
    last_run: Option<Timestamp>,
}

impl TaskRow {
    /// Reads a row; `paused` are the tasks of Ruby that are paused.
    pub(super) fn read(row: &SqlRow, paused: &HashSet<String>) -> Result<Self, Error> {
        let text = |column: usize| row.text_or_null(column).map(str::to_owned);
        let (description, own) = row.text_or_null(8).map_or((None, None), split);
        let is_static = row.int_or_null(7) == Some(1);
        let is_of_ruby = is_static || own.is_none();
        let key = row.text(0)?.to_owned();
        Ok(Self {
            is_paused: is_of_ruby && paused.contains(&key),
            key,
            schedule: text(1).unwrap_or_default(),
            class: text(3),
            arguments: text(4),
            queue: text(5),
            priority: row.int_or_null(6),
            is_of_ruby,
            description,
            own,
            updated_at: row.time_or_null(10).or_else(|| row.time_or_null(9)).unwrap_or_default(),
            last_run: row.time_or_null(11),
        })
    }

    /// The record of the task. One of Ruby has what its columns say; its ticks before now are over, unless one is known.
    pub(crate) fn record(&self, form: RowForm, now: Timestamp) -> RecurringRecord {
        let mut record = match &self.own {
            Some(own) if !self.is_of_ruby => own.clone(),
            own => {
                let mut record = RecurringRecord::new(self.task(form), self.last_run.unwrap_or(now));
                record.declared_at = self.updated_at;
                record.paused = self.is_paused;
                if let Some(own) = own {
                    (record.after, record.declared_at) = (own.after, own.declared_at);
                    (record.last_tick, record.last_job) = (own.last_tick, own.last_job);
                }
                record
            }
        };
        if let Some(run) = self.last_run.filter(|run| record.last_tick.is_none_or(|last| *run > last)) {
            (record.last_tick, record.last_job) = (Some(run), None);
            record.after = record.after.max(run);
        }
        record
    }

    /// The task that the columns say. A command of Ruby has the job that Solid Queue enqueues for it.
    fn task(&self, form: RowForm) -> RecurringTask {
        let class = self.class.as_deref().unwrap_or("SolidQueue::RecurringJob");
        let mut task = RecurringTask::new(&*self.key, form.names.name_of(class), &*self.schedule);
        if let Some(arguments) = &self.arguments {
            task.arguments = from_ruby(arguments).map_or_else(|_unreadable| arguments.clone(), Into::into);
        }
        task.queue.clone_from(&self.queue);
        task.priority = self.priority.filter(|priority| *priority != 0).map(of_column);
        task.description.clone_from(&self.description);
        task
    }

    /// The column `description` with our own data of this record.
    pub(crate) fn description_with(&self, record: &RecurringRecord) -> String {
        description(self.description.as_deref(), record)
    }
}

/// The values of a task of ours: schedule, class, arguments, queue, priority, whether it is static, and description.
///
/// # Errors
/// Active Job refuses an argument. The error [is invalid](Error::is_invalid).
pub(crate) fn values(record: &RecurringRecord, form: RowForm) -> Result<Vec<SqlValue>, Error> {
    let task = &record.task;
    let job = NewJob::new(JobId::from_number(0), &*task.job, &*task.arguments);
    Ok(vec![
        schedule_of_ruby(task).into(),
        form.names.class_of(&task.job).into_owned().into(),
        list_of(&job, form.rails)?.into(),
        task.queue.clone().into(),
        task.priority.map_or(0, to_column).into(),
        false.into(),
        description(task.description.as_deref(), record).into(),
    ])
}

fn description(text: Option<&str>, record: &RecurringRecord) -> String {
    let own = serde_json::to_string(&OwnTask { record: record.clone() }).unwrap_or_default();
    // PostgreSQL has no texts with the character NUL; our own line has it.
    format!("{}\n{OWN}{own}", text.unwrap_or_default().replace('\0', "\u{fffd}"))
}

/// What a person wrote, and our own data behind it.
fn split(text: &str) -> (Option<String>, Option<RecurringRecord>) {
    let parts = text.rsplit_once('\n').and_then(|(text, own)| {
        let own: OwnTask = serde_json::from_str(own.strip_prefix(OWN)?).ok()?;
        Some((text, own.record))
    });
    let (text, own) = parts.map_or((text, None), |(text, record)| (text, Some(record)));
    (Some(text.to_owned()).filter(|text| !text.is_empty()), own)
}

/// The schedule as Ruby reads it: the same words with their zone, since Ruby's default is the zone of its application. An
/// interval is a line of cron.
fn schedule_of_ruby(task: &RecurringTask) -> String {
    let Ok(schedule) = task.when() else { return task.schedule.clone() };
    let described = schedule.describe();
    match described.rsplit_once(" (") {
        None => cron_of(&schedule).unwrap_or_else(|| UNSAYABLE.to_owned()),
        Some((_, zone)) => {
            let zone = zone.trim_end_matches(')');
            if task.schedule.trim_end().ends_with(zone) {
                task.schedule.clone()
            } else {
                format!("{} {zone}", task.schedule.trim_end())
            }
        }
    }
}

/// An interval as a line of cron, if it divides a minute, an hour or a day.
fn cron_of(interval: &Schedule) -> Option<String> {
    let seconds = interval.next_after(Timestamp::default())?.as_micros() / 1_000_000;
    let every =
        |of: i64, unit: i64| (seconds % unit == 0 && of % (seconds / unit).max(1) == 0).then_some(seconds / unit);
    match seconds {
        1..60 => every(60, 1).map(|n| format!("*/{n} * * * * * UTC")),
        60..3600 => every(60, 60).map(|n| format!("*/{n} * * * * UTC")),
        3600..86_400 => every(24, 3600).map(|n| format!("0 */{n} * * * UTC")),
        86_400 => Some("0 0 * * * UTC".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_written_so_that_ruby_ticks_at_the_same_times() {
        let ruby = |words: &str, zone: Option<&str>| {
            let task = RecurringTask::new("a", "b", words);
            schedule_of_ruby(&zone.into_iter().fold(task, RecurringTask::zone))
        };
        assert_eq!(ruby("0 2 * * *", None), "0 2 * * * UTC");
        assert_eq!(ruby("0 2 * * *", Some("Europe/Berlin")), "0 2 * * * Europe/Berlin");
        assert_eq!(ruby("0 2 * * * Europe/Berlin", None), "0 2 * * * Europe/Berlin");
        assert_eq!(
            (ruby("every 5m", None), ruby("every 10s", None)),
            ("*/5 * * * * UTC".into(), "*/10 * * * * * UTC".into())
        );
        assert_eq!(
            (ruby("every 2h", None), ruby("every 24h", None)),
            ("0 */2 * * * UTC".into(), "0 0 * * * UTC".into())
        );
        for unsayable in ["every 7m", "every 90m", "every 5h", "every 3d"] {
            assert_eq!(ruby(unsayable, None), UNSAYABLE);
        }
    }

    #[test]
    fn our_own_data_stand_behind_what_a_person_wrote_and_come_back() {
        let record = RecurringRecord::new(RecurringTask::new("a", "b", "@daily"), Timestamp::from_micros(7));
        for text in [None, Some("Cleans up\nat night")] {
            assert_eq!(split(&description(text, &record)), (text.map(str::to_owned), Some(record.clone())));
        }
        assert_eq!(split("plain"), (Some("plain".to_owned()), None));
    }
}
