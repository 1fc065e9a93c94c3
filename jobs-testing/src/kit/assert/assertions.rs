//! The assertions. Each panic points at the line of the test and lists the jobs.

use crate::kit::assert::messages::Found;
use crate::kit::view::filter::ViewFilter;
use crate::kit::{JobMatcher, Seen, TestJobs};

impl TestJobs {
    /// Asserts that this view sees this many waiting jobs.
    ///
    /// # Panics
    /// The number is different. The message lists the waiting jobs.
    #[track_caller]
    pub fn assert_enqueued_jobs(&self, count: usize) {
        self.assert_count(count, ENQUEUED);
    }

    /// Asserts that this view sees no waiting job.
    ///
    /// # Panics
    /// There is one. The message lists the waiting jobs.
    #[track_caller]
    pub fn assert_no_enqueued_jobs(&self) {
        self.assert_count(0, ENQUEUED);
    }

    /// Asserts that a waiting job matches; returns the first.
    ///
    /// # Panics
    /// There is none. The message lists the jobs of its type and their differences; if there are none, the waiting
    /// jobs.
    #[track_caller]
    pub fn assert_enqueued_with(&self, wanted: impl Into<JobMatcher>) -> Seen {
        self.matching(&wanted.into(), ENQUEUED)
    }

    /// Asserts that this view sees this many runs; a job that was tried twice counts twice.
    ///
    /// # Panics
    /// The number is different. The message lists the runs.
    #[track_caller]
    pub fn assert_performed_jobs(&self, count: usize) {
        self.assert_count(count, PERFORMED);
    }

    /// Asserts that this view sees no run.
    ///
    /// # Panics
    /// There was one. The message lists the runs.
    #[track_caller]
    pub fn assert_no_performed_jobs(&self) {
        self.assert_count(0, PERFORMED);
    }

    /// Asserts that a job that was performed, with or without success, matches; returns the first.
    ///
    /// # Panics
    /// There is none. The message lists the jobs of its type and their differences; if there are none, what was
    /// performed.
    #[track_caller]
    pub fn assert_performed_with(&self, wanted: impl Into<JobMatcher>) -> Seen {
        self.matching(&wanted.into(), PERFORMED)
    }

    #[track_caller]
    fn assert_count(&self, expected: usize, list: List) {
        let counted = (list.of)(self);
        assert!(counted.len() == expected, "{}", self.found(list, counted).miscounted(expected));
    }

    #[track_caller]
    fn matching(&self, wanted: &JobMatcher, list: List) -> Seen {
        let now = self.now();
        let mut counted = (list.of)(self);
        match counted.iter().position(|seen| wanted.differences(seen, now).is_empty()) {
            Some(first) => counted.swap_remove(first),
            None => panic!("{}", self.found(list, counted).unmatched(wanted, now)),
        }
    }

    fn found(&self, list: List, counted: Vec<Seen>) -> Found {
        let all = (list.of)(&Self { state: self.state.clone(), filter: ViewFilter::default(), since: 0 });
        let others = all.into_iter().filter(|seen| !counted.contains(seen)).collect();
        let since = if self.since > 0 { " since then" } else { "" };
        Found { what: list.what, narrowed: format!("{since}{}", self.filter.words()), counted, others }
    }
}

/// The list that an assertion is about.
#[derive(Clone, Copy)]
struct List {
    what: &'static str,
    of: fn(&TestJobs) -> Vec<Seen>,
}

const ENQUEUED: List = List { what: "enqueued", of: TestJobs::enqueued_jobs };
const PERFORMED: List = List { what: "performed", of: TestJobs::performed_jobs };
