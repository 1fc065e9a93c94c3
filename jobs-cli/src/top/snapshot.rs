//! The content of the store that the live view shows, read at one moment.

use jobs::store::{Filter, JobRecord, JobStats};
use jobs::{Error, State};

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

/// A job with its arguments, without their secrets.
#[derive(Clone, Debug)]
pub(crate) struct ShownJob {
    pub(crate) job: JobRecord,
    pub(crate) arguments: Option<String>,
}

impl Snapshot {
    pub(crate) async fn query(store: &OpenStore) -> Result<Self, Error> {
        let inspect = store.inspect()?;
        let filter = |state| Filter { limit: MAX_JOBS, ..Filter::state(state) };
        let shown = |jobs: Vec<JobRecord>| {
            jobs.into_iter().map(|job| ShownJob { arguments: store.shown_arguments(&job), job }).collect()
        };
        Ok(Self {
            stats: inspect.stats().await?,
            running: shown(inspect.list(&filter(State::Claimed)).await?),
            failed: shown(inspect.list(&filter(State::Failed).newest_first()).await?),
        })
    }
}
