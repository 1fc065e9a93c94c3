//! The jobs that match what the command line asks for, a page at a time.

use std::collections::VecDeque;

use jobs::{Filter, Inspect, JobId, JobRecord, Order, Period, State, Timestamp};

use crate::arguments::{StateName, Which};
use crate::ending::Result;

/// How many jobs are read at once.
const PAGE: usize = 500;

/// A walk over the jobs that match. Jobs may come and go meanwhile; each is given once at most.
pub(crate) struct Selection<'a> {
    inspect: &'a dyn Inspect,
    /// What is asked for in the first state.
    asked: Filter,
    /// The present page.
    filter: Filter,
    /// The states that are still to be walked through, the present one first; `None` is any.
    states: VecDeque<Option<State>>,
}

impl<'a> Selection<'a> {
    pub(crate) fn new(inspect: &'a dyn Inspect, which: &Which, now: Timestamp) -> Self {
        let states = [which.state.map(|StateName(state)| state)].into();
        let asked = which.filter(now);
        Self { inspect, filter: asked.clone(), asked, states }
    }

    /// The newest first.
    pub(crate) fn newest_first(mut self) -> Self {
        self.asked.order = Order::NewestFirst;
        self.begin()
    }

    /// Only jobs after this one, in the order of the walk.
    pub(crate) fn after(mut self, job: Option<JobId>) -> Self {
        if let Some(job) = job {
            self.asked = self.asked.going_on(job);
        }
        self.begin()
    }

    /// Jobs of these states, one after the other.
    pub(crate) fn of(mut self, states: Vec<State>) -> Self {
        self.states = states.into_iter().map(Some).collect();
        self
    }

    /// The next jobs that match, which may be none on a page; `None` if there are no more.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<JobRecord>>> {
        let Some(state) = self.states.front().copied() else { return Ok(None) };
        self.filter.state = state;
        let page = self.inspect.page(&self.filter).await?;
        if let Some(next) = page.next {
            self.filter = std::mem::take(&mut self.filter).going_on(next);
        } else {
            self.states.pop_front();
            self.filter = self.asked.clone();
        }
        Ok(Some(page.jobs))
    }

    fn begin(mut self) -> Self {
        self.filter = self.asked.clone();
        self
    }
}

impl Which {
    fn filter(&self, now: Timestamp) -> Filter {
        let Self { state: _, queue, name, text, error, since, until, process } = self;
        Filter {
            queue: queue.clone(),
            name: name.clone(),
            text: text.clone(),
            error: error.clone(),
            claimed_by: *process,
            enqueued: Period {
                from: since.map(|since| since.before(now)),
                until: until.map(|until| until.before(now)),
            },
            limit: PAGE,
            ..Filter::default()
        }
    }
}
