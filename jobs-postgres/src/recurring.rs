//! The capability to store recurring tasks and their ticks. `jobs-core` decides whether a tick may be taken; the row of
//! the task is locked meanwhile.

use jobs_core::{
    Enqueued, MissedTicks, Recurring, RecurringRecord, RecurringTask, RecurringTasks, StoreFuture, Tick, TickOutcome,
    Timestamp,
};
use tokio_postgres::Row;

use crate::PostgresStore;
use crate::codec::bind::Id;
use crate::codec::nul_escape::{escape_nul, unescape_nul};
use crate::connection::retry_conflicts::retry_conflicts;
use crate::connection::session::Session;
use crate::enqueue::insert::insert_one;
use crate::error::Result;
use crate::statements::Sql;

impl Recurring for PostgresStore {
    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()> {
        let (mut tasks, now) = (tasks.to_vec(), self.now());
        // All processes lock the rows in the same order, so that they do not deadlock.
        tasks.sort_by(|one, other| one.key.cmp(&other.key));
        self.admin.call("declare recurring tasks", move |session| async move {
            retry_conflicts(|| session.transaction(declare(&session, &tasks, now))).await
        })
    }

    fn tasks(&self) -> StoreFuture<'_, RecurringTasks> {
        let now = self.now();
        self.admin.call("list recurring tasks", move |session| async move {
            Ok(RecurringTasks::new(current_time(&session, now).await?, all(&session).await?))
        })
    }

    fn tick<'a>(&'a self, request: &'a Tick) -> StoreFuture<'a, TickOutcome> {
        let (request, now) = (request.clone(), self.now());
        self.notify_after(self.admin.call("take a tick", move |session| async move {
            retry_conflicts(|| session.transaction(tick(&session, &request, now))).await
        }))
    }

    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.change("pause a recurring task", key, |record, _| record.pause())
    }

    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.change("resume a recurring task", key, RecurringRecord::resume)
    }

    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        let key = escape_nul(key).into_owned();
        self.admin.call("forget a recurring task", move |session| async move {
            Ok(!session.query(Sql::RecurringForget, &[&key]).await?.is_empty())
        })
    }
}

impl PostgresStore {
    /// Changes a task if it exists. Returns whether it was changed.
    fn change(
        &self,
        what: &'static str,
        key: &str,
        change: fn(&mut RecurringRecord, Timestamp) -> bool,
    ) -> StoreFuture<'_, bool> {
        let (key, now) = (key.to_owned(), self.now());
        self.admin.call(what, move |session| async move {
            let changing = async || {
                let Some(mut record) = find(&session, &key).await? else { return Ok(false) };
                let is_changed = change(&mut record, current_time(&session, now).await?);
                if is_changed {
                    write(&session, Sql::RecurringWrite, &record).await?;
                }
                Ok(is_changed)
            };
            retry_conflicts(|| session.transaction(changing())).await
        })
    }
}

async fn declare(session: &Session, tasks: &[RecurringTask], now: Option<i64>) -> Result<()> {
    let now = current_time(session, now).await?;
    for task in tasks {
        let new = RecurringRecord::new(task.clone(), now);
        if write(session, Sql::RecurringAdd, &new).await? {
            continue;
        }
        // The task existed just now. If another process removed it since, the next declaration adds it again.
        if let Some(mut record) = find(session, &task.key).await? {
            record.declare(task, now);
            write(session, Sql::RecurringWrite, &record).await?;
        }
    }
    for record in all(session).await?.iter().filter(|record| record.is_forgotten(now)) {
        session.query(Sql::RecurringForget, &[&escape_nul(&record.task.key).as_ref()]).await?;
    }
    Ok(())
}

async fn tick(session: &Session, tick: &Tick, now: Option<i64>) -> Result<TickOutcome> {
    let Some(mut record) = find(session, &tick.key).await? else { return Ok(TickOutcome::Unknown) };
    if let Some(refused) = record.refuses(tick.at, current_time(session, now).await?) {
        return Ok(refused);
    }
    let enqueued = match &tick.job {
        Some(job) => {
            job.check()?;
            let duplicate = insert_one(session, job, now).await?;
            Some(duplicate.map_or(Enqueued::New(job.id), |of| Enqueued::Duplicate { of }))
        }
        None => None,
    };
    record.note(tick.at, enqueued.as_ref());
    write(session, Sql::RecurringWrite, &record).await?;
    Ok(enqueued.map_or(TickOutcome::Skipped, TickOutcome::Enqueued))
}

async fn current_time(session: &Session, now: Option<i64>) -> Result<Timestamp> {
    let row = session.query_one(Sql::Now, &[&now]).await?;
    Ok(Timestamp::from_micros(row.try_get(0)?))
}

/// Finds a task and locks its row until the transaction ends.
async fn find(session: &Session, key: &str) -> Result<Option<RecurringRecord>> {
    let found = session.query(Sql::RecurringFind, &[&escape_nul(key).as_ref()]).await?;
    found.first().map(record).transpose()
}

/// All tasks in the order of their keys.
pub(crate) async fn all(session: &Session) -> Result<Vec<RecurringRecord>> {
    session.query(Sql::RecurringList, &[]).await?.iter().map(record).collect()
}

/// Runs a statement that writes a task. Returns whether it returned a row.
async fn write(session: &Session, sql: Sql, record: &RecurringRecord) -> Result<bool> {
    let task = &record.task;
    let optional = |text: &Option<String>| text.as_deref().map(|text| escape_nul(text).into_owned());
    let rows = session
        .query(
            sql,
            &[
                &escape_nul(&task.key).as_ref(),
                &escape_nul(&task.job).as_ref(),
                &escape_nul(&task.arguments).as_ref(),
                &i64::from(task.version),
                &optional(&task.queue),
                &task.priority,
                &escape_nul(&task.schedule).as_ref(),
                &optional(&task.zone),
                &task.missed.to_string(),
                &optional(&task.description),
                &record.declared_at.as_micros(),
                &record.after.as_micros(),
                &record.last_tick.map(Timestamp::as_micros),
                &record.last_job.map(Id),
                &record.paused,
            ],
        )
        .await?;
    Ok(!rows.is_empty())
}

fn record(row: &Row) -> Result<RecurringRecord> {
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
    let mut record = RecurringRecord::new(task, Timestamp::from_micros(row.try_get(10)?));
    record.after = Timestamp::from_micros(row.try_get(11)?);
    record.last_tick = row.try_get::<_, Option<i64>>(12)?.map(Timestamp::from_micros);
    record.last_job = row.try_get::<_, Option<Id>>(13)?.map(|Id(id)| id);
    record.paused = row.try_get(14)?;
    Ok(record)
}
