//! Helpers for cases about unique keys.

use jobs_core::{Enqueued, JobId, NewJob, Unique, UniqueBy, UniqueKey, UniqueUntil};

use crate::contract::Fixture;

pub(crate) const START: Unique = Unique::until(UniqueUntil::Start);
pub(crate) const DONE: Unique = Unique::until(UniqueUntil::Done);

/// The unique key of this word.
pub(crate) fn key(unique: Unique, word: &str) -> Option<UniqueKey> {
    UniqueKey::of("note", &unique, "{}", Some(&UniqueBy::value(&word))).expect("a text is JSON")
}

impl Fixture {
    /// A new job with the key of this word.
    pub(crate) fn unique(&self, unique: Unique, word: &str) -> NewJob {
        self.job_with(|job| job.unique_key = key(unique, word))
    }

    /// Stores a job with the key `a`, which is free.
    pub(crate) async fn put_unique(&self, unique: Unique) -> JobId {
        self.put(self.unique(unique, "a")).await
    }

    /// Asserts that one more job with the key `a` is a duplicate of this one.
    pub(crate) async fn keeps_out(&self, of: JobId, unique: Unique, promise: &str) {
        let answers = self.enqueue(&[self.unique(unique, "a")]).await;
        assert_eq!(answers, [Enqueued::Duplicate { of }], "{promise}");
    }

    /// Asserts that one more job with the key `a` is stored.
    pub(crate) async fn lets_in(&self, unique: Unique, promise: &str) -> JobId {
        let job = self.unique(unique, "a");
        let id = job.id;
        assert_eq!(self.enqueue(&[job]).await, [Enqueued::New(id)], "{promise}");
        id
    }
}
