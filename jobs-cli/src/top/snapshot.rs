//! The content of the store that the live view shows, read at one moment.

use std::collections::BTreeMap;

use jobs::store::{AttemptCounting, Cursor, Filter, Inspect, JobRecord, JobStats};
use jobs::{Error, JobId, State};

use crate::store::OpenStore;
use crate::top::list_filter::ListFilter;
use crate::top::tab::Tab;

/// The maximum number of jobs on a page of a list.
const MAX_JOBS: usize = 200;

/// What is read from the store, besides its figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListRequest {
    pub(crate) tab: Tab,
    pub(crate) filter: ListFilter,
    /// The position after which the page of the list begins; `None` for the first page.
    pub(crate) after: Option<Cursor>,
    /// The job that is shown with all its details.
    pub(crate) details_of: Option<JobId>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    pub(crate) stats: JobStats,
    /// The jobs of the list that was requested, with the processes those that are claimed; `None` until they are read.
    pub(crate) jobs: Option<Vec<ShownJob>>,
    /// Where the next page of the list begins; `None` after the last page.
    pub(crate) next: Option<Cursor>,
    /// Whether the attempts of a job include the one that runs.
    pub(crate) counts_at_claim: bool,
}

/// A job as a list shows it, or with all its details: then with its arguments, without their secrets.
#[derive(Clone, Debug)]
pub(crate) struct ShownJob {
    pub(crate) job: JobRecord,
    pub(crate) arguments: Option<String>,
}

impl ListRequest {
    /// The jobs of the list; `None` for a list without jobs.
    fn jobs(&self) -> Option<Filter> {
        let filter = match self.tab {
            Tab::Queues => return None,
            Tab::Processes => Filter::state(State::Claimed).summaries(),
            Tab::Jobs => self.filter.of_state(self.filter.state).newest_first(),
            Tab::Running => self.filter.of_state(self.tab.state()),
            Tab::Failed => self.filter.of_state(self.tab.state()).newest_first(),
        };
        let filter = Filter { limit: MAX_JOBS, ..filter };
        Some(match &self.after {
            Some(after) => filter.going_on(after.clone()),
            None => filter,
        })
    }
}

impl Snapshot {
    /// The jobs of the list; none until they are read.
    pub(crate) fn jobs(&self) -> &[ShownJob] {
        self.jobs.as_deref().unwrap_or_default()
    }

    /// The names of the processes by their ids.
    pub(crate) fn process_names(&self) -> BTreeMap<String, String> {
        let processes = self.stats.processes.iter().map(|record| &record.process);
        processes.map(|process| (process.id.to_string(), process.name.clone())).collect()
    }

    /// Reads the store, and all details of one job, if some are shown.
    pub(crate) async fn query(store: &OpenStore, request: ListRequest) -> Result<Self, Error> {
        let inspect = store.inspect()?;
        let counts_at_claim = store.handle.guarantees().attempts == AttemptCounting::AtClaim;
        let mut snapshot = Self { stats: inspect.stats().await?, counts_at_claim, ..Self::default() };
        if let Some(filter) = request.jobs() {
            snapshot.read_jobs(inspect, &filter).await?;
        }
        if let Some(shown) = snapshot.jobs.iter_mut().flatten().find(|shown| Some(shown.job.id) == request.details_of)
            && let Some(job) = inspect.find(shown.job.id).await?
        {
            *shown = ShownJob { arguments: store.shown_arguments(&job), job };
        }
        Ok(snapshot)
    }

    async fn read_jobs(&mut self, inspect: &dyn Inspect, filter: &Filter) -> Result<(), Error> {
        let page = inspect.page(filter).await?;
        self.jobs = Some(page.jobs.into_iter().map(|job| ShownJob { job, arguments: None }).collect());
        self.next = page.next;
        Ok(())
    }
}
