//! Pages of jobs. A page reads at most a window of jobs, or all jobs of a state that has few.

use std::borrow::Cow;

use jobs_core::{Filter, IdRange, JobId, JobRecord, Order, Page, PageBuilder, ProcessId, State, Timestamp};
use rusqlite::{Connection, OptionalExtension, named_params, params};

use crate::error::Result;
use crate::numbers::row_limit;
use crate::record::{errors, id, job, last_error};
use crate::statements::{
    FEW_READY, FEW_SCHEDULED, LIST_ANY, LIST_CLAIMED, LIST_READY, LIST_RESTING, LIST_SCHEDULED, WINDOW_ANY,
    WINDOW_RESTING,
};

/// A page of jobs that match.
pub(crate) fn page(connection: &Connection, filter: &Filter) -> Result<Page> {
    let access = Access::of(connection, filter)?;
    let range = IdRange::of(filter)?;
    let end = access.end(connection, filter, range)?;
    let mut page = PageBuilder::new(filter, range, end);
    loop {
        let mut part = select(connection, access, filter, page.within(), page.part_size())?;
        for job in &mut part {
            let read = if filter.content.has_all_errors() { errors } else { last_error };
            job.errors = read(connection, job.id)?;
        }
        if let Some(page) = page.add(part) {
            return Ok(page);
        }
    }
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
        "?7": filter.searched_error(),
        "?8": filter.searched_text(),
        "?9": side(enqueued.from),
        "?10": side(enqueued.until),
        "?11": side(due.from),
        "?12": side(due.until),
        "?13": side(done.from),
        "?14": side(done.until),
        "?15": row_limit(limit),
        "?16": filter.reads_arguments(),
    })?;
    let mut jobs = Vec::new();
    while let Some(row) = found.next()? {
        jobs.extend(job(row)?);
    }
    Ok(jobs)
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
