//! What cases require of a store, and what is checked instead if a store lacks it.

use jobs_core::{Enqueued, Error, StoreExt, Unique, Until};

use crate::contract::unique_keys::keys::key;
use crate::contract::{CASES, Fixture, Playing};

/// A capability of a store, or a promise that a store in front of foreign data may be unable to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Requirement {
    /// An enqueue may be repeated: a job whose id is stored is not stored again.
    Identity,
    /// Jobs are claimed by priority and age.
    Order,
    /// Every claim is fenced from the claims before it, also of the same process.
    Fencing,
    /// The errors of all attempts are kept.
    History,
    /// Finished and discarded jobs are kept until they are pruned.
    Retention,
    /// Unique keys.
    Unique,
    /// [`Store::inspect`](jobs_core::Store::inspect).
    Inspect,
    /// [`Store::manage`](jobs_core::Store::manage).
    Manage,
    /// [`Store::recurring`](jobs_core::Store::recurring).
    Recurring,
    /// [`Store::wakeups`](jobs_core::Store::wakeups).
    Notifications,
}

impl Requirement {
    /// Whether the store has this capability, or makes this promise.
    pub(crate) fn is_met(self, fixture: &Fixture) -> bool {
        let store = fixture.store();
        let has_capability = match self {
            Self::Inspect => store.inspect().is_some(),
            Self::Manage => store.manage().is_some(),
            Self::Recurring => store.recurring().is_some(),
            Self::Notifications => store.wakeups().is_some(),
            _ => true,
        };
        has_capability && fixture.promises(self)
    }

    /// Whether [`check_refusal`](Self::check_refusal) has something to check.
    fn can_be_refused(self) -> bool {
        !matches!(self, Self::Identity | Self::Order | Self::Fencing | Self::History | Self::Retention)
    }

    /// Checks that the store refuses what it lacks, instead of ignoring it in silence.
    async fn check_refusal(self, fixture: &Fixture) {
        let store = fixture.store();
        match self {
            Self::Inspect => is_refusal(store.looking().err(), "inspecting"),
            Self::Manage => is_refusal(store.acting().err(), "managing"),
            Self::Recurring => is_refusal(store.repeating().err(), "recurring tasks"),
            Self::Unique => {
                let job = fixture.job_with(|job| job.unique_key = key(Unique::until(Until::Done), "a"));
                is_refusal(store.enqueue(&[job]).await.err(), "a job with a unique key");
                assert!(fixture.claim(1).await.is_empty(), "a refused job is not stored");
                let plain = fixture.job();
                assert_eq!(fixture.enqueue(&[plain.clone()]).await, [Enqueued::New(plain.id)], "other jobs are stored");
            }
            // Workers poll a store without notifications. The others cannot be seen in the answer of a single call.
            _ => {}
        }
    }
}

fn is_refusal(error: Option<Error>, what: &str) {
    let error = error.unwrap_or_else(|| panic!("a store that lacks it refuses {what}"));
    assert!(error.is_invalid(), "the error of {what} says that it is not supported: {error}");
}

/// Runs a case. If the store lacks one of the requirements, checks the refusal instead.
///
/// Not cancel safe: a dropped case may leave jobs behind.
#[doc(hidden)]
pub async fn check(fixture: Fixture, requires: &[Requirement], case: fn(Fixture) -> Playing) {
    match requires.iter().find(|requirement| !requirement.is_met(&fixture)) {
        None => case(fixture).await,
        Some(missing) => missing.check_refusal(&fixture).await,
    }
}

/// Asserts that no case is left unchecked: each is held, or its refusal is checked. Prints how many are which.
///
/// Cancel safe: it only reads.
#[doc(hidden)]
pub async fn summary(fixture: &Fixture) {
    let (mut held, mut refused, mut unchecked) = (0, 0, Vec::new());
    for case in CASES {
        match case.requires().iter().find(|requirement| !requirement.is_met(fixture)) {
            None => held += 1,
            Some(missing) if missing.can_be_refused() => refused += 1,
            Some(_) => unchecked.push(case.name()),
        }
    }
    assert!(unchecked.is_empty(), "{held} cases held, {refused} refused, {} unchecked: {unchecked:?}", unchecked.len());
    println!("{held} cases held, {refused} refused, none unchecked");
}
