//! The content of the store that the live view shows, read at one moment.

use std::collections::BTreeMap;

use jobs::store::{Filter, JobRecord, JobStats};
use jobs::{Error, JobId, State};

use crate::store::OpenStore;

/// The maximum number of jobs in a list; the command `list` shows more.
const MAX_JOBS: usize = 200;

#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    pub(crate) stats: JobStats,
    /// The jobs that processes have claimed, the oldest first.
    pub(crate) running: Vec<ShownJob>,
    /// The failed jobs, the newest first.
    pub(crate) failed: Vec<ShownJob>,
}

/// A job as a list shows it, or with all its details: then with its arguments, without their secrets.
#[derive(Clone, Debug)]
pub(crate) struct ShownJob {
    pub(crate) job: JobRecord,
    pub(crate) arguments: Option<String>,
}

impl Snapshot {
    /// The names of the processes by their ids.
    pub(crate) fn process_names(&self) -> BTreeMap<String, String> {
        let processes = self.stats.processes.iter().map(|record| &record.process);
        processes.map(|process| (process.id.to_string(), process.name.clone())).collect()
    }

    /// Reads the store, and all details of one job, if some are shown.
    pub(crate) async fn query(store: &OpenStore, details_of: Option<JobId>) -> Result<Self, Error> {
        let inspect = store.inspect()?;
        let filter = |state| Filter { limit: MAX_JOBS, ..Filter::state(state) }.summaries();
        let listed =
            |jobs: Vec<JobRecord>| jobs.into_iter().map(|job| ShownJob { job, arguments: None }).collect::<Vec<_>>();
        let mut snapshot = Self {
            stats: inspect.stats().await?,
            running: listed(inspect.list(&filter(State::Claimed)).await?),
            failed: listed(inspect.list(&filter(State::Failed).newest_first()).await?),
        };
        let lists = snapshot.running.iter_mut().chain(&mut snapshot.failed);
        if let Some(shown) = lists.into_iter().find(|shown| Some(shown.job.id) == details_of)
            && let Some(job) = inspect.find(shown.job.id).await?
        {
            *shown = ShownJob { arguments: store.shown_arguments(&job), job };
        }
        Ok(snapshot)
    }
}
