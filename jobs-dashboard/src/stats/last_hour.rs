//! A cache of the figures of the jobs of the last hour, so that frequent views of the overview cause few queries.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Error, FigureFilter, NamedFigures, Store, StoreExt, TimeRange};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// For how long figures are returned again.
const FRESH: Duration = Duration::from_secs(10);

/// For how long a view waits for them.
const PATIENCE: Duration = Duration::from_secs(3);

/// The last figures that were read, and until when they are returned again. The lock is held during a query, so that views in the
/// meantime wait for its result.
#[derive(Default)]
pub(crate) struct LastHour(Mutex<Option<(Instant, Arc<[NamedFigures]>)>>);

impl LastHour {
    /// The figures of each job, at most ten seconds old; none if the store keeps no figures.
    ///
    /// # Errors
    /// The store cannot read them within three seconds. The next call tries again.
    pub(crate) async fn get(&self, store: &dyn Store) -> Result<Arc<[NamedFigures]>, Error> {
        let Ok(figures) = store.require_figures() else { return Ok(Arc::default()) };
        let mut last = self.0.lock().await;
        if let Some((_, jobs)) = last.as_ref().filter(|(until, _)| Instant::now() < *until) {
            return Ok(Arc::clone(jobs));
        }
        let filter = FigureFilter::all(TimeRange::Hour);
        let report = timeout(PATIENCE, figures.report(&filter)).await;
        let jobs: Arc<[_]> = report.map_err(|_late| Error::transient("the store did not answer in time"))??.jobs.into();
        *last = Some((Instant::now() + FRESH, Arc::clone(&jobs)));
        Ok(jobs)
    }
}
