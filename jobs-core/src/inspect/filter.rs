//! Which jobs are looked for, and the pages they come in.

use crate::{JobId, JobRecord, ProcessId, State, Timestamp};

/// Which jobs to look for: those for which all that is said holds. Empty fields mean all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this state.
    pub state: Option<State>,
    /// Only of this queue.
    pub queue: Option<String>,
    /// Only of this name.
    pub name: Option<String>,
    /// Only those that this process holds.
    pub claimed_by: Option<ProcessId>,
    /// Only those whose last error has this in its class or its message, in this very spelling.
    pub error: Option<String>,
    /// Only those that have this in their arguments, as these are stored, or in their id, in this very spelling.
    /// Whoever has a whole id [finds](crate::Inspect::find) its job at once. Who may seek a text may find out what
    /// arguments say, also where these are not shown.
    pub text: Option<String>,
    /// Only those that the store took in this period.
    pub enqueued: Period,
    /// Only those that are, or were, due in this period.
    pub due: Period,
    /// Only those that were finished or discarded in this period.
    pub done: Period,
    /// Only those whose id comes after this one.
    pub after: Option<JobId>,
    /// Only those whose id comes before this one.
    pub before: Option<JobId>,
    /// Which come first.
    pub order: Order,
    /// How many at most; 0 means 100.
    pub limit: usize,
    /// How many jobs a page looks at, about, whether they match or not; 0 means 20,000. The time that a page takes grows
    /// with it.
    pub window: usize,
}

/// Which jobs come first in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// Those with the smallest ids.
    #[default]
    OldestFirst,
    /// Those with the greatest ids.
    NewestFirst,
}

impl Filter {
    /// The jobs of one state.
    pub fn state(state: State) -> Self {
        Self { state: Some(state), ..Self::default() }
    }

    /// The newest first.
    pub fn newest_first(self) -> Self {
        Self { order: Order::NewestFirst, ..self }
    }

    /// How many at most, with 0 read as 100.
    pub const fn page_size(&self) -> usize {
        if self.limit == 0 { 100 } else { self.limit }
    }

    /// How many jobs to look at, with 0 read as 20,000, and no fewer than the page has.
    pub const fn window_size(&self) -> usize {
        let window = if self.window == 0 { 20_000 } else { self.window };
        if window < self.page_size() { self.page_size() } else { window }
    }

    /// The jobs that come after this one in the order of the filter: those of the next page, if it was the last.
    pub const fn going_on(mut self, last: JobId) -> Self {
        match self.order {
            Order::OldestFirst => self.after = Some(last),
            Order::NewestFirst => self.before = Some(last),
        }
        self
    }

    /// The only state that its jobs can have, said or not: who is held by a process is claimed.
    pub fn only_state(&self) -> Option<State> {
        self.state.or(self.claimed_by.map(|_process| State::Claimed))
    }

    /// Only jobs up to this one, with itself, in the order of the filter: for stores that look at some at a time.
    pub fn up_to(mut self, last: JobId) -> Self {
        let number = u128::from_be_bytes(*last.as_bytes());
        let id = |number: u128| JobId::from_bytes(number.to_be_bytes());
        match self.order {
            Order::OldestFirst => self.before = number.checked_add(1).map(id).or(self.before),
            Order::NewestFirst => self.after = number.checked_sub(1).map(id).or(self.after),
        }
        self
    }

    /// Whether it asks for nothing but a state and a place in the order.
    pub fn is_plain(&self) -> bool {
        let Self { queue, name, claimed_by, error, text, .. } = self;
        queue.is_none()
            && name.is_none()
            && claimed_by.is_none()
            && error.is_none()
            && text.is_none()
            && [self.enqueued, self.due, self.done].iter().all(Period::is_open)
    }

    /// Whether a job is one of those that are looked for. A store may throw away others sooner, by whatever is quick.
    pub fn matches(&self, job: &JobRecord) -> bool {
        let Self { state, queue, name, claimed_by, after, before, .. } = self;
        state.is_none_or(|state| job.state == state)
            && queue.as_ref().is_none_or(|queue| job.queue == *queue)
            && name.as_ref().is_none_or(|name| job.name == *name)
            && claimed_by.is_none_or(|process| job.claimed_by == Some(process))
            && after.is_none_or(|id| job.id > id)
            && before.is_none_or(|id| job.id < id)
            && self.enqueued.contains(job.enqueued_at)
            && self.due.contains(job.due_at)
            && job.done_at.map_or(self.done.is_open(), |at| self.done.contains(at))
            && self.error.as_ref().is_none_or(|text| failed_so(job, text))
            && self.text.as_ref().is_none_or(|text| job.arguments.contains(text) || job.id.to_string().contains(text))
    }
}

fn failed_so(job: &JobRecord, text: &str) -> bool {
    job.errors.last().is_some_and(|error| error.class.contains(text) || error.message.contains(text))
}

/// From one time until just before another. A side that is `None` is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Period {
    /// Not earlier than this.
    pub from: Option<Timestamp>,
    /// Earlier than this.
    pub until: Option<Timestamp>,
}

impl Period {
    /// From this time on.
    pub const fn since(from: Timestamp) -> Self {
        Self { from: Some(from), until: None }
    }

    /// Until just before this time.
    pub const fn until(until: Timestamp) -> Self {
        Self { from: None, until: Some(until) }
    }

    /// Whether every time lies in it.
    pub const fn is_open(&self) -> bool {
        self.from.is_none() && self.until.is_none()
    }

    /// Whether a time lies in it.
    pub fn contains(&self, time: Timestamp) -> bool {
        self.from.is_none_or(|from| time >= from) && self.until.is_none_or(|until| time < until)
    }
}

/// Some of the jobs that match a [`Filter`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Page {
    /// The jobs, in the order of the filter.
    pub jobs: Vec<JobRecord>,
    /// Up to where it was looked, for [`Filter::going_on`]; `None` if there is nothing more. It need not be the id of a
    /// job that matches.
    pub next: Option<JobId>,
}

impl Page {
    /// These jobs, after which it goes on there.
    pub const fn new(jobs: Vec<JobRecord>, next: Option<JobId>) -> Self {
        Self { jobs, next }
    }
}
