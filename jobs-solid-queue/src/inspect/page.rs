//! Pages of jobs, in the order of their rows. A page reads its jobs in parts, and no more of them than its window.

use std::time::Duration;

use jobs_core::{Cursor, Error, Filter, JobId, JobRecord, Order, Page, State};
use jobs_sql::{Dialect, SqlRow, SqlValue};

use super::stored::{StoredJob, jobs_where, source};
use crate::SolidQueueStore;
use crate::payload::{active_job_id_of, row_of, storable};
use crate::work::process_row::name_of;

const WINDOW_END: &str = include_str!("../sql/inspect/window_end.sql");
const LAST_ROW: &str = include_str!("../sql/inspect/last_row.sql");
const DOING: &str = "list jobs";

/// What stands before the id of a job in a position.
const JOB: &str = "job-";

/// How many jobs a part has if most of them may not match, which bounds the memory.
const PART: usize = 500;

/// The clock that wrote `created_at` may be behind that of the program which enqueued.
const SKEW: Duration = Duration::from_secs(60);

/// In MySQL Ruby writes some `created_at` in the zone of the server: the westernmost is twelve hours behind UTC.
const ZONES: Duration = Duration::from_secs(13 * 3600);

/// Conditions of a statement, with their values.
#[derive(Clone, Debug, Default)]
struct Conditions {
    texts: Vec<String>,
    values: Vec<SqlValue>,
}

impl Conditions {
    fn add(&mut self, text: impl Into<String>, value: impl Into<SqlValue>) {
        self.texts.push(text.into());
        self.values.push(value.into());
    }

    fn add_some(&mut self, text: impl Into<String>, value: Option<impl Into<SqlValue>>) {
        if let Some(value) = value {
            self.add(text, value);
        }
    }

    fn text(&self) -> String {
        if self.texts.is_empty() { "1 = 1".to_owned() } else { self.texts.join(" AND ") }
    }

    /// The values with a last one, the limit.
    fn with_limit(&self, limit: usize) -> Vec<SqlValue> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.values.iter().cloned().chain([limit.into()]).collect()
    }
}

impl SolidQueueStore {
    pub(crate) async fn read_page(&self, filter: &Filter) -> Result<Page, Error> {
        let state = filter.only_state();
        let (table, position) = source(state);
        let mut range = Conditions::default();
        range.add_some(format!("{position} > ?"), self.row_at(filter.after.as_ref()).await?);
        range.add_some(format!("{position} < ?"), self.row_at(filter.before.as_ref()).await?);
        let end = self.window_end(filter, table, position, &range).await?;
        let mut conditions = self.conditions(filter, range);
        let (within, beyond) = if filter.order == Order::NewestFirst { (">=", "<") } else { ("<=", ">") };
        conditions.add_some(format!("{position} {within} ?"), end);
        let (mut jobs, mut last) = (Vec::new(), None);
        loop {
            let mut part = conditions.clone();
            part.add_some(format!("{position} {beyond} ?"), last);
            let rows = self.part(filter, &part).await?;
            let is_last = rows.len() < part_size(filter);
            for row in &rows {
                let stored = StoredJob::read(row)?;
                last = Some(stored.row.id);
                let mut job = stored.record(self);
                if filter.matches(&job) {
                    filter.content.reduce(&mut job);
                    jobs.push(job);
                }
                if jobs.len() == filter.page_size() {
                    return Ok(Page::new(jobs, last.map(cursor)));
                }
            }
            if is_last {
                return Ok(Page::new(jobs, end.map(cursor)));
            }
        }
    }

    async fn part(&self, filter: &Filter, conditions: &Conditions) -> Result<Vec<SqlRow>, Error> {
        let newest_first = filter.order == Order::NewestFirst;
        let statement = jobs_where(filter.only_state(), &conditions.text(), newest_first);
        self.queue.query(&statement, &conditions.with_limit(part_size(filter)), DOING).await
    }

    /// The position of the last job in the window; `None` if there are fewer.
    async fn window_end(
        &self,
        filter: &Filter,
        table: &str,
        position: &str,
        range: &Conditions,
    ) -> Result<Option<i64>, Error> {
        let direction = if filter.order == Order::NewestFirst { "DESC" } else { "ASC" };
        let statement = WINDOW_END
            .replace("{position}", position)
            .replace("{table}", table)
            .replace("{conditions}", &range.text())
            .replace("{direction}", direction);
        let rows = self.queue.query(&statement, &range.with_limit(filter.window_size() - 1), DOING).await?;
        rows.first().map(|row| row.int(0)).transpose()
    }

    /// What the database can tell of the jobs that match. All jobs that match are among those it selects.
    fn conditions(&self, filter: &Filter, mut conditions: Conditions) -> Conditions {
        match filter.only_state() {
            Some(State::Finished | State::Discarded) => conditions.texts.push("j.finished_at IS NOT NULL".to_owned()),
            Some(_) => conditions.texts.push("j.finished_at IS NULL".to_owned()),
            None => {}
        }
        let queue_of = if filter.only_state() == Some(State::Ready) { "r.queue_name = ?" } else { "j.queue_name = ?" };
        // A ready row may be in another queue than its job.
        let is_told = filter.only_state().is_some();
        conditions.add_some(queue_of, filter.queue.as_deref().filter(|_| is_told));
        if let Some(process) = filter.claimed_by {
            conditions.texts.push("(p.name = ? OR c.process_id = ?)".to_owned());
            conditions.values.extend([name_of(process).into(), process.get().into()]);
        }
        // A later row of a job was created after the job was received.
        let margin = if self.queue.dialect() == Dialect::MySql { ZONES } else { SKEW };
        conditions.add_some("j.created_at >= ?", filter.enqueued.from.map(|from| storable(from - margin)));
        conditions.add_some("j.finished_at >= ?", filter.done.from);
        conditions.add_some("j.finished_at < ?", filter.done.until);
        conditions
    }

    /// The row at a position: a number of a row, or the last row of a job.
    async fn row_at(&self, cursor: Option<&Cursor>) -> Result<Option<i64>, Error> {
        let Some(cursor) = cursor else { return Ok(None) };
        if let Some(id) = cursor.as_str().strip_prefix(JOB) {
            return Ok(Some(self.row_of_job(id.parse()?).await?));
        }
        let id = cursor.job_id()?;
        if let Some(row) = row_of(id) {
            return Ok(Some(row));
        }
        self.row_of_job(id).await.map(Some)
    }

    async fn row_of_job(&self, id: JobId) -> Result<i64, Error> {
        self.last_row(id).await?.or_else(|| row_of(id)).ok_or_else(|| {
            Error::invalid(format!(
                "the job `{id}` is not there any more, so no list goes on from it: begin at its start"
            ))
        })
    }

    /// The number of the last row of a job.
    pub(super) async fn last_row(&self, id: JobId) -> Result<Option<i64>, Error> {
        let rows = self.queue.query(LAST_ROW, &[active_job_id_of(id).into()], DOING).await?;
        Ok(rows.first().and_then(|row| row.int_or_null(0)))
    }
}

fn part_size(filter: &Filter) -> usize {
    if filter.is_plain() { filter.page_size() } else { filter.page_size().max(PART) }
}

/// The position of the last row of a job.
pub(super) fn cursor_at(job: &JobRecord) -> Cursor {
    // Letters, digits and hyphens are always a position.
    format!("{JOB}{}", job.id).parse().unwrap_or_else(|_| job.id.into())
}

fn cursor(row: i64) -> Cursor {
    JobId::from_number(row).into()
}
