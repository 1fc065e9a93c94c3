//! Jobs are looked for, without telling what is secret in them.

use std::time::Duration;

use jobs_core::{Error, Filter, JobId, JobRecord, Page};
use tokio::time::Instant;

use crate::board::Board;
use crate::failure::Failure;
use crate::fields::Fields;

/// How long jobs are looked for before what was found until then is shown.
const PATIENCE: Duration = Duration::from_secs(1);

impl Board {
    /// A page of the store's. Where a text is looked for, a job whose arguments have it where they are not to be seen is
    /// left out: whoever may not see them could otherwise guess at them.
    pub(crate) async fn page(&self, filter: &Filter) -> Result<Page, Error> {
        let mut page = self.inspect()?.page(filter).await?;
        if let Some(text) = &filter.text {
            page.jobs.retain(|job| self.says(job, text));
        }
        Ok(page)
    }

    fn says(&self, job: &JobRecord, text: &str) -> bool {
        job.id.to_string().contains(text)
            || self.visible_arguments(job).is_some_and(|arguments| arguments.contains(text))
    }

    /// As many pages as it takes to find `filter.limit` jobs, or as there is patience for.
    pub(crate) async fn seek(&self, filter: &Filter) -> Result<Page, Error> {
        let end = Instant::now() + PATIENCE;
        let mut found = self.page(filter).await?;
        while let Some(next) = found.next.filter(|_| found.jobs.len() < filter.page_size() && Instant::now() < end) {
            let mut rest = filter.clone().going_on(next);
            rest.limit = filter.page_size() - found.jobs.len();
            let page = self.page(&rest).await?;
            found.jobs.extend(page.jobs);
            found.next = page.next;
        }
        Ok(found)
    }
}

/// Where a page of a list begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// With the newest job.
    #[default]
    Newest,
    /// Behind this job, with older ones.
    Older(JobId),
    /// Before this job, with those that are just newer.
    Newer(JobId),
}

impl Place {
    /// # Errors
    /// A field is no id.
    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        let id = |name| fields.value(name).map(str::parse).transpose();
        let wrong = |error: Error| Failure::invalid(error.to_string());
        let older = id("before").map_err(wrong)?.map(Self::Older);
        Ok(older.or(id("after").map_err(wrong)?.map(Self::Newer)).unwrap_or_default())
    }
}

/// A page of a list, the newest first, and where the pages beside it begin.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) jobs: Vec<JobRecord>,
    pub(crate) older: Option<JobId>,
    pub(crate) newer: Option<JobId>,
    /// Whether there may be more where nobody had the patience to look.
    pub(crate) is_cut_short: bool,
}

impl Board {
    /// The page that begins there.
    pub(crate) async fn sheet(&self, filter: Filter, place: Place) -> Result<Sheet, Error> {
        let size = filter.page_size();
        let filter = match place {
            Place::Newest => filter,
            Place::Older(id) => Filter { before: Some(id), ..filter },
            Place::Newer(id) => Filter { after: Some(id), order: jobs_core::Order::OldestFirst, ..filter },
        };
        let Page { mut jobs, next, .. } = self.seek(&filter).await?;
        let is_cut_short = next.is_some() && jobs.len() < size;
        let (older, newer) = if let Place::Newer(id) = place {
            jobs.reverse();
            (jobs.last().map_or(Some(id), |job| Some(job.id)), next)
        } else {
            let first = jobs.first().map(|job| job.id);
            (next, if place == Place::Newest { None } else { first })
        };
        Ok(Sheet { jobs, older, newer, is_cut_short })
    }
}
