//! The row ids of the jobs that this store gave out. With it, finishing a job needs no search for the job's id.

use std::cell::RefCell;
use std::collections::HashMap;

use jobs_core::JobId;

/// More jobs are never claimed at once. The cache is emptied at this size, because jobs that were recovered by other
/// processes would stay in it for ever.
const CAPACITY: usize = 1 << 16;

/// The row id (`seq`) of jobs by job id. An entry is only a hint: its user checks the job id in that row, and searches
/// by job id if it is another one.
#[derive(Debug, Default)]
pub(crate) struct RowIdCache(RefCell<HashMap<JobId, i64>>);

impl RowIdCache {
    pub(crate) fn insert(&self, job: JobId, seq: i64) {
        let mut rows = self.0.borrow_mut();
        if rows.len() >= CAPACITY {
            rows.clear();
        }
        rows.insert(job, seq);
    }

    /// Removes and returns an entry. A job is settled once, so its entry is needed once.
    pub(crate) fn take(&self, job: JobId) -> Option<i64> {
        self.0.borrow_mut().remove(&job)
    }
}
