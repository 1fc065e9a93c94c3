//! Reads all jobs that match a filter, one page at a time.

use std::collections::VecDeque;

use jobs::store::{Content, Cursor, Filter, Inspect, JobRecord, Order, Period};
use jobs::{State, Timestamp};

use crate::args::{JobFilterArgs, StateName};
use crate::exit::CommandError;

const PAGE_SIZE: usize = 500;

/// The pages of jobs that match. Each job is returned at most once, even if jobs are added or removed meanwhile.
pub(crate) struct JobPages<'a> {
    inspect: &'a dyn Inspect,
    /// The filter of the first page in each state.
    first_page: Filter,
    /// The filter of the next page.
    next_page: Filter,
    /// The states that remain, the current one first; `None` means any state.
    states: VecDeque<Option<State>>,
}

impl<'a> JobPages<'a> {
    pub(crate) fn new(inspect: &'a dyn Inspect, args: &JobFilterArgs, now: Timestamp) -> Self {
        let states = [args.state.map(|StateName(state)| state)].into();
        let filter = filter(args, now);
        Self { inspect, first_page: filter.clone(), next_page: filter, states }
    }

    /// Returns the newest jobs first.
    pub(crate) fn newest_first(mut self) -> Self {
        self.first_page.order = Order::NewestFirst;
        self.restarted()
    }

    /// Returns only jobs after this position, in the order of the pages.
    pub(crate) fn after(mut self, position: Option<Cursor>) -> Self {
        if let Some(position) = position {
            self.first_page = self.first_page.going_on(position);
        }
        self.restarted()
    }

    /// Returns the jobs in these states, one state after the other.
    pub(crate) fn in_states(mut self, states: Vec<State>) -> Self {
        self.states = states.into_iter().map(Some).collect();
        self
    }

    /// The next page, which may be empty; `None` after the last one.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<JobRecord>>, CommandError> {
        let Some(state) = self.states.front().copied() else { return Ok(None) };
        self.next_page.state = state;
        let page = self.inspect.page(&self.next_page).await?;
        if let Some(next) = page.next {
            self.next_page = std::mem::take(&mut self.next_page).going_on(next);
        } else {
            self.states.pop_front();
            self.next_page = self.first_page.clone();
        }
        Ok(Some(page.jobs))
    }

    fn restarted(mut self) -> Self {
        self.next_page = self.first_page.clone();
        self
    }
}

fn filter(args: &JobFilterArgs, now: Timestamp) -> Filter {
    let JobFilterArgs { state: _, queue, name, text, error, since, until, process } = args;
    Filter {
        queue: queue.clone(),
        name: name.clone(),
        text: text.clone(),
        error: error.clone(),
        claimed_by: *process,
        enqueued: Period { from: since.map(|since| since.resolve(now)), until: until.map(|until| until.resolve(now)) },
        limit: PAGE_SIZE,
        content: Content::Summary,
        ..Filter::default()
    }
}
