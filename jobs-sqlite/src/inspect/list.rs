//! Pages of jobs. A page reads at most a window of jobs, or all jobs of a state that has few.

use std::borrow::Cow;

use jobs_core::{Cursor, Filter, IdRange, JobId, JobRecord, Order, Page, ProcessId, State, Timestamp};
use rusqlite::{Connection, OptionalExtension, named_params, params};

use crate::error::Result;
use crate::numbers::row_limit;
use crate::record::{errors, id, job, last_error};
use crate::statements::{
    FEW_READY, FEW_SCHEDULED, LIST_ANY, LIST_CLAIMED, LIST_READY, LIST_RESTING, LIST_SCHEDULED, WINDOW_ANY,
    WINDOW_RESTING,
};

/// How many jobs are read with one statement if most of them may not match, which bounds the memory.
const PART: usize = 500;

/// A page of jobs that match.
pub(crate) fn page(connection: &Connection, filter: &Filter) -> Result<Page> {
    let access = Access::of(connection, filter)?;
    let range = IdRange::of(filter)?;
    let end = access.end(connection, filter, range)?;
    let mut within = end.map_or(range, |end| range.up_to(filter.order, end));
    let size = filter.page_size();
    let limit = if filter.is_checked_after_reading() { size.max(PART) } else { size };
    let mut jobs = Vec::new();
    loop {
        let part = select(connection, access, filter, within, limit)?;
        let last = part.last().map(|job| job.id).filter(|_| part.len() >= limit);
        jobs.extend(checked(connection, filter, part)?);
        if jobs.len() > size || (jobs.len() == size && last.is_some()) {
            jobs.truncate(size);
            let next = jobs.last().map(|job| Cursor::from(job.id));
            return Ok(Page::new(jobs, next));
        }
        let Some(last) = last else { return Ok(Page::new(jobs, end.map(Cursor::from))) };
        within = within.beyond(filter.order, last);
    }
}

/// The jobs that match in all that the statement does not compare, with what the page contains of them.
fn checked(connection: &Connection, filter: &Filter, mut jobs: Vec<JobRecord>) -> Result<Vec<JobRecord>> {
    for job in &mut jobs {
        let read = if filter.content.has_all_errors() { errors } else { last_error };
        job.errors = read(connection, job.id)?;
    }
    // A text of ASCII was searched by the statement; the job may have been read without its arguments.
    let is_searched = filter.text.as_ref().is_some_and(|text| text.is_ascii());
    let rest = Filter { text: filter.text.clone().filter(|_| !is_searched), ..filter.clone() };
    jobs.retain(|job| rest.matches(job));
    for job in &mut jobs {
        filter.content.reduce(job);
    }
    Ok(jobs)
}

/// The index by which jobs are found.
#[derive(Clone, Copy)]
enum Access {
    /// By id, a window at a time.
    Ids,
    /// By state and then by id, a window at a time.
    Resting,
    /// All jobs of a state that has few, sorted.
    Few(&'static str),
}

impl Access {
    fn of(connection: &Connection, filter: &Filter) -> Result<Self> {
        let few = |count: &str, list| {
            let most = row_limit(filter.window_size());
            let is_few = connection.prepare_cached(count)?.query_row([most], |row| row.get(0))?;
            Ok(if is_few { Self::Few(list) } else { Self::Ids })
        };
        match filter.only_state() {
            Some(State::Ready) => few(FEW_READY, LIST_READY),
            Some(State::Scheduled) => few(FEW_SCHEDULED, LIST_SCHEDULED),
            // At most as many as workers have claimed.
            Some(State::Claimed) => Ok(Self::Few(LIST_CLAIMED)),
            Some(State::Blocked | State::Failed | State::Discarded) => Ok(Self::Resting),
            Some(State::Finished) | None => Ok(Self::Ids),
        }
    }

    /// The job at which the window ends, if there are that many jobs.
    fn end(self, connection: &Connection, filter: &Filter, range: IdRange) -> Result<Option<JobId>> {
        let (after, before) = (range.after.as_ref().map(JobId::as_bytes), range.before.as_ref().map(JobId::as_bytes));
        let rest = row_limit(filter.window_size() - 1);
        let found = match self {
            Self::Few(_) => return Ok(None),
            // The index contains exactly the selected jobs.
            Self::Resting if filter.is_plain() => return Ok(None),
            Self::Ids if filter.is_plain() && filter.state.is_none() => return Ok(None),
            Self::Ids => connection
                .prepare_cached(&ordered(WINDOW_ANY, filter.order))?
                .query_row(params![after, before, rest], |row| Ok(id(row.get_ref(0)?))),
            Self::Resting => connection
                .prepare_cached(&ordered(WINDOW_RESTING, filter.order))?
                .query_row(params![after, before, rest, number(filter.state)], |row| Ok(id(row.get_ref(0)?))),
        };
        Ok(found.optional()?.flatten())
    }

    const fn statement(self) -> &'static str {
        match self {
            Self::Ids => LIST_ANY,
            Self::Resting => LIST_RESTING,
            Self::Few(statement) => statement,
        }
    }
}

fn select(
    connection: &Connection,
    access: Access,
    filter: &Filter,
    range: IdRange,
    limit: usize,
) -> Result<Vec<JobRecord>> {
    let (error, text) = (ascii(filter.error.as_deref()), ascii(filter.text.as_deref()));
    let has_arguments = filter.content.has_arguments() || text != filter.text.as_deref();
    let mut statement = connection.prepare_cached(&ordered(access.statement(), filter.order))?;
    let side = |side: Option<Timestamp>| side.map(Timestamp::as_micros);
    let Filter { enqueued, due, done, .. } = filter;
    let mut found = statement.query(named_params! {
        "?1": range.after.as_ref().map(JobId::as_bytes),
        "?2": range.before.as_ref().map(JobId::as_bytes),
        "?3": number(filter.state),
        "?4": filter.queue,
        "?5": filter.name,
        "?6": filter.claimed_by.map(ProcessId::get),
        "?7": error,
        "?8": text,
        "?9": side(enqueued.from),
        "?10": side(enqueued.until),
        "?11": side(due.from),
        "?12": side(due.until),
        "?13": side(done.from),
        "?14": side(done.until),
        "?15": row_limit(limit),
        "?16": has_arguments,
    })?;
    let mut jobs = Vec::new();
    while let Some(row) = found.next()? {
        jobs.extend(job(row)?);
    }
    Ok(jobs)
}

/// The text, if the database compares its letters without regard to case.
fn ascii(text: Option<&str>) -> Option<&str> {
    text.filter(|text| text.is_ascii())
}

fn number(state: Option<State>) -> Option<i64> {
    state.map(|state| state as i64)
}

/// The statement for this order of ids.
fn ordered(statement: &'static str, order: Order) -> Cow<'static, str> {
    match order {
        Order::OldestFirst => Cow::Borrowed(statement),
        Order::NewestFirst => Cow::Owned(statement.replace("/*DESC*/", "DESC")),
    }
}
