//! Pages of jobs. No page reads more than a window of jobs, or those of a state where there are few.

use jobs_core::{Filter, JobId, JobRecord, Order, Page, Period, ProcessId, State, Timestamp};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::bind::{Id, rows};
use crate::error::Result;
use crate::record::job;
use crate::session::Session;
use crate::statements::Sql;
use crate::text::stored;

/// A page of jobs that match.
pub(crate) async fn page(session: &Session, filter: &Filter) -> Result<Page> {
    session.at_one_moment(look(session, filter)).await
}

async fn look(session: &Session, filter: &Filter) -> Result<Page> {
    let tables = tables(filter);
    let end = end(session, filter, tables).await?;
    let within = end.map_or_else(|| filter.clone(), |end| filter.clone().up_to(end));
    let mut found = Vec::new();
    for table in tables {
        found.extend(table.list(session, &within).await?);
    }
    found.sort_by_key(|job| job.id);
    if filter.order == Order::NewestFirst {
        found.reverse();
    }
    let is_full = found.len() >= filter.page_size();
    found.truncate(filter.page_size());
    let next = if is_full { found.last().map(|job| job.id) } else { end };
    found.retain(|job| filter.matches(job));
    Ok(Page::new(found, next))
}

#[derive(Clone, Copy)]
enum Table {
    Jobs,
    Done,
}

/// Where such jobs may be.
fn tables(filter: &Filter) -> &'static [Table] {
    match filter.only_state() {
        Some(state) if state.is_done() => &[Table::Done],
        Some(_) if filter.done.is_open() => &[Table::Jobs],
        Some(_) => &[],
        None if filter.done.is_open() => &[Table::Jobs, Table::Done],
        None => &[Table::Done],
    }
}

/// The job at which the window ends, if there are as many.
async fn end(session: &Session, filter: &Filter, tables: &[Table]) -> Result<Option<JobId>> {
    if is_read_whole(session, filter).await? {
        return Ok(None);
    }
    let mut ends = Vec::new();
    for table in tables {
        ends.extend(table.end(session, filter).await?);
    }
    Ok(match filter.order {
        Order::OldestFirst => ends.into_iter().min(),
        Order::NewestFirst => ends.into_iter().max(),
    })
}

/// Whether what is read for a page is bounded without a window.
async fn is_read_whole(session: &Session, filter: &Filter) -> Result<bool> {
    let count = match filter.only_state() {
        Some(State::Ready) => Sql::FewReady,
        Some(State::Scheduled) => Sql::FewScheduled,
        // No more than workers hold; to find them the jobs that are not done are read.
        Some(State::Claimed) => return Ok(true),
        Some(State::Finished) => return Ok(false),
        // The indexes have just what is asked for.
        Some(State::Blocked | State::Failed | State::Discarded) | None => return Ok(filter.is_plain()),
    };
    Ok(session.query_one(count, &[&rows(filter.window_size())]).await?.try_get(0)?)
}

impl Table {
    async fn end(self, session: &Session, filter: &Filter) -> Result<Option<JobId>> {
        let sql = match self {
            Self::Jobs => Sql::WindowJobs,
            Self::Done => Sql::WindowDone,
        };
        // Only where it has an index by id.
        let state = filter.state.filter(|state| matches!(state, State::Blocked | State::Failed | State::Discarded));
        let (after, before) = (filter.after.map(Id), filter.before.map(Id));
        let (state, rest) = (number(state), rows(filter.window_size() - 1));
        let found = ordered(session, sql, filter.order, &[&after, &before, &state, &rest]).await?;
        Ok(found.first().map(|row| row.try_get(0)).transpose()?.map(|Id(id)| id))
    }

    async fn list(self, session: &Session, filter: &Filter) -> Result<Vec<JobRecord>> {
        let (after, before) = (filter.after.map(Id), filter.before.map(Id));
        let state = number(filter.state);
        let (queue, name) = (filter.queue.as_deref().map(stored), filter.name.as_deref().map(stored));
        let (queue, name) = (queue.as_deref(), name.as_deref());
        let (error, text) = (filter.error.as_deref().map(in_json), filter.text.as_deref().map(stored));
        let text = text.as_deref();
        let [enqueued, due, done] = [filter.enqueued, filter.due, filter.done].map(sides);
        let (process, limit) = (filter.claimed_by.map(ProcessId::get), rows(filter.page_size()));
        let shared: [&(dyn ToSql + Sync); 12] =
            [&after, &before, &state, &queue, &name, &error, &text, &enqueued.0, &enqueued.1, &due.0, &due.1, &limit];
        let found = match self {
            Self::Jobs => {
                let all = [&shared[..], &[&process]].concat();
                ordered(session, Sql::ListJobs, filter.order, &all).await?
            }
            Self::Done => {
                let all = [&shared[..], &[&done.0, &done.1]].concat();
                ordered(session, Sql::ListDone, filter.order, &all).await?
            }
        };
        found.iter().map(job).collect()
    }
}

async fn ordered(session: &Session, sql: Sql, order: Order, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
    match order {
        Order::OldestFirst => session.query(sql, params).await,
        Order::NewestFirst => session.query_backwards(sql, params).await,
    }
}

fn number(state: Option<State>) -> Option<i16> {
    state.map(|state| state as i16)
}

fn sides(period: Period) -> (Option<i64>, Option<i64>) {
    (period.from.map(Timestamp::as_micros), period.until.map(Timestamp::as_micros))
}

/// A text as it stands within a text of JSON.
fn in_json(text: &str) -> String {
    // A text always serialises.
    let quoted = serde_json::to_string(text).unwrap_or_default();
    quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned()
}
