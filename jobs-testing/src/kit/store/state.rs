//! What the views of one test share: the store, its clock, and the client.

use std::sync::Arc;

use jobs_core::{Clock, Inspect, JobId, JobRecord, State, Store, Timestamp};
use jobs_runtime::Client;

use crate::kit::Seen;
use crate::kit::store::JobHistory;
use crate::kit::store::immediate::at_once;
use crate::kit::store::test_store::TestStore;
use crate::{FaultyStore, ManualClock, Recorder};

/// A store, its clock, and the client that uses it.
pub(crate) struct KitState {
    pub(crate) jobs: Client,
    pub(crate) store: Arc<TestStore>,
    /// The store as the client sees it, which fails on demand.
    pub(crate) faults: Arc<FaultyStore>,
    pub(crate) clock: ManualClock,
    pub(crate) recorder: Recorder,
}

/// A job with its history.
pub(crate) type Noted = (JobHistory, Seen);

impl KitState {
    /// All jobs that are neither finished nor cleared, in the order in which they arrived.
    pub(crate) fn unfinished(&self) -> Vec<Noted> {
        let ids = self.store.history().unfinished();
        let records = ids.into_iter().filter_map(|id| at_once(self.store.memory().find(id)));
        let mut noted: Vec<_> = records.map(|record| self.noted(record)).collect();
        noted.retain(|(note, _)| !note.cleared);
        noted.sort_by_key(|(note, _)| note.arrived);
        noted
    }

    /// A job as it is now.
    pub(crate) fn seen(&self, id: JobId) -> Option<Seen> {
        at_once(self.store.memory().find(id)).map(|record| self.noted(record).1)
    }

    fn noted(&self, mut record: JobRecord) -> Noted {
        let history = self.store.history();
        let note = history.of(record.id);
        if history.held.contains(&record.id) {
            record.state = State::Ready;
            record.attempts = record.attempts.saturating_sub(1);
        }
        drop(history);
        let shown = self.jobs.shown_arguments(&record.name, &record.arguments, record.version);
        (note, Seen { at: note.timed.then_some(record.due_at), record, shown })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Sets the clock, and makes due jobs ready.
    pub(crate) fn go_to(&self, time: Timestamp) {
        self.clock.set(time);
        let _dispatched = at_once(self.store.dispatch(usize::MAX));
    }
}
