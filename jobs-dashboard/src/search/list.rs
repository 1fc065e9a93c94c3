//! Pages of jobs that match a query, as lists show them.

use std::time::Duration;

use jobs_core::{Cursor, Error, Failures, Filter, JobRecord, Order, Page};
use tokio::time::Instant;

use crate::app_state::AppState;
use crate::error::HttpError;
use crate::request::fields::Fields;

/// How long a search may take before it returns what it has found so far. The last page of the store may take a little longer.
const TIMEOUT: Duration = Duration::from_millis(250);

/// How many failed jobs are read to group them.
const MAX_FAILURES: usize = 5_000;

impl AppState {
    /// One page of the store. A text is looked for only in what the user may see.
    pub(crate) async fn visible_page(&self, filter: &Filter) -> Result<Page, Error> {
        self.arguments.page(self.inspect()?, filter).await
    }

    /// Reads pages of the store until `filter.limit` jobs are found, or the time is up.
    async fn search(&self, filter: &Filter) -> Result<Page, Error> {
        let deadline = Instant::now() + TIMEOUT;
        let mut found = self.visible_page(filter).await?;
        while found.jobs.len() < filter.page_size() && Instant::now() < deadline {
            let Some(next) = found.next.take() else { break };
            let mut rest = filter.clone().going_on(next);
            rest.limit = filter.page_size() - found.jobs.len();
            let page = self.visible_page(&rest).await?;
            found.jobs.extend(page.jobs);
            found.next = page.next;
        }
        Ok(found)
    }

    /// The failed jobs in groups: those before the position that the fields give, or the newest.
    pub(crate) async fn failures(&self, fields: &Fields) -> Result<Failures, HttpError> {
        let before = fields.value("before").map(str::parse).transpose()?;
        Ok(self.inspect()?.failures(before, MAX_FAILURES).await?)
    }

    /// The page of a list that starts there.
    pub(crate) async fn list(&self, filter: Filter, start: PageStart) -> Result<JobPage, Error> {
        let size = filter.page_size();
        let filter = match start.clone() {
            PageStart::Newest => filter,
            PageStart::OlderThan(position) => Filter { before: Some(position), ..filter },
            PageStart::NewerThan(position) => Filter { after: Some(position), order: Order::OldestFirst, ..filter },
        };
        let Page { mut jobs, next, .. } = self.search(&filter).await?;
        let is_incomplete = next.is_some() && jobs.len() < size;
        let inspect = self.inspect()?;
        let (older, newer) = match start {
            PageStart::NewerThan(position) => {
                // The store returned them oldest first.
                jobs.reverse();
                (Some(jobs.last().map_or(position, |job| inspect.cursor_at(job))), next)
            }
            PageStart::OlderThan(_) => (next, jobs.first().map(|job| inspect.cursor_at(job))),
            PageStart::Newest => (next, None),
        };
        Ok(JobPage { jobs, older, newer, is_incomplete })
    }
}

/// Where a page of a list starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum PageStart {
    /// At the newest job.
    #[default]
    Newest,
    /// After this position, with older jobs.
    OlderThan(Cursor),
    /// Before this position, with the jobs that are next newer.
    NewerThan(Cursor),
}

impl PageStart {
    /// Parses the fields `before` and `after`.
    ///
    /// # Errors
    /// A field is not a valid position, or both are given.
    pub(crate) fn parse(fields: &Fields) -> Result<Self, HttpError> {
        if fields.value("before").and(fields.value("after")).is_some() {
            return Err(HttpError::invalid("Give either `before` or `after`, not both."));
        }
        let position = |name| fields.value(name).map(str::parse).transpose();
        let invalid = |error: Error| HttpError::invalid(error.to_string());
        let older = position("before").map_err(invalid)?.map(Self::OlderThan);
        Ok(older.or(position("after").map_err(invalid)?.map(Self::NewerThan)).unwrap_or_default())
    }
}

/// A page of a list, newest first, and where the neighbouring pages start.
#[derive(Debug)]
pub(crate) struct JobPage {
    pub(crate) jobs: Vec<JobRecord>,
    pub(crate) older: Option<Cursor>,
    pub(crate) newer: Option<Cursor>,
    /// Whether the time was up before the page was full.
    pub(crate) is_incomplete: bool,
}
