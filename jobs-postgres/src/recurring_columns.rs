//! Recurring tasks as the columns of a statement, and as a row that was read.

use jobs_core::{MissedTicks, RecurringRecord, RecurringTask, Timestamp};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::codec::bind::{Id, duration_between, micros};
use crate::codec::nul_escape::{escape_nul, unescape_nul};
use crate::error::Result;

/// The columns of `recurring_add` and `recurring_write`.
#[derive(Default)]
pub(crate) struct RecurringColumns {
    keys: Vec<String>,
    jobs: Vec<String>,
    arguments: Vec<String>,
    versions: Vec<i64>,
    queues: Vec<Option<String>>,
    priorities: Vec<Option<i32>>,
    schedules: Vec<String>,
    zones: Vec<Option<String>>,
    missed: Vec<String>,
    descriptions: Vec<Option<String>>,
    declared_at: Vec<i64>,
    after: Vec<i64>,
    last_ticks: Vec<Option<i64>>,
    last_jobs: Vec<Option<Id>>,
    paused: Vec<bool>,
    expires_in: Vec<Option<i64>>,
}

impl RecurringColumns {
    pub(crate) fn of<'a>(records: impl IntoIterator<Item = &'a RecurringRecord>) -> Self {
        let mut columns = Self::default();
        for record in records {
            columns.push(record);
        }
        columns
    }

    fn push(&mut self, record: &RecurringRecord) {
        let task = &record.task;
        let text = |text: &str| escape_nul(text).into_owned();
        let optional = |optional: &Option<String>| optional.as_deref().map(text);
        self.keys.push(text(&task.key));
        self.jobs.push(text(&task.job));
        self.arguments.push(text(&task.arguments));
        self.versions.push(i64::from(task.version));
        self.queues.push(optional(&task.queue));
        self.priorities.push(task.priority);
        self.schedules.push(text(&task.schedule));
        self.zones.push(optional(&task.zone));
        self.missed.push(task.missed.to_string());
        self.descriptions.push(optional(&task.description));
        self.declared_at.push(record.declared_at.as_micros());
        self.after.push(record.after.as_micros());
        self.last_ticks.push(record.last_tick.map(Timestamp::as_micros));
        self.last_jobs.push(record.last_job.map(Id));
        self.paused.push(record.paused);
        self.expires_in.push(task.expires_in.map(micros));
    }

    /// All columns, in the order of the statements that write tasks.
    pub(crate) fn all(&self) -> [&(dyn ToSql + Sync); 16] {
        [
            &self.keys,
            &self.jobs,
            &self.arguments,
            &self.versions,
            &self.queues,
            &self.priorities,
            &self.schedules,
            &self.zones,
            &self.missed,
            &self.descriptions,
            &self.declared_at,
            &self.after,
            &self.last_ticks,
            &self.last_jobs,
            &self.paused,
            &self.expires_in,
        ]
    }

    /// The columns that ticks change, in the order of `recurring_mark`.
    pub(crate) fn ticks(&self) -> [&(dyn ToSql + Sync); 4] {
        [&self.keys, &self.after, &self.last_ticks, &self.last_jobs]
    }
}

/// Reads a row of `recurring_list` or `recurring_find`.
pub(crate) fn record(row: &Row) -> Result<RecurringRecord> {
    let text = |index| Ok::<_, tokio_postgres::Error>(unescape_nul(row.try_get(index)?));
    let optional = |index| Ok::<_, tokio_postgres::Error>(row.try_get::<_, Option<String>>(index)?.map(unescape_nul));
    let mut task = RecurringTask::new(text(0)?, text(1)?, text(6)?);
    task.arguments = text(2)?;
    task.version = row.try_get::<_, i64>(3)?.try_into().unwrap_or_default();
    task.queue = optional(4)?;
    task.priority = row.try_get(5)?;
    task.zone = optional(7)?;
    // A newer version may have written a word that this one does not know. Skipping missed ticks is the safe choice.
    task.missed = text(8)?.parse().unwrap_or(MissedTicks::Skip);
    task.description = optional(9)?;
    task.expires_in = row.try_get::<_, Option<i64>>(15)?.map(|expires_in| duration_between(0, expires_in));
    let mut record = RecurringRecord::new(task, Timestamp::from_micros(row.try_get(10)?));
    record.after = Timestamp::from_micros(row.try_get(11)?);
    record.last_tick = row.try_get::<_, Option<i64>>(12)?.map(Timestamp::from_micros);
    record.last_job = row.try_get::<_, Option<Id>>(13)?.map(|Id(id)| id);
    record.paused = row.try_get(14)?;
    Ok(record)
}
