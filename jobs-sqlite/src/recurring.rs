//! The capability to store recurring tasks and their ticks. `jobs-core` decides whether a tick may be taken.

use std::collections::BTreeSet;
use std::time::Duration;

use jobs_core::{
    JobId, MissedTicks, Recurring, RecurringRecord, RecurringTask, RecurringTasks, StoreFuture, Tick, TickBatch,
    TickOutcome, Timestamp,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::SqliteStore;
use crate::connection::write_tx::WriteTx;
use crate::enqueue::insert;
use crate::error::Result;
use crate::record::{id, time};
use crate::statements::{RECURRING_FIND, RECURRING_FORGET, RECURRING_LIST, RECURRING_WRITE};

impl Recurring for SqliteStore {
    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()> {
        let tasks = tasks.to_vec();
        self.writer.call("declare recurring tasks", move |tx| declare(tx, &tasks))
    }

    fn tasks(&self) -> StoreFuture<'_, RecurringTasks> {
        let now = self.clock.now();
        self.reader.call("list recurring tasks", move |connection| Ok(RecurringTasks::new(now, all(connection)?)))
    }

    fn ticks<'a>(&'a self, requested: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        let (requested, max_size) = (requested.to_vec(), self.max_size);
        self.writer.call("take ticks", move |tx| ticks(tx, &requested, max_size))
    }

    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.change("pause a recurring task", key, |record, _| record.pause())
    }

    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.change("resume a recurring task", key, RecurringRecord::resume)
    }

    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        let key = key.to_owned();
        self.writer.call("forget a recurring task", move |tx| Ok(tx.execute(RECURRING_FORGET, [&key])? > 0))
    }
}

impl SqliteStore {
    /// Changes a task if it exists. Returns whether it was changed.
    fn change(
        &self,
        what: &'static str,
        key: &str,
        change: fn(&mut RecurringRecord, Timestamp) -> bool,
    ) -> StoreFuture<'_, bool> {
        let key = key.to_owned();
        self.writer.call(what, move |tx| {
            let Some(mut record) = find(tx, &key)? else { return Ok(false) };
            let is_changed = change(&mut record, tx.now);
            if is_changed {
                write(tx, &record)?;
            }
            Ok(is_changed)
        })
    }
}

fn declare(tx: &WriteTx<'_>, tasks: &[RecurringTask]) -> Result<()> {
    for task in tasks {
        let record = match find(tx, &task.key)? {
            Some(mut record) => {
                record.declare(task, tx.now);
                record
            }
            None => RecurringRecord::new(task.clone(), tx.now),
        };
        write(tx, &record)?;
    }
    let mut statement = tx.statement(RECURRING_LIST)?;
    let known: Vec<RecurringRecord> = statement.query_map([], record)?.collect::<rusqlite::Result<_>>()?;
    for record in known.iter().filter(|record| record.is_forgotten(tx.now)) {
        tx.execute(RECURRING_FORGET, [&record.task.key])?;
    }
    Ok(())
}

fn ticks(tx: &WriteTx<'_>, ticks: &[Tick], max_size: Option<u64>) -> Result<Vec<TickOutcome>> {
    let keys: BTreeSet<&str> = ticks.iter().map(|tick| tick.key.as_str()).collect();
    let mut records = Vec::with_capacity(keys.len());
    for key in keys {
        records.extend(find(tx, key)?);
    }
    let batch = TickBatch::new(ticks.to_vec(), records, tx.now);
    let enqueued = insert::enqueue(tx, batch.jobs(), max_size)?;
    let (outcomes, changed) = batch.finish(&enqueued);
    changed.iter().try_for_each(|record| write(tx, record))?;
    Ok(outcomes)
}

fn find(tx: &WriteTx<'_>, key: &str) -> Result<Option<RecurringRecord>> {
    Ok(tx.statement(RECURRING_FIND)?.query_row([key], record).optional()?)
}

/// All tasks in the order of their keys.
pub(crate) fn all(connection: &Connection) -> Result<Vec<RecurringRecord>> {
    let mut statement = connection.prepare_cached(RECURRING_LIST)?;
    Ok(statement.query_map([], record)?.collect::<rusqlite::Result<_>>()?)
}

fn write(tx: &WriteTx<'_>, record: &RecurringRecord) -> Result<()> {
    let task = &record.task;
    let written = params![
        task.key,
        task.job,
        task.arguments,
        task.version,
        task.queue,
        task.priority,
        task.schedule,
        task.zone,
        task.missed.to_string(),
        task.description,
        record.declared_at.as_micros(),
        record.after.as_micros(),
        record.last_tick.map(Timestamp::as_micros),
        record.last_job.as_ref().map(JobId::as_bytes),
        record.paused,
        task.expires_in.map(|time| i64::try_from(time.as_micros()).unwrap_or(i64::MAX)),
    ];
    tx.execute(RECURRING_WRITE, written).map(drop)
}

fn record(row: &Row<'_>) -> rusqlite::Result<RecurringRecord> {
    let mut task = RecurringTask::new(row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(6)?);
    task.arguments = row.get(2)?;
    task.version = row.get(3)?;
    task.queue = row.get(4)?;
    task.priority = row.get(5)?;
    task.zone = row.get(7)?;
    // A newer version may have written a word that this one does not know. Skipping missed ticks is the safe choice.
    task.missed = row.get::<_, String>(8)?.parse().unwrap_or(MissedTicks::Skip);
    task.description = row.get(9)?;
    task.expires_in = row.get::<_, Option<i64>>(15)?.map(|micros| Duration::from_micros(micros.unsigned_abs()));
    let mut record = RecurringRecord::new(task, time(row, 10)?.unwrap_or_default());
    record.after = time(row, 11)?.unwrap_or_default();
    record.last_tick = time(row, 12)?;
    record.last_job = id(row.get_ref(13)?);
    record.paused = row.get(14)?;
    Ok(record)
}
