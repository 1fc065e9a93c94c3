//! What the view shows, as the store has it at one moment.

use jobs::{Error, Filter, JobRecord, JobStats, State};

use crate::place::Scene;

/// How many jobs are shown of a kind. Nobody scrolls further; `list` shows all.
const MOST: usize = 200;

/// One look.
#[derive(Clone, Debug, Default)]
pub(crate) struct Look {
    pub(crate) stats: JobStats,
    /// Those that processes hold, the oldest first.
    pub(crate) running: Vec<Seen>,
    /// The newest first.
    pub(crate) failed: Vec<Seen>,
}

/// A job, with its arguments as they may be shown.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) job: JobRecord,
    pub(crate) arguments: Option<String>,
}

pub(crate) async fn look(scene: &Scene) -> Result<Look, Error> {
    let inspect = scene.inspect()?;
    let of = |state| Filter { limit: MOST, ..Filter::state(state) };
    let see = |jobs: Vec<JobRecord>| {
        let jobs = jobs.into_iter();
        jobs.map(|job| Seen { arguments: scene.shown_arguments(&job), job }).collect()
    };
    Ok(Look {
        stats: inspect.stats().await?,
        running: see(inspect.list(&of(State::Claimed)).await?),
        failed: see(inspect.list(&of(State::Failed).newest_first()).await?),
    })
}
