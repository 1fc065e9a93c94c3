//! Pages of jobs, in the order of their ids. No column has the ids that Rust gave, so a page reads the ids of all rows of the
//! state and queue in question, and then the jobs of its window.

use jobs_core::{Cursor, Error, Filter, IdRange, JobId, JobRecord, Order, Page, State};
use jobs_sql::SqlValue;

use crate::job::id_of;
use crate::store::StoreCore;

const DOING: &str = "list jobs";

/// How many jobs are read at a time.
const AT_A_TIME: usize = 200;

impl StoreCore {
    pub(crate) async fn read_page(&self, filter: &Filter) -> Result<Page, Error> {
        let range = IdRange::of(filter)?;
        if range.is_empty() {
            return Ok(Page::default());
        }
        let ids = self.ids_in(filter, range).await?;
        let mut jobs = Vec::new();
        let mut last = None;
        let mut seen = 0;
        for part in ids.chunks(AT_A_TIME) {
            let mut found = self.jobs_by_id(part).await?;
            for id in part.iter().map(|(id, _)| *id) {
                if jobs.len() == filter.page_size() || seen == filter.window_size() {
                    return Ok(Page::new(jobs, last.map(Cursor::from)));
                }
                (last, seen) = (Some(id), seen + 1);
                let at = found.iter().position(|job| job.id == id);
                if let Some(mut job) = at.map(|at| found.swap_remove(at)).filter(|job| filter.matches(job)) {
                    filter.content.reduce(&mut job);
                    jobs.push(job);
                }
            }
        }
        Ok(Page::new(jobs, None))
    }

    async fn jobs_by_id(&self, ids: &[(JobId, i64)]) -> Result<Vec<JobRecord>, Error> {
        let rows: Vec<i64> = ids.iter().map(|(_, row)| *row).collect();
        self.jobs_in(&rows).await
    }

    /// The ids of a range with their rows, in the order of the filter.
    async fn ids_in(&self, filter: &Filter, range: IdRange) -> Result<Vec<(JobId, i64)>, Error> {
        let (conditions, values) = conditions(filter);
        let statement = include_str!("../sql/ids.sql").replace("{conditions}", &conditions);
        let rows = self.read(&statement, &values, DOING).await?;
        let mut ids = Vec::with_capacity(rows.len());
        for row in rows {
            let number = row.int(0)?;
            let id = id_of(number, row.text_or_null(1));
            if range.contains(id) {
                ids.push((id, number));
            }
        }
        ids.sort_unstable();
        if filter.order == Order::NewestFirst {
            ids.reverse();
        }
        Ok(ids)
    }
}

/// What a statement selects by itself: state and queue.
fn conditions(filter: &Filter) -> (String, Vec<SqlValue>) {
    let state = filter.only_state().map(|state| match state {
        State::Failed => "failed_at IS NOT NULL",
        State::Claimed => "failed_at IS NULL AND locked_at IS NOT NULL",
        State::Ready => "failed_at IS NULL AND locked_at IS NULL AND updated_at >= run_at",
        State::Scheduled => {
            "failed_at IS NULL AND locked_at IS NULL AND (run_at IS NULL OR updated_at IS NULL OR updated_at < run_at)"
        }
        State::Blocked | State::Finished | State::Discarded => "1 = 0",
    });
    let queue = filter.queue.as_ref().map(|_| "{queue} = ?");
    let all: Vec<&str> = state.into_iter().chain(queue).collect();
    let text = if all.is_empty() { String::new() } else { format!(" WHERE {}", all.join(" AND ")) };
    (text, filter.queue.iter().map(|queue| queue.as_str().into()).collect())
}
