//! Clearing jobs between two steps of a test.

use jobs_core::{JobId, Manage};

use crate::kit::store::immediate::at_once;
use crate::kit::{Seen, TestJobs};

impl TestJobs {
    /// Discards the waiting jobs: they are never performed, and this test does not see them any more.
    pub fn clear_enqueued_jobs(&self) {
        self.forget(&self.enqueued_jobs());
    }

    /// Forgets what was performed.
    pub fn clear_performed_jobs(&self) {
        self.state.store.history().keep_runs(|run| !(run.begun > self.since && self.filter.has(&run.seen)));
    }

    /// Forgets the jobs that failed finally.
    pub fn clear_failed_jobs(&self) {
        self.forget(&self.failed_jobs());
    }

    /// Forgets the jobs that were discarded.
    pub fn clear_discarded_jobs(&self) {
        self.forget(&self.discarded_jobs());
    }

    /// Clears all of these. Clock and recorder stay as they are.
    pub fn clear(&self) {
        self.clear_enqueued_jobs();
        self.clear_performed_jobs();
        self.clear_failed_jobs();
        self.clear_discarded_jobs();
    }

    fn forget(&self, jobs: &[Seen]) {
        let ids: Vec<JobId> = jobs.iter().map(Seen::id).collect();
        let _discarded = at_once(self.state.store.memory().discard(&ids));
        let mut history = self.state.store.history();
        for id in ids {
            history.clear(id);
        }
    }
}
