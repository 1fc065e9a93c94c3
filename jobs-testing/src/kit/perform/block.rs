//! While a block runs, jobs are performed as soon as they are enqueued.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::kit::perform::claimed::{ClaimedJobs, LOOP_LIMIT};
use crate::kit::store::test_store::EnqueueHook;
use crate::kit::{DrainError, TestJobs};

tokio::task_local! {
    /// Set while a job is performed because it was enqueued: what it enqueues itself comes after it, so that a chain
    /// of jobs is no recursion.
    static WITHIN: ();
}

/// Performs enqueued jobs that a view sees.
pub(crate) struct Block {
    view: TestJobs,
    keep_failures: bool,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    performed: usize,
    failed: Option<DrainError>,
}

/// A running block. Dropping it ends performing at once, or returns to the outer block.
pub(crate) struct Performing {
    block: Arc<Block>,
    outer: Option<Arc<dyn EnqueueHook>>,
}

impl Block {
    pub(crate) fn begin(view: TestJobs, keep_failures: bool) -> Performing {
        let block = Arc::new(Self { view, keep_failures, progress: Mutex::default() });
        let outer = block.view.state.store.set_hook(Some(Arc::clone(&block) as Arc<dyn EnqueueHook>));
        Performing { block, outer }
    }

    /// Performs the due jobs, unless it is called inside such a job.
    pub(crate) async fn perform(&self) {
        if WITHIN.try_with(|()| ()).is_err() {
            WITHIN.scope((), self.until_nothing_is_due()).await;
        }
    }

    async fn until_nothing_is_due(&self) {
        while self.progress().failed.is_none() {
            match self.once().await {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => self.progress().failed = Some(error),
            }
        }
    }

    async fn once(&self) -> Result<usize, DrainError> {
        let due = self.view.due(self.keep_failures)?;
        let mut held = ClaimedJobs::claim(&self.view.state, |execution| due.contains(&execution.id()));
        let mut count = 0;
        while let Some(execution) = held.next() {
            self.count(execution.id())?;
            count += 1;
            let ended = self.view.state.perform(execution).await;
            if !self.keep_failures {
                ended?;
            }
        }
        Ok(count)
    }

    fn count(&self, id: jobs_core::JobId) -> Result<(), DrainError> {
        let mut progress = self.progress();
        progress.performed += 1;
        match self.view.state.seen(id) {
            Some(next) if progress.performed > LOOP_LIMIT => {
                Err(DrainError::Endless { performed: LOOP_LIMIT, next: Box::new(next) })
            }
            _ => Ok(()),
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EnqueueHook for Block {
    fn after_enqueue(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.perform())
    }
}

impl Performing {
    /// Performs the jobs that became due in the block without an enqueue, as after travelling in time, or that
    /// another task held for a moment. Then returns the first failure.
    pub(crate) async fn end(self) -> Result<(), DrainError> {
        self.block.perform().await;
        let failed = self.block.progress().failed.take();
        failed.map_or(Ok(()), Err)
    }
}

impl Drop for Performing {
    fn drop(&mut self) {
        self.block.view.state.store.set_hook(self.outer.take());
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Block")
    }
}
