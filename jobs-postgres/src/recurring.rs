//! The capability to store recurring tasks and their ticks. `jobs-core` decides whether a tick may be taken; the rows of
//! the tasks are locked meanwhile.

use std::collections::{BTreeSet, HashMap, HashSet};

use futures_util::future::join;
use jobs_core::{
    Enqueued, NewJob, Recurring, RecurringRecord, RecurringTask, RecurringTasks, StoreFuture, Tick, TickBatch,
    TickOutcome, Timestamp,
};

use crate::PostgresStore;
use crate::codec::nul_escape::{escape_nul, unescape_nul};
use crate::connection::retry_conflicts::retry_conflicts;
use crate::connection::session::Session;
use crate::enqueue::insert::insert_within;
use crate::error::Result;
use crate::recurring_columns::{RecurringColumns, record};
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

    fn ticks<'a>(&'a self, requested: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        let (requested, now) = (requested.to_vec(), self.now());
        self.notify_after(self.admin.call("take ticks", move |session| async move {
            retry_conflicts(|| session.transaction(ticks(&session, &requested, now))).await
        }))
    }

    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.change("pause a recurring task", key, |record, _| record.pause())
    }

    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.change("resume a recurring task", key, RecurringRecord::resume)
    }

    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        let key = key.to_owned();
        self.admin
            .call("forget a recurring task", move |session| async move { Ok(forget(&session, [&*key]).await? > 0) })
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
                let Some(mut record) = find(&session, [&*key]).await?.pop() else { return Ok(false) };
                let is_changed = change(&mut record, current_time(&session, now).await?);
                if is_changed {
                    session.query(Sql::RecurringWrite, &RecurringColumns::of([&record]).all()).await?;
                }
                Ok(is_changed)
            };
            retry_conflicts(|| session.transaction(changing())).await
        })
    }
}

/// Declares the tasks, which are in the order of their keys.
async fn declare(session: &Session, tasks: &[RecurringTask], now: Option<i64>) -> Result<()> {
    let now = current_time(session, now).await?;
    // Of several tasks with one key the last one counts.
    let by_key: HashMap<&str, &RecurringTask> = tasks.iter().map(|task| (task.key.as_str(), task)).collect();
    let mut new: Vec<_> = by_key.values().map(|task| RecurringRecord::new((*task).clone(), now)).collect();
    new.sort_by(|one, other| one.task.key.cmp(&other.task.key));
    let added = session.query(Sql::RecurringAdd, &RecurringColumns::of(&new).all()).await?;
    let added: HashSet<String> = added.iter().map(|row| Ok(unescape_nul(row.try_get(0)?))).collect::<Result<_>>()?;
    // The others existed just now. If another process removed one since, the next declaration adds it again.
    let mut known = find(session, by_key.keys().copied().filter(|key| !added.contains(*key))).await?;
    for record in &mut known {
        if let Some(task) = by_key.get(record.task.key.as_str()) {
            record.declare(task, now);
        }
    }
    if !known.is_empty() {
        session.query(Sql::RecurringWrite, &RecurringColumns::of(&known).all()).await?;
    }
    let all = all(session).await?;
    let forgotten = all.iter().filter(|record| record.is_forgotten(now)).map(|record| record.task.key.as_str());
    forget(session, forgotten).await?;
    Ok(())
}

async fn ticks(session: &Session, ticks: &[Tick], now: Option<i64>) -> Result<Vec<TickOutcome>> {
    // The time is read after the rows are locked: the statements run one after the other.
    let (records, time) =
        join(find(session, ticks.iter().map(|tick| tick.key.as_str())), current_time(session, now)).await;
    let batch = TickBatch::new(ticks.to_vec(), records?, time?);
    batch.jobs().iter().try_for_each(NewJob::check)?;
    let duplicates = insert_within(session, batch.jobs(), now).await?;
    let answer = |(index, job): (usize, &NewJob)| {
        duplicates.get(&index).map_or(Enqueued::New(job.id), |of| Enqueued::Duplicate { of: *of })
    };
    let enqueued: Vec<_> = batch.jobs().iter().enumerate().map(answer).collect();
    let (outcomes, changed) = batch.finish(&enqueued);
    if !changed.is_empty() {
        session.query(Sql::RecurringMark, &RecurringColumns::of(&changed).ticks()).await?;
    }
    Ok(outcomes)
}

async fn current_time(session: &Session, now: Option<i64>) -> Result<Timestamp> {
    let row = session.query_one(Sql::Now, &[&now]).await?;
    Ok(Timestamp::from_micros(row.try_get(0)?))
}

/// Finds the tasks that exist, and locks their rows until the transaction ends.
async fn find<'k>(session: &Session, keys: impl IntoIterator<Item = &'k str>) -> Result<Vec<RecurringRecord>> {
    let keys: BTreeSet<_> = keys.into_iter().map(escape_nul).collect();
    let keys: Vec<&str> = keys.iter().map(AsRef::as_ref).collect();
    session.query(Sql::RecurringFind, &[&keys]).await?.iter().map(record).collect()
}

/// All tasks in the order of their keys.
pub(crate) async fn all(session: &Session) -> Result<Vec<RecurringRecord>> {
    session.query(Sql::RecurringList, &[]).await?.iter().map(record).collect()
}

/// Removes tasks. Returns how many existed.
async fn forget<'k>(session: &Session, keys: impl IntoIterator<Item = &'k str>) -> Result<usize> {
    let keys: Vec<String> = keys.into_iter().map(|key| escape_nul(key).into_owned()).collect();
    if keys.is_empty() {
        return Ok(0);
    }
    Ok(session.query(Sql::RecurringForget, &[&keys]).await?.len())
}
