//! The jobs that match what the command line asks for, a page at a time.

use std::collections::VecDeque;

use jobs::{Filter, Inspect, JobId, JobRecord, State, Timestamp};

use crate::arguments::{StateName, Which};
use crate::ending::Result;

/// How many jobs are read at once.
const PAGE: usize = 500;

/// A walk over the jobs that match. Jobs may come and go meanwhile; each is given once at most.
pub(crate) struct Selection<'a> {
    inspect: &'a dyn Inspect,
    which: &'a Which,
    now: Timestamp,
    /// The states that are still to be walked through, the present one first; `None` is any.
    states: VecDeque<Option<State>>,
    after: Option<JobId>,
}

impl<'a> Selection<'a> {
    pub(crate) fn new(inspect: &'a dyn Inspect, which: &'a Which, now: Timestamp) -> Self {
        let states = [which.state.map(|StateName(state)| state)].into();
        Self { inspect, which, now, states, after: None }
    }

    /// Only jobs after this one.
    pub(crate) fn after(mut self, job: Option<JobId>) -> Self {
        self.after = job;
        self
    }

    /// Jobs of these states, one after the other.
    pub(crate) fn of(mut self, states: Vec<State>) -> Self {
        self.states = states.into_iter().map(Some).collect();
        self
    }

    /// The next jobs that match, which may be none on a page; `None` if there are no more.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<JobRecord>>> {
        let Some(state) = self.states.front().copied() else { return Ok(None) };
        let Which { queue, name, .. } = self.which;
        let filter = Filter { state, queue: queue.clone(), name: name.clone(), after: self.after, limit: PAGE };
        let page = self.inspect.list(&filter).await?;
        self.after = page.last().map(|job| job.id);
        if page.len() < PAGE {
            self.states.pop_front();
            self.after = None;
        }
        Ok(Some(page.into_iter().filter(|job| self.means(job)).collect()))
    }

    fn means(&self, job: &JobRecord) -> bool {
        let Which { error, since, before, .. } = self.which;
        let fails_so = |text: &String| {
            job.errors.last().is_some_and(|error| error.class.contains(text) || error.message.contains(text))
        };
        error.as_ref().is_none_or(fails_so)
            && since.is_none_or(|since| job.enqueued_at >= since.before(self.now))
            && before.is_none_or(|before| job.enqueued_at < before.before(self.now))
    }
}
