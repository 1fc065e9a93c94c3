//! What is known about a job type, without its type.

use std::fmt;
use std::panic::Location;

use super::perform::{Performed, perform_boxed};
use crate::callback::CallbackFuture;
use crate::failure::Failure;
use crate::{Context, Drafted, Error, Job, Policy, Requirement, Settings};

/// A job type as the runtime sees it: constant data and three functions.
#[derive(Clone, Copy)]
pub struct Definition {
    settings: Settings,
    requires: &'static [Requirement],
    policy: fn() -> Policy,
    perform: PerformFn,
    draft: DraftFn,
    location: &'static Location<'static>,
}

type PerformFn = for<'a> fn(&'a Context, &'a Policy) -> CallbackFuture<'a, Result<Performed, Failure>>;

type DraftFn = fn(&str, u32) -> Result<Drafted, Error>;

inventory::collect!(Definition);

impl Definition {
    /// The definition of `J`, declared at the caller's place.
    #[track_caller]
    pub const fn of<J: Job>() -> Self {
        Self {
            settings: J::SETTINGS,
            requires: J::REQUIRES,
            policy: J::policy,
            perform: perform_boxed::<J>,
            draft: Drafted::of::<J>,
            location: Location::caller(),
        }
    }

    /// The name that is stored.
    pub const fn name(&self) -> &'static str {
        self.settings.name
    }

    /// What is constant about it.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What its perform borrows.
    pub const fn requires(&self) -> &'static [Requirement] {
        self.requires
    }

    /// Its rules and callbacks, built anew.
    pub fn policy(&self) -> Policy {
        (self.policy)()
    }

    /// Where it was declared.
    pub const fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// The job with these arguments of this version, on its way into the store.
    ///
    /// # Errors
    /// The arguments are none of this job; the error [is invalid](Error::is_invalid).
    pub fn draft(&self, arguments: &str, version: u32) -> Result<Drafted, Error> {
        (self.draft)(arguments, version)
    }

    /// Performs the job of the context. The future gives the failure for the policy to judge; a panic of the
    /// job passes through.
    pub fn perform<'a>(
        &self,
        context: &'a Context,
        policy: &'a Policy,
    ) -> CallbackFuture<'a, Result<Performed, Failure>> {
        (self.perform)(context, policy)
    }
}

impl fmt::Debug for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Definition({} at {})", self.name(), self.location)
    }
}
