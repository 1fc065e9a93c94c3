//! The lists of the live view.

use jobs::State;

use crate::top::list_filter::ListFilter;

/// A list, one of which is visible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    #[default]
    Queues,
    Processes,
    Running,
    Failed,
    Jobs,
}

impl Tab {
    pub(crate) const ALL: [Self; 5] = [Self::Queues, Self::Processes, Self::Running, Self::Failed, Self::Jobs];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Queues => "queues",
            Self::Processes => "processes",
            Self::Running => "running",
            Self::Failed => "failed",
            Self::Jobs => "jobs",
        }
    }

    /// The help text for the keys of this list. With the keys of all lists it fits into 80 columns.
    pub(crate) const fn keys(self) -> &'static str {
        match self {
            Self::Queues => "p pause or resume",
            Self::Processes => "",
            Self::Running => "/ filter  enter details  x choose  c cancel",
            Self::Failed | Self::Jobs => "/ filter  enter details  x choose  r retry  d discard",
        }
    }

    /// Whether its rows are jobs.
    pub(crate) const fn has_jobs(self) -> bool {
        matches!(self, Self::Running | Self::Failed | Self::Jobs)
    }

    /// The part of the filter that this list can have: the state of most lists is fixed.
    pub(crate) fn filter(self, filter: &ListFilter) -> ListFilter {
        match self {
            Self::Queues | Self::Processes => ListFilter::default(),
            Self::Running | Self::Failed => filter.without_state(),
            Self::Jobs => filter.clone(),
        }
    }

    /// The state of its jobs; `None` if they can have any.
    pub(crate) const fn state(self) -> Option<State> {
        match self {
            Self::Running => Some(State::Claimed),
            Self::Failed => Some(State::Failed),
            Self::Queues | Self::Processes | Self::Jobs => None,
        }
    }

    /// The text in place of an empty list.
    pub(crate) const fn empty(self) -> &'static str {
        match self {
            Self::Queues => "no queue has jobs",
            Self::Processes => "no process runs jobs",
            Self::Running => "no job runs",
            Self::Failed => "no job has failed",
            Self::Jobs => "there are no jobs",
        }
    }

    pub(crate) fn offset(self, steps: usize) -> Self {
        let index = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
        Self::ALL.get((index + steps) % Self::ALL.len()).copied().unwrap_or_default()
    }

    /// The tab of this key, from `1` on.
    pub(crate) fn of_key(key: char) -> Option<Self> {
        let index = usize::try_from(key.to_digit(10)?).ok()?.checked_sub(1)?;
        Self::ALL.get(index).copied()
    }
}
