//! The lists of a view.

use jobs_core::State;

use crate::kit::store::state::Noted;
use crate::kit::{Seen, TestJobs};

impl TestJobs {
    /// The jobs that wait, scheduled and put off ones too, in the order in which they were enqueued or put off.
    pub fn enqueued_jobs(&self) -> Vec<Seen> {
        self.waiting().into_iter().map(|(_, seen)| seen).collect()
    }

    /// One entry for each run, in their order, each as the run left it. What `perform_now` ran is not among them.
    pub fn performed_jobs(&self) -> Vec<Seen> {
        let history = self.state.store.history();
        let runs = history.runs().iter().filter(|run| run.begun > self.since).map(|run| run.seen.clone());
        let runs: Vec<_> = runs.collect();
        drop(history);
        runs.into_iter().filter(|seen| self.filter.has(seen)).collect()
    }

    /// The jobs that failed for good and are kept.
    pub fn failed_jobs(&self) -> Vec<Seen> {
        self.ended(State::Failed)
    }

    /// The jobs that a rule dropped, or that a hand did.
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
