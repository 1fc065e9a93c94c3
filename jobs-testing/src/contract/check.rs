//! Runs a case, or checks what the store promises instead.

use crate::contract::{CASES, Fixture, Playing, Requirement, weaker};

/// The first requirement that the store does not meet.
fn missing(fixture: &Fixture, requires: &[Requirement]) -> Option<Requirement> {
    requires.iter().copied().find(|requirement| !requirement.is_met(fixture.store()))
}

/// Runs a case. If the store lacks one of the requirements, checks what it promises instead: the refusal, or a weaker
/// guarantee.
///
/// Not cancel safe: a dropped case may leave jobs behind.
pub async fn check(fixture: Fixture, requires: &[Requirement], case: fn(Fixture) -> Playing) {
    match missing(&fixture, requires) {
        None => case(fixture).await,
        Some(missing) => weaker::check(missing, &fixture).await,
    }
}

/// Prints how many cases the store holds, and for how many it is checked what it promises instead. None is left unchecked,
/// because there is a check for each requirement.
///
/// Cancel safe: it only reads.
pub async fn summary(fixture: &Fixture) {
    let refused = CASES.iter().filter(|case| missing(fixture, case.requires()).is_some()).count();
    println!("{} cases held, {refused} refused, none unchecked", CASES.len() - refused);
}
