//! Pages of jobs. A page reads at most a window of jobs, or all jobs of a state that has few.

use jobs_core::{Filter, IdRange, JobId, JobRecord, Order, Page, PageBuilder, Period, ProcessId, State, Timestamp};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::codec::bind::{Id, row_limit};
use crate::codec::encoding::Encoding;
use crate::codec::error_record::add_errors;
use crate::codec::nul_escape::escape_nul;
use crate::codec::record::job;
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;

/// A page of jobs that match.
pub(crate) async fn page(session: &Session, filter: &Filter, encoding: Encoding) -> Result<Page> {
    session.snapshot(read(session, filter, encoding)).await
}

async fn read(session: &Session, filter: &Filter, encoding: Encoding) -> Result<Page> {
    let range = IdRange::of(filter)?;
    let end = end(session, filter, range, tables(filter)).await?;
    let mut page = PageBuilder::new(filter, range, end);
    loop {
        let mut part = part(session, filter, page.within(), page.part_size(), encoding).await?;
        add_errors(session, &mut part, filter.content).await?;
        if let Some(page) = page.add(part) {
            return Ok(page);
        }
    }
}

/// The first jobs of all tables, in the order of the filter.
async fn part(
    session: &Session,
    filter: &Filter,
    within: IdRange,
    limit: usize,
    encoding: Encoding,
) -> Result<Vec<JobRecord>> {
    let mut found = Vec::new();
    for table in tables(filter) {
        found.extend(table.list(session, filter, within, limit, encoding).await?);
    }
    found.sort_by_key(|job| job.id);
    if filter.order == Order::NewestFirst {
        found.reverse();
    }
    found.truncate(limit);
    Ok(found)
}

#[derive(Clone, Copy)]
enum Table {
    Client,
    Done,
}

/// The tables that may contain such jobs.
fn tables(filter: &Filter) -> &'static [Table] {
    match filter.only_state() {
        Some(state) if state.is_done() => &[Table::Done],
        Some(_) if filter.done.is_open() => &[Table::Client],
        Some(_) => &[],
        None if filter.done.is_open() => &[Table::Client, Table::Done],
        None => &[Table::Done],
    }
}

/// The job at which the window ends, if there are that many jobs.
async fn end(session: &Session, filter: &Filter, range: IdRange, tables: &[Table]) -> Result<Option<JobId>> {
    if is_read_whole(session, filter).await? {
        return Ok(None);
    }
    let mut ends = Vec::new();
    for table in tables {
        ends.extend(table.end(session, filter, range).await?);
    }
    Ok(match filter.order {
        Order::OldestFirst => ends.into_iter().min(),
        Order::NewestFirst => ends.into_iter().max(),
    })
}

/// Whether a page reads few jobs even without a window.
async fn is_read_whole(session: &Session, filter: &Filter) -> Result<bool> {
    let count = match filter.only_state() {
        Some(State::Ready) => Sql::FewReady,
        Some(State::Scheduled) => Sql::FewScheduled,
        // At most as many as workers have claimed. To find them, the jobs that are not done are read.
        Some(State::Claimed) => return Ok(true),
        Some(State::Finished) => return Ok(false),
        // The indexes contain exactly the selected jobs.
        Some(State::Blocked | State::Failed | State::Discarded) | None => return Ok(filter.is_plain()),
    };
    Ok(session.query_one(count, &[&row_limit(filter.window_size())]).await?.try_get(0)?)
}

/// How many jobs are read for a page. To look into their errors takes about four times as long.
fn window(filter: &Filter) -> usize {
    let reads_errors = filter.error.is_some() || filter.failure.is_some();
    if reads_errors { (filter.window_size() / 4).max(filter.page_size()) } else { filter.window_size() }
}

impl Table {
    async fn end(self, session: &Session, filter: &Filter, range: IdRange) -> Result<Option<JobId>> {
        let sql = match self {
            Self::Client => Sql::WindowJobs,
            Self::Done => Sql::WindowDone,
        };
        // Only these states have an index by id.
        let state = filter.state.filter(|state| matches!(state, State::Blocked | State::Failed | State::Discarded));
        let (after, before) = (range.after.map(Id), range.before.map(Id));
        let (state, rest) = (state_number(state), row_limit(window(filter) - 1));
        let found = ordered(session, sql, filter.order, &[&after, &before, &state, &rest]).await?;
        Ok(found.first().map(|row| row.try_get(0)).transpose()?.map(|Id(id)| id))
    }

    async fn list(
        self,
        session: &Session,
        filter: &Filter,
        range: IdRange,
        limit: usize,
        encoding: Encoding,
    ) -> Result<Vec<JobRecord>> {
        let (after, before) = (range.after.map(Id), range.before.map(Id));
        let state = state_number(filter.state);
        let (queue, name) = (filter.queue.as_deref().map(escape_nul), filter.name.as_deref().map(escape_nul));
        let (queue, name) = (queue.as_deref(), name.as_deref());
        // The statements compare small letters.
        let lowercase = |text: Option<&str>| text.map(str::to_ascii_lowercase);
        let error = lowercase(filter.searched_error()).map(|text| json_escaped(&text, encoding).to_ascii_lowercase());
        let text = lowercase(filter.searched_text()).map(|text| escape_nul(&text).into_owned());
        let arguments = filter.reads_arguments();
        let [enqueued, due, done] = [filter.enqueued, filter.due, filter.done].map(sides);
        let (process, limit) = (filter.claimed_by.map(ProcessId::get), row_limit(limit));
        let (from, until) = ([&enqueued.0, &due.0], [&enqueued.1, &due.1]);
        let shared: [&(dyn ToSql + Sync); 13] = [
            &after, &before, &state, &queue, &name, &error, &text, from[0], until[0], from[1], until[1], &limit,
            &arguments,
        ];
        let found = match self {
            Self::Client => {
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
        Order::NewestFirst => session.query_descending(sql, params).await,
    }
}

fn state_number(state: Option<State>) -> Option<i16> {
    state.map(|state| state as i16)
}

fn sides(period: Period) -> (Option<i64>, Option<i64>) {
    (period.from.map(Timestamp::as_micros), period.until.map(Timestamp::as_micros))
}

/// A text as it occurs within a JSON string, to search in errors, which are stored as JSON.
fn json_escaped(text: &str, encoding: Encoding) -> String {
    // A text always serialises.
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let quoted = encoding.json(&quoted);
    quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned()
}
