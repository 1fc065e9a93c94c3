//! A promise as a value, found and run by its name.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::contract::{Fixture, Requirement, check};

/// A running case.
pub type Playing = Pin<Box<dyn Future<Output = ()>>>;

/// One promise of the contract: its name, and how to see whether a store keeps it.
#[derive(Clone, Copy)]
pub struct Case {
    name: &'static str,
    requires: &'static [Requirement],
    play: fn(Fixture) -> Playing,
}

impl Case {
    /// For the list of all cases.
    pub(crate) const fn new(
        name: &'static str,
        requires: &'static [Requirement],
        play: fn(Fixture) -> Playing,
    ) -> Self {
        Self { name, requires, play }
    }

    /// The case of this name, as `claim::no_job_is_given_to_two_claims`.
    pub fn named(name: &str) -> Option<Self> {
        super::CASES.iter().find(|case| case.name == name).copied()
    }

    /// Its name, as `claim::no_job_is_given_to_two_claims`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What a store must have or promise for the case to hold. Empty if every store keeps it.
    pub const fn requires(&self) -> &'static [Requirement] {
        self.requires
    }

    /// Runs it on a fresh store, or checks what the store promises instead of what it lacks. The future panics if a promise is broken.
    pub fn play(&self, fixture: Fixture) -> Playing {
        Box::pin(check(fixture, self.requires, self.play))
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Case").field(&self.name).finish()
    }
}
