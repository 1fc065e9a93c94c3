//! How far a bulk has come, and the event of its end.

use jobs_core::events::{EnqueuedAll, EnqueuedAllWithin};
use jobs_core::{Bulk, Enqueued, Error, Event, NewJob};

use crate::client::shared::Shared;
use crate::enqueue::partial_enqueue::PartialEnqueue;

/// Jobs of which the last cannot be stored, so that none of them was given to the store.
pub(crate) struct Unprepared {
    pub(crate) jobs: usize,
    pub(crate) error: Error,
}

/// How far a bulk has come.
pub(crate) struct BulkProgress<'a> {
    shared: &'a Shared,
    /// Whether the caller's transaction may still be rolled back.
    is_uncertain: bool,
    bulk: Bulk,
    answers: Vec<Enqueued>,
    /// The jobs that were stored last and are not counted yet.
    uncounted: Vec<NewJob>,
}

impl<'a> BulkProgress<'a> {
    /// Nothing is stored yet. `is_uncertain` if the caller's transaction may still be rolled back.
    pub(crate) fn new(shared: &'a Shared, is_uncertain: bool) -> Self {
        Self { shared, is_uncertain, bulk: Bulk::default(), answers: Vec::new(), uncounted: Vec::new() }
    }

    /// This chunk was stored; the chunks before it are counted.
    pub(crate) fn add(&mut self, chunk: Vec<NewJob>, answers: Vec<Enqueued>) {
        self.answers.extend(answers);
        self.uncounted = chunk;
    }

    /// Counts the jobs that were stored last by their names, and reports the duplicates among them.
    pub(crate) fn count(&mut self) {
        let chunk = std::mem::take(&mut self.uncounted);
        // The store's answers were checked: there is one for each job.
        let first = self.answers.len().saturating_sub(chunk.len());
        let answers = self.answers.iter().skip(first);
        let (stored, others): (Vec<_>, Vec<_>) =
            chunk.iter().zip(answers).partition(|(_, answer)| matches!(answer, Enqueued::New(_)));
        for (job, answer) in others {
            self.shared.report_enqueued(job, answer, false);
        }
        self.bulk.add(stored.into_iter().map(|(job, _)| job.name.as_str()));
    }

    /// The bulk is complete.
    pub(crate) fn end(mut self) -> Vec<Enqueued> {
        self.report();
        self.answers
    }

    /// The bulk ends here: the store did not take this many jobs, or its answer was lost.
    pub(crate) fn fail(mut self, unanswered: usize, error: Error) -> PartialEnqueue {
        self.bulk.failed = unanswered;
        self.bulk.may_be_stored = !self.is_uncertain && error.is_transient();
        self.report();
        PartialEnqueue { stored: self.answers, unanswered, error }
    }

    /// The bulk ends here: jobs were not given to the store, since one of them cannot be stored.
    pub(crate) fn reject(mut self, unprepared: Unprepared) -> PartialEnqueue {
        self.bulk.failed = unprepared.jobs;
        self.report();
        PartialEnqueue { stored: self.answers, unanswered: 0, error: unprepared.error }
    }

    fn report(&mut self) {
        self.count();
        let bulk = std::mem::take(&mut self.bulk);
        if bulk != Bulk::default() {
            self.shared.events.emit(|| -> Event {
                if self.is_uncertain { EnqueuedAllWithin::new(bulk).into() } else { EnqueuedAll::new(bulk).into() }
            });
        }
    }
}
