//! Pages of jobs that match a query, as lists show them.

use std::time::Duration;

use jobs_core::{Error, Filter, JobId, JobRecord, Order, Page};
use tokio::time::Instant;

use crate::app_state::AppState;
use crate::error::HttpError;
use crate::request::fields::Fields;

/// How long a search may take before it returns what it has found so far.
const TIMEOUT: Duration = Duration::from_secs(1);

impl AppState {
    /// One page of the store, without the jobs that match a text only in arguments that the user may not see. Otherwise a
    /// user could guess a secret, one character after the other, by searching for it.
    pub(crate) async fn visible_page(&self, filter: &Filter) -> Result<Page, Error> {
        let mut page = self.inspect()?.page(filter).await?;
        if let Some(text) = &filter.text {
            page.jobs.retain(|job| self.visibly_contains(job, text));
        }
        Ok(page)
    }

    fn visibly_contains(&self, job: &JobRecord, text: &str) -> bool {
        job.id.to_string().contains(text)
            || self.visible_arguments(job).is_some_and(|arguments| arguments.contains(text))
    }

    /// Reads pages of the store until `filter.limit` jobs are found, or the time is up.
    async fn search(&self, filter: &Filter) -> Result<Page, Error> {
        let deadline = Instant::now() + TIMEOUT;
        let mut found = self.visible_page(filter).await?;
        while let Some(next) = found.next.filter(|_| found.jobs.len() < filter.page_size() && Instant::now() < deadline)
        {
            let mut rest = filter.clone().going_on(next);
            rest.limit = filter.page_size() - found.jobs.len();
            let page = self.visible_page(&rest).await?;
            found.jobs.extend(page.jobs);
            found.next = page.next;
        }
        Ok(found)
    }

    /// The page of a list that starts there.
    pub(crate) async fn list(&self, filter: Filter, start: PageStart) -> Result<JobPage, Error> {
        let size = filter.page_size();
        let filter = match start {
            PageStart::Newest => filter,
            PageStart::OlderThan(id) => Filter { before: Some(id), ..filter },
            PageStart::NewerThan(id) => Filter { after: Some(id), order: Order::OldestFirst, ..filter },
        };
        let Page { mut jobs, next, .. } = self.search(&filter).await?;
        let is_incomplete = next.is_some() && jobs.len() < size;
        let (older, newer) = if let PageStart::NewerThan(id) = start {
            // The store returned them oldest first.
            jobs.reverse();
            (jobs.last().map_or(Some(id), |job| Some(job.id)), next)
        } else {
            let first = jobs.first().map(|job| job.id);
            (next, if start == PageStart::Newest { None } else { first })
        };
        Ok(JobPage { jobs, older, newer, is_incomplete })
    }
}

/// Where a page of a list starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PageStart {
    /// At the newest job.
    #[default]
    Newest,
    /// After this job, with older jobs.
    OlderThan(JobId),
    /// Before this job, with the jobs that are next newer.
    NewerThan(JobId),
}

impl PageStart {
    /// Parses the fields `before` and `after`.
    ///
    /// # Errors
    /// A field is not a valid job id.
    pub(crate) fn parse(fields: &Fields) -> Result<Self, HttpError> {
        let id = |name| fields.value(name).map(str::parse).transpose();
        let invalid = |error: Error| HttpError::invalid(error.to_string());
        let older = id("before").map_err(invalid)?.map(Self::OlderThan);
        Ok(older.or(id("after").map_err(invalid)?.map(Self::NewerThan)).unwrap_or_default())
    }
}

/// A page of a list, newest first, and where the neighbouring pages start.
#[derive(Debug)]
pub(crate) struct JobPage {
    pub(crate) jobs: Vec<JobRecord>,
    pub(crate) older: Option<JobId>,
    pub(crate) newer: Option<JobId>,
    /// Whether the time was up before the page was full.
    pub(crate) is_incomplete: bool,
}
