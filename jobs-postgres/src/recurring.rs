//! Recurring tasks, and their ticks. Who may have a tick is said by core; the row of the task is locked meanwhile.

use jobs_core::{
    Agenda, Enqueued, Missed, Recurring, RecurringRecord, RecurringTask, StoreFuture, Tick, Ticked, Timestamp,
};
use tokio_postgres::Row;

use crate::PostgresStore;
use crate::again::again;
use crate::bind::Id;
use crate::desk::store_one;
use crate::error::Result;
use crate::session::Session;
use crate::statements::Sql;
use crate::text::{read, stored};

impl Recurring for PostgresStore {
    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()> {
        let (mut tasks, now) = (tasks.to_vec(), self.now());
        // All come to the rows in the same order, so that nobody waits for somebody who waits.
        tasks.sort_by(|one, other| one.key.cmp(&other.key));
        self.looking.call("declare recurring tasks", move |session| async move {
            again(|| session.transaction(declare(&session, &tasks, now))).await
        })
    }

    fn tasks(&self) -> StoreFuture<'_, Agenda> {
        let now = self.now();
        self.looking.call("list recurring tasks", move |session| async move {
            Ok(Agenda::new(present(&session, now).await?, all(&session).await?))
        })
    }

    fn tick<'a>(&'a self, asked: &'a Tick) -> StoreFuture<'a, Ticked> {
        let (asked, now) = (asked.clone(), self.now());
        self.stir(self.looking.call("take a tick", move |session| async move {
            again(|| session.transaction(tick(&session, &asked, now))).await
        }))
    }

    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.change("pause a recurring task", key, |record, _| !std::mem::replace(&mut record.paused, true))
    }

    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.change("resume a recurring task", key, |record, now| {
            let was_paused = record.paused;
            if was_paused {
                record.resume(now);
            }
            was_paused
        })
    }

    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        let key = stored(key).into_owned();
        self.looking.call("forget a recurring task", move |session| async move {
            Ok(!session.query(Sql::RecurringForget, &[&key]).await?.is_empty())
        })
    }
}

impl PostgresStore {
    /// Changes a task that is there; whether it was changed.
    fn change(
        &self,
        what: &'static str,
        key: &str,
        change: fn(&mut RecurringRecord, Timestamp) -> bool,
    ) -> StoreFuture<'_, bool> {
        let (key, now) = (key.to_owned(), self.now());
        self.looking.call(what, move |session| async move {
            let changing = async || {
                let Some(mut record) = find(&session, &key).await? else { return Ok(false) };
                let is_changed = change(&mut record, present(&session, now).await?);
                if is_changed {
                    write(&session, Sql::RecurringWrite, &record).await?;
                }
                Ok(is_changed)
            };
            again(|| session.transaction(changing())).await
        })
    }
}

async fn declare(session: &Session, tasks: &[RecurringTask], now: Option<i64>) -> Result<()> {
    let now = present(session, now).await?;
    for task in tasks {
        let new = RecurringRecord::new(task.clone(), now);
        if write(session, Sql::RecurringAdd, &new).await? {
            continue;
        }
        // It was there just now; if somebody has forgotten it since, the next declaration makes it known.
        if let Some(mut record) = find(session, &task.key).await? {
            record.declare(task, now);
            write(session, Sql::RecurringWrite, &record).await?;
        }
    }
    for record in all(session).await?.iter().filter(|record| record.is_forgotten(now)) {
        session.query(Sql::RecurringForget, &[&stored(&record.task.key).as_ref()]).await?;
    }
    Ok(())
}

async fn tick(session: &Session, tick: &Tick, now: Option<i64>) -> Result<Ticked> {
    let Some(mut record) = find(session, &tick.key).await? else { return Ok(Ticked::Unknown) };
    if let Some(refused) = record.refuses(tick.at, present(session, now).await?) {
        return Ok(refused);
    }
    let enqueued = match &tick.job {
        Some(job) => {
            let duplicate = store_one(session, job, now).await?;
            Some(duplicate.map_or(Enqueued::New(job.id), |of| Enqueued::Duplicate { of }))
        }
        None => None,
    };
    record.note(tick.at, enqueued.as_ref());
    write(session, Sql::RecurringWrite, &record).await?;
    Ok(enqueued.map_or(Ticked::Skipped, Ticked::Enqueued))
}

async fn present(session: &Session, now: Option<i64>) -> Result<Timestamp> {
    let row = session.query_one(Sql::Now, &[&now]).await?;
    Ok(Timestamp::from_micros(row.try_get(0)?))
}

/// Locks the row until the transaction ends.
async fn find(session: &Session, key: &str) -> Result<Option<RecurringRecord>> {
    let found = session.query(Sql::RecurringFind, &[&stored(key).as_ref()]).await?;
    found.first().map(record).transpose()
}

async fn all(session: &Session) -> Result<Vec<RecurringRecord>> {
    session.query(Sql::RecurringList, &[]).await?.iter().map(record).collect()
}

/// Whether the statement answered with a row.
async fn write(session: &Session, sql: Sql, record: &RecurringRecord) -> Result<bool> {
    let task = &record.task;
    let words = |text: &Option<String>| text.as_deref().map(|text| stored(text).into_owned());
    let rows = session
        .query(
            sql,
            &[
                &stored(&task.key).as_ref(),
                &stored(&task.job).as_ref(),
                &stored(&task.arguments).as_ref(),
                &i64::from(task.version),
                &words(&task.queue),
                &task.priority,
                &stored(&task.schedule).as_ref(),
                &words(&task.zone),
                &task.missed.to_string(),
                &words(&task.description),
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
    let text = |place| Ok::<_, tokio_postgres::Error>(read(row.try_get(place)?));
    let words = |place| Ok::<_, tokio_postgres::Error>(row.try_get::<_, Option<String>>(place)?.map(read));
    let mut task = RecurringTask::new(text(0)?, text(1)?, text(6)?);
    task.arguments = text(2)?;
    task.version = row.try_get::<_, i64>(3)?.try_into().unwrap_or_default();
    task.queue = words(4)?;
    task.priority = row.try_get(5)?;
    task.zone = words(7)?;
    // A word that this version does not know: it makes up for nothing.
    task.missed = text(8)?.parse().unwrap_or(Missed::Skip);
    task.description = words(9)?;
    let mut record = RecurringRecord::new(task, Timestamp::from_micros(row.try_get(10)?));
    record.after = Timestamp::from_micros(row.try_get(11)?);
    record.last_tick = row.try_get::<_, Option<i64>>(12)?.map(Timestamp::from_micros);
    record.last_job = row.try_get::<_, Option<Id>>(13)?.map(|Id(id)| id);
    record.paused = row.try_get(14)?;
    Ok(record)
}
