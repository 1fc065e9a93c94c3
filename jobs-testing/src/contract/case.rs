//! A promise as a value, found and run by its name.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::contract::Fixture;

/// A running case.
pub type Playing = Pin<Box<dyn Future<Output = ()>>>;

/// One promise of the contract: its name, and how to see whether a store keeps it.
#[derive(Clone, Copy)]
pub struct Case {
    name: &'static str,
    requires: Option<&'static str>,
    play: fn(Fixture) -> Playing,
}

impl Case {
    /// For the list of all cases.
    pub(crate) const fn new(name: &'static str, requires: Option<&'static str>, play: fn(Fixture) -> Playing) -> Self {
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

    /// The guarantee of a store without which the promise cannot be kept, as `unique`. `None` if every store keeps it.
    pub const fn requires(&self) -> Option<&'static str> {
        self.requires
    }

    /// Runs it on a fresh store. The future panics if the promise is broken.
    pub fn play(&self, fixture: Fixture) -> Playing {
        (self.play)(fixture)
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Case").field(&self.name).finish()
    }
}
