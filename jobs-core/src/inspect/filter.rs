//! Which jobs are selected, and the pages that they come in.

use crate::error_limits::{LISTED_MESSAGE_BYTES, shorten};
use crate::{Cursor, FailureKey, JobRecord, ProcessId, State, Timestamp};

/// Which jobs to select: those for which all conditions hold. Empty fields select all jobs.
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
    /// Only those whose last error contains this text in its class or its message, as [`contains_text`] compares.
    pub error: Option<String>,
    /// Only those whose last error is of this [group](crate::FailureGroup). A store may read every job to find it: give the
    /// name of the job too.
    pub failure: Option<FailureKey>,
    /// Only those that contain this text in their arguments, as these are stored, or in their id, as [`contains_text`]
    /// compares. With a complete id, [`find`](crate::Inspect::find) is faster. A caller who may search for a text can find out what
    /// arguments contain, even if these are not displayed; [`ArgumentView::page`](crate::ArgumentView::page) prevents it.
    pub text: Option<String>,
    /// Only those that the store received in this period.
    pub enqueued: Period,
    /// Only those that are, or were, due in this period.
    pub due: Period,
    /// Only those that were finished or discarded in this period.
    pub done: Period,
    /// Only those at later positions than this one.
    pub after: Option<Cursor>,
    /// Only those at earlier positions than this one.
    pub before: Option<Cursor>,
    /// The order.
    pub order: Order,
    /// How many at most; 0 means 100.
    pub limit: usize,
    /// About how many jobs the store reads for a page, whether they match or not; 0 means 20,000. The time that a page
    /// takes grows with it.
    pub window: usize,
    /// What the page contains of each job.
    pub content: Content,
}

/// What a page contains of each job. The conditions of the filter are about whole jobs in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Content {
    /// All that [`find`](crate::Inspect::find) shows. Arguments may be a megabyte each, so a page of them can be large.
    #[default]
    Whole,
    /// What a list shows of a job: everything but its arguments and its `meta`, which are empty, and of its errors only the
    /// last one, with at most [`LISTED_MESSAGE_BYTES`](crate::error_limits::LISTED_MESSAGE_BYTES) of its message.
    Summary,
    /// A summary with the arguments and the `meta`.
    SummaryWithArguments,
}

impl Content {
    /// Whether the page contains arguments and `meta`.
    pub const fn has_arguments(self) -> bool {
        !matches!(self, Self::Summary)
    }

    /// Whether the page contains all errors that are kept of a job; otherwise the last one.
    pub const fn has_all_errors(self) -> bool {
        matches!(self, Self::Whole)
    }

    /// Removes from a job what the page does not contain.
    pub fn reduce(self, job: &mut JobRecord) {
        if !self.has_arguments() {
            (job.arguments, job.meta) = (String::new(), None);
        }
        if !self.has_all_errors() {
            job.errors.drain(..job.errors.len().saturating_sub(1));
            for error in &mut job.errors {
                shorten(&mut error.message, LISTED_MESSAGE_BYTES);
            }
        }
        (job.log, job.finished_by) = (None, None);
        job.errors.iter_mut().for_each(|error| error.log = None);
    }
}

/// Which jobs come first in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// Those at the earliest positions.
    #[default]
    OldestFirst,
    /// Those at the latest positions.
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

    /// Only what a list shows of each job: see [`Content::Summary`].
    pub fn summaries(self) -> Self {
        Self { content: Content::Summary, ..self }
    }

    /// How many at most, with 0 read as 100.
    pub const fn page_size(&self) -> usize {
        if self.limit == 0 { 100 } else { self.limit }
    }

    /// How many jobs to read for a page, with 0 read as 20,000, and at least the size of the page.
    pub const fn window_size(&self) -> usize {
        let window = if self.window == 0 { 20_000 } else { self.window };
        if window < self.page_size() { self.page_size() } else { window }
    }

    /// The jobs that come after this position in the order of the filter: the next page, after [`Page::next`].
    pub fn going_on(mut self, last: impl Into<Cursor>) -> Self {
        let last = Some(last.into());
        match self.order {
            Order::OldestFirst => self.after = last,
            Order::NewestFirst => self.before = last,
        }
        self
    }

    /// The only state that its jobs can have, explicit or not: a job that a process holds is claimed.
    pub fn only_state(&self) -> Option<State> {
        self.state.or(self.claimed_by.map(|_process| State::Claimed))
    }

    /// Whether it has no condition except a state and a range of positions.
    pub fn is_plain(&self) -> bool {
        let Self { queue, name, claimed_by, error, failure, text, .. } = self;
        failure.is_none()
            && queue.is_none()
            && name.is_none()
            && claimed_by.is_none()
            && error.is_none()
            && text.is_none()
            && [self.enqueued, self.due, self.done].iter().all(Period::is_open)
    }

    /// Whether a job is selected by its data. Only the store knows its position; a store that sorts by id compares it with
    /// an [`IdRange`](crate::IdRange). A store may exclude jobs earlier by any means that is faster.
    pub fn matches(&self, job: &JobRecord) -> bool {
        let Self { state, queue, name, claimed_by, .. } = self;
        state.is_none_or(|state| job.state == state)
            && queue.as_ref().is_none_or(|queue| job.queue == *queue)
            && name.as_ref().is_none_or(|name| job.name == *name)
            && claimed_by.is_none_or(|process| job.claimed_by == Some(process))
            && self.enqueued.contains(job.enqueued_at)
            && self.due.contains(job.due_at)
            && job.done_at.map_or(self.done.is_open(), |at| self.done.contains(at))
            && self.error.as_ref().is_none_or(|text| last_error_contains(job, text))
            && self.failure.is_none_or(|failure| FailureKey::of(job) == Some(failure))
            && self.text.as_ref().is_none_or(|text| text_matches(job, text))
    }

    /// The text in the last error that a database can compare as [`contains_text`] does, since it is ASCII.
    pub fn searched_error(&self) -> Option<&str> {
        self.error.as_deref().filter(|text| text.is_ascii())
    }

    /// The text in arguments or id that a database can compare likewise.
    pub fn searched_text(&self) -> Option<&str> {
        self.text.as_deref().filter(|text| text.is_ascii())
    }

    /// Whether a page needs the arguments of its jobs: to contain them, or to search a text in them that the database has not
    /// [compared](Self::searched_text).
    pub fn reads_arguments(&self) -> bool {
        self.content.has_arguments() || self.searched_text() != self.text.as_deref()
    }

    /// Whether jobs that a database has selected may still not match.
    pub(crate) fn is_checked_after_reading(&self) -> bool {
        self.failure.is_some()
            || self.searched_error() != self.error.as_deref()
            || self.searched_text() != self.text.as_deref()
    }
}

fn last_error_contains(job: &JobRecord, text: &str) -> bool {
    let contains = |whole: &str| contains_text(whole, text);
    job.errors.last().is_some_and(|error| contains(&error.class) || contains(&error.message))
}

fn text_matches(job: &JobRecord, text: &str) -> bool {
    contains_text(&job.arguments, text) || contains_text(&job.id.to_string(), text)
}

/// Whether a text has another one in it, without regard to case. If the sought text has only ASCII letters, only these are
/// compared so, as databases do; otherwise all letters are.
pub fn contains_text(whole: &str, sought: &str) -> bool {
    if sought.is_ascii() {
        whole.to_ascii_lowercase().contains(&sought.to_ascii_lowercase())
    } else {
        whole.to_lowercase().contains(&sought.to_lowercase())
    }
}

/// From one time until just before another. A bound that is `None` is open.
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

    /// Whether every time is in it.
    pub const fn is_open(&self) -> bool {
        self.from.is_none() && self.until.is_none()
    }

    /// Whether a time is in it.
    pub fn contains(&self, time: Timestamp) -> bool {
        self.from.is_none_or(|from| time >= from) && self.until.is_none_or(|until| time < until)
    }
}

/// One page of the jobs that match a [`Filter`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Page {
    /// The jobs, in the order of the filter.
    pub jobs: Vec<JobRecord>,
    /// The last position that was read, for [`Filter::going_on`]; `None` after the last page. It need not be the position
    /// of a job that matches.
    pub next: Option<Cursor>,
}

impl Page {
    /// These jobs, and where the next page starts.
    pub const fn new(jobs: Vec<JobRecord>, next: Option<Cursor>) -> Self {
        Self { jobs, next }
    }
}
