//! The lists of a view.

use jobs_core::State;

use crate::kit::store::state::Noted;
use crate::kit::{Seen, TestJobs};

impl TestJobs {
    /// The waiting jobs, also scheduled ones, in the order in which they were enqueued or rescheduled.
    pub fn enqueued_jobs(&self) -> Vec<Seen> {
        self.waiting().into_iter().map(|(_, seen)| seen).collect()
    }

    /// One entry for each run, in order, each as the run left it. Runs by `perform_now` are not included.
    pub fn performed_jobs(&self) -> Vec<Seen> {
        let history = self.state.store.history();
        let runs = history.runs().iter().filter(|run| run.begun > self.since).map(|run| run.seen.clone());
        let runs: Vec<_> = runs.collect();
        drop(history);
        runs.into_iter().filter(|seen| self.filter.has(seen)).collect()
    }

    /// The jobs that failed finally and are kept.
    pub fn failed_jobs(&self) -> Vec<Seen> {
        self.ended(State::Failed)
    }

    /// The jobs that were discarded, by a rule or manually.
    pub fn discarded_jobs(&self) -> Vec<Seen> {
        self.ended(State::Discarded)
    }

    pub(crate) fn waiting(&self) -> Vec<Noted> {
        let waits = |state| matches!(state, State::Scheduled | State::Blocked | State::Ready);
        let sees =
            |(note, seen): &Noted| note.arrived > self.since && waits(seen.record.state) && self.filter.has(seen);
        self.state.unfinished().into_iter().filter(sees).collect()
    }

    fn ended(&self, state: State) -> Vec<Seen> {
        let mut noted = self.state.unfinished();
        let since = self.since;
        noted.retain(|(note, seen)| {
            seen.record.state == state && (since == 0 || note.ended > since) && self.filter.has(seen)
        });
        noted.sort_by_key(|(note, _)| note.ended);
        noted.into_iter().map(|(_, seen)| seen).collect()
    }
}
