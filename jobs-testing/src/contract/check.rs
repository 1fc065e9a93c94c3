//! Runs a case, or checks the refusal of what the store lacks.

use jobs_core::{Error, StoreExt, Unique, UniqueUntil};

use crate::contract::unique_keys::keys::key;
use crate::contract::{CASES, Fixture, Playing, Requirement};

fn is_met(fixture: &Fixture, requirement: Requirement) -> bool {
    requirement.is_available(fixture.store()) && fixture.promises(requirement)
}

/// Checks that the store refuses what it lacks, instead of ignoring it in silence.
async fn check_refusal(missing: Requirement, fixture: &Fixture) {
    let store = fixture.store();
    match missing {
        Requirement::Inspect => is_refusal(store.require_inspect().err(), "inspecting"),
        Requirement::Manage => is_refusal(store.require_manage().err(), "managing"),
        Requirement::Recurring => is_refusal(store.require_recurring().err(), "recurring tasks"),
        Requirement::Unique => {
            let job = fixture.job_with(|job| job.unique_key = key(Unique::until(UniqueUntil::Done), "a"));
            is_refusal(store.enqueue(&[job]).await.err(), "a job with a unique key");
            assert!(fixture.claim(1).await.is_empty(), "a refused job is not stored");
            // Jobs without a key are stored as ever.
            fixture.put_one().await;
        }
        // Workers poll a store without notifications. The others cannot be seen in the answer of a single call.
        _ => {}
    }
}

fn is_refusal(error: Option<Error>, what: &str) {
    let error = error.unwrap_or_else(|| panic!("a store that lacks it refuses {what}"));
    assert!(error.is_invalid(), "the error of {what} says that it is not supported: {error}");
}

/// Runs a case. If the store lacks one of the requirements, checks the refusal instead.
///
/// Not cancel safe: a dropped case may leave jobs behind.
pub async fn check(fixture: Fixture, requires: &[Requirement], case: fn(Fixture) -> Playing) {
    match requires.iter().copied().find(|requirement| !is_met(&fixture, *requirement)) {
        None => case(fixture).await,
        Some(missing) => check_refusal(missing, &fixture).await,
    }
}

/// Asserts that no case is left unchecked: each is held, or its refusal is checked. Prints how many are which.
///
/// Cancel safe: it only reads.
pub async fn summary(fixture: &Fixture) {
    let (mut held, mut refused, mut unchecked) = (0, 0, Vec::new());
    for case in CASES {
        match case.requires().iter().copied().find(|requirement| !is_met(fixture, *requirement)) {
            None => held += 1,
            Some(missing) if missing.can_be_refused() => refused += 1,
            Some(_) => unchecked.push(case.name()),
        }
    }
    assert!(unchecked.is_empty(), "{held} cases held, {refused} refused, {} unchecked: {unchecked:?}", unchecked.len());
    println!("{held} cases held, {refused} refused, none unchecked");
}
