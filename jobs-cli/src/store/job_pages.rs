//! Reads all jobs that match a filter, one page at a time.

use std::collections::VecDeque;

use jobs::store::{Content, Cursor, Filter, JobRecord, Order, Page, Period};
use jobs::{Error, State, Timestamp};

use crate::args::{JobFilterArgs, StateName};
use crate::exit::CommandError;
use crate::store::OpenStore;

const PAGE_SIZE: usize = 500;

/// The pages of jobs that match. Each job is returned at most once, even if jobs are added or removed meanwhile.
pub(crate) struct JobPages<'a> {
    store: &'a OpenStore,
    /// Whether a text is also looked for in hidden arguments.
    searches_hidden: bool,
    /// The filter of the first page in each state.
    first_page: Filter,
    /// The filter of the next page.
    next_page: Filter,
    /// The states that remain, the current one first; `None` means any state.
    states: VecDeque<Option<State>>,
}

impl<'a> JobPages<'a> {
    pub(crate) fn new(store: &'a OpenStore, args: &JobFilterArgs) -> Self {
        let states = [args.state.map(|StateName(state)| state)].into();
        Self { searches_hidden: args.arguments, states, ..Self::of(store, filter(args, store.opened_at)) }
    }

    /// The pages of this filter, in any state.
    pub(crate) fn of(store: &'a OpenStore, filter: Filter) -> Self {
        let first_page = Filter { limit: PAGE_SIZE, ..filter };
        Self { store, searches_hidden: false, next_page: first_page.clone(), first_page, states: [None].into() }
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
        let page = self.page().await?;
        if let Some(next) = page.next {
            self.next_page = std::mem::take(&mut self.next_page).going_on(next);
        } else {
            self.states.pop_front();
            self.next_page = self.first_page.clone();
        }
        Ok(Some(page.jobs))
    }

    async fn page(&self) -> Result<Page, Error> {
        let inspect = self.store.inspect()?;
        if self.searches_hidden {
            return inspect.page(&self.next_page).await;
        }
        self.store.arguments.page(inspect, &self.next_page).await
    }

    fn restarted(mut self) -> Self {
        self.next_page = self.first_page.clone();
        self
    }
}

fn filter(args: &JobFilterArgs, now: Timestamp) -> Filter {
    let JobFilterArgs { state: _, queue, name, text, arguments: _, error, failure, since, until, process } = args;
    Filter {
        queue: queue.clone(),
        name: name.clone(),
        text: text.clone(),
        error: error.clone(),
        failure: *failure,
        claimed_by: *process,
        enqueued: Period { from: since.map(|since| since.resolve(now)), until: until.map(|until| until.resolve(now)) },
        content: Content::Summary,
        ..Filter::default()
    }
}
