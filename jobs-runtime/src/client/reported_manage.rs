//! A store's capability to manage jobs manually, with a report of each change.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::events::ManuallyChanged;
use jobs_core::{Due, Error, JobId, Manage, Store, StoreExt, StoreFuture};

/// Manages the jobs of a store manually, and reports each call that changed something: for events, log lines and audit
/// records.
///
/// A call that fails is not reported, although the store may have made the change if its answer was lost.
pub struct ReportedManage {
    store: Arc<dyn Store>,
    report: Report,
}

type Report = Box<dyn Fn(ManuallyChanged) + Send + Sync>;

impl ReportedManage {
    /// Manages this store. `report` is called after each change and must not block.
    pub fn new(store: Arc<dyn Store>, report: impl Fn(ManuallyChanged) + Send + Sync + 'static) -> Self {
        Self { store, report: Box::new(report) }
    }

    async fn on_jobs(&self, action: &'static str, jobs: &[JobId], change: StoreFuture<'_, u64>) -> Result<u64, Error> {
        let changed = change.await?;
        if changed > 0 {
            (self.report)(ManuallyChanged::jobs(action, jobs.to_vec(), changed));
        }
        Ok(changed)
    }

    async fn on_queue(&self, action: &'static str, queue: &str, change: StoreFuture<'_, bool>) -> Result<bool, Error> {
        let is_changed = change.await?;
        if is_changed {
            (self.report)(ManuallyChanged::queue(action, queue));
        }
        Ok(is_changed)
    }
}

// A method of the trait that is not passed on would be answered by its default.
#[deny(clippy::missing_trait_methods)]
impl Manage for ReportedManage {
    fn key_holder(&self, job: JobId) -> StoreFuture<'_, Option<JobId>> {
        Box::pin(async move { self.store.require_manage()?.key_holder(job).await })
    }

    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        Box::pin(async move { self.on_jobs("retry", jobs, self.store.require_manage()?.retry(jobs)).await })
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        Box::pin(async move { self.on_jobs("discard", jobs, self.store.require_manage()?.discard(jobs)).await })
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        Box::pin(
            async move { self.on_jobs("reschedule", jobs, self.store.require_manage()?.reschedule(jobs, due)).await },
        )
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(async move { self.on_queue("pause", queue, self.store.require_manage()?.pause(queue)).await })
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(async move { self.on_queue("resume", queue, self.store.require_manage()?.resume(queue)).await })
    }

    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64> {
        Box::pin(async move { self.on_jobs("prune", &[], self.store.require_manage()?.prune(older_than, limit)).await })
    }
}

impl fmt::Debug for ReportedManage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReportedManage").field("store", &self.store).finish_non_exhaustive()
    }
}
