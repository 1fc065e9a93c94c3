//! Where the jobs lie that this store gave out, so that finishing one needs no search for its id.

use std::cell::RefCell;
use std::collections::HashMap;

use jobs_core::JobId;

/// More are given out at once by nobody; what is left of jobs that others took back is then dropped.
const MOST: usize = 1 << 16;

/// The `seq` of jobs by their id. Only a hint: whoever uses it checks the id at that place, or searches.
#[derive(Debug, Default)]
pub(crate) struct Places(RefCell<HashMap<JobId, i64>>);

impl Places {
    pub(crate) fn note(&self, job: JobId, seq: i64) {
        let mut places = self.0.borrow_mut();
        if places.len() >= MOST {
            places.clear();
        }
        places.insert(job, seq);
    }

    /// Each place is asked for once: a job is settled once.
    pub(crate) fn take(&self, job: JobId) -> Option<i64> {
        self.0.borrow_mut().remove(&job)
    }
}
