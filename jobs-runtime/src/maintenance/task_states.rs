//! What a scheduler knows of each of its recurring tasks: whether its ticks are being taken, and when to try again.

use std::collections::HashMap;
use std::future::pending;
use std::time::Duration;

use jobs_core::{Error, Timestamp};
use tokio::task::{Id, JoinSet};
use tokio::time::Instant;

use crate::supervision::backoff::Backoff;

/// A task whose ticks took longer than this was not slow: the process or the store stood still, and ticks of that time are missed.
const MOST_WATCHED: Duration = Duration::from_secs(10 * 60);

/// The tasks of a scheduler, by index, and the taking of their ticks, once at a time for each.
pub(crate) struct TaskStates {
    states: Vec<TaskState>,
    running: JoinSet<Result<(), Error>>,
    indexes: HashMap<Id, usize>,
}

#[derive(Default)]
struct TaskState {
    /// The store's time when the ticks that are being taken were seen.
    running_since: Option<Timestamp>,
    /// The same of the ticks that were taken last, if others came meanwhile.
    watched_since: Option<Timestamp>,
    backoff: Backoff,
    retry_at: Option<Instant>,
}

/// A task whose ticks are no longer being taken.
#[derive(Clone, Copy)]
pub(crate) struct EndedTask {
    pub(crate) index: usize,
    /// The store's time up to which its ticks were taken.
    pub(crate) since: Timestamp,
    /// When to try again, if it failed.
    pub(crate) retry_at: Option<Instant>,
}

impl TaskStates {
    /// This many tasks, none of which runs.
    pub(crate) fn new(count: usize) -> Self {
        let states = (0..count).map(|_| TaskState::default()).collect();
        Self { states, running: JoinSet::new(), indexes: HashMap::new() }
    }

    /// Begins a look at all tasks: those whose wait after a failure is over may be taken again.
    pub(crate) fn end_waits(&mut self) {
        let now = Instant::now();
        for state in &mut self.states {
            state.retry_at = state.retry_at.filter(|retry_at| *retry_at > now);
        }
    }

    /// Whether ticks of the task may be taken now.
    pub(crate) fn is_idle(&self, index: usize) -> bool {
        let state = self.states.get(index);
        state.is_some_and(|state| state.running_since.is_none() && state.retry_at.is_none())
    }

    /// Ticks of the task came while earlier ones were taken, which were seen at this time.
    pub(crate) fn watched(&mut self, index: usize, since: Timestamp) {
        if let Some(state) = self.states.get_mut(index) {
            state.watched_since = Some(since);
        }
    }

    /// Since when this scheduler has been busy with earlier ticks of the task: it is to blame for ticks that are late since
    /// then. Known once.
    pub(crate) fn watched_since(&mut self, index: usize, now: Timestamp) -> Timestamp {
        let since = self.states.get_mut(index).and_then(|state| state.watched_since.take());
        since.map_or(now, |since| since.max(now - MOST_WATCHED))
    }

    /// Takes ticks of the task that were seen at `now`, the store's time.
    pub(crate) fn start(
        &mut self,
        index: usize,
        now: Timestamp,
        taking: impl Future<Output = Result<(), Error>> + Send + 'static,
    ) {
        let Some(state) = self.states.get_mut(index) else { return };
        state.running_since = Some(now);
        self.indexes.insert(self.running.spawn(taking).id(), index);
    }

    /// Waits until the ticks of one task were taken; for ever if none are being taken. Cancel safe.
    pub(crate) async fn ended(&mut self) -> EndedTask {
        loop {
            let Some(ended) = self.running.join_next_with_id().await else { return pending().await };
            let (id, result) = match ended {
                Ok((id, result)) => (id, result),
                // It was reported where it happened, or the program's runtime ends.
                Err(error) => (error.id(), Err(Error::other(error.to_string()))),
            };
            let index = self.indexes.remove(&id);
            if let Some(ended) = index.and_then(|index| self.end(index, &result)) {
                return ended;
            }
        }
    }

    fn end(&mut self, index: usize, result: &Result<(), Error>) -> Option<EndedTask> {
        let state = self.states.get_mut(index)?;
        let since = state.running_since.take()?;
        if result.is_ok() {
            state.backoff.succeeded();
        } else {
            state.retry_at = Some(Instant::now() + state.backoff.failed());
        }
        Some(EndedTask { index, since, retry_at: state.retry_at })
    }

    /// Whether no ticks are being taken.
    pub(crate) fn are_all_idle(&self) -> bool {
        self.running.is_empty()
    }

    /// When the first task that failed is to be tried again.
    pub(crate) fn next_retry(&self) -> Option<Instant> {
        self.states.iter().filter_map(|state| state.retry_at).min()
    }
}
