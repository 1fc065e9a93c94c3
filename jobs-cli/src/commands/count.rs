//! Counts the jobs that a change would be about: up to a number and a time, unless all are to be counted.

use jobs::store::{Breakdown, JobRecord};
use tokio::time::Instant;

use crate::output::ChangeCount;

/// What was counted so far.
pub(crate) struct Counting {
    start: Instant,
    counts_all: bool,
    breakdown: Breakdown,
}

impl Counting {
    pub(crate) fn new(counts_all: bool) -> Self {
        Self { start: Instant::now(), counts_all, breakdown: Breakdown::default() }
    }

    /// Adds a page. Returns whether to stop.
    pub(crate) fn add(&mut self, page: &[JobRecord]) -> bool {
        self.breakdown.add(page);
        !self.counts_all && (self.breakdown.read >= Breakdown::MAX_READ || self.start.elapsed() >= Breakdown::MAX_TIME)
    }

    /// Writes what was found into the answer.
    pub(crate) fn describe(self, count: &mut ChangeCount) {
        count.read = Some(self.breakdown.read);
        count.kinds = self.breakdown.kinds.iter().take(Breakdown::MAX_KINDS).map(Into::into).collect();
        count.sample = self.breakdown.sample.iter().map(|job| job.id.to_string()).collect();
    }
}
