//! Counts the jobs that a change would be about: up to a number and a time, unless all are to be counted.

use std::time::Duration;

use jobs::store::{Breakdown, JobRecord};
use tokio::time::Instant;

use crate::output::ChangeCount;

/// How many jobs are counted, and for how long, before the answer is "at least".
const MOST: u64 = 10_000;
const LONGEST: Duration = Duration::from_millis(500);

/// How many kinds of jobs are told.
pub(crate) const MOST_KINDS: usize = 12;

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
        !self.counts_all && (self.breakdown.read >= MOST || self.start.elapsed() >= LONGEST)
    }

    /// Writes what was found into the answer.
    pub(crate) fn describe(self, count: &mut ChangeCount) {
        count.read = Some(self.breakdown.read);
        count.kinds = self.breakdown.kinds.iter().take(MOST_KINDS).map(Into::into).collect();
        count.sample = self.breakdown.sample.iter().map(|job| job.id.to_string()).collect();
    }
}
