//! A job type without its type: constant data and four functions.

use std::fmt;
use std::panic::Location;

use super::arguments::check_names;
use super::parameters::parameter_names;
use super::perform::{Performed, perform_boxed};
use crate::callback::CallbackFuture;
use crate::failure::Failure;
use crate::{AttemptLog, Context, ErasedDraft, Error, Job, Policy, Requirement, Settings, Signature};

/// A job type as the runtime sees it: constant data and four functions.
#[derive(Clone, Copy)]
pub struct Definition {
    settings: Settings,
    requires: &'static [Requirement],
    policy: fn() -> Policy,
    perform: PerformFn,
    draft: DraftFn,
    check_names: fn(&str, u32) -> Result<(), Error>,
    parameter_names: fn() -> Option<&'static [&'static str]>,
    location: &'static Location<'static>,
}

type PerformFn = for<'a> fn(&'a Context, &'a Policy) -> CallbackFuture<'a, Result<Performed, Failure>>;

type DraftFn = fn(&str, u32, i32) -> Result<ErasedDraft, Error>;

inventory::collect!(Definition);

impl Definition {
    /// The definition of `J`, declared at the caller's location.
    #[track_caller]
    pub const fn of<J: Job>() -> Self {
        Self {
            settings: J::SETTINGS,
            requires: J::REQUIRES,
            policy: J::policy,
            perform: perform_boxed::<J>,
            draft: ErasedDraft::of::<J>,
            check_names: check_names::<J>,
            parameter_names: parameter_names::<J>,
            location: Location::caller(),
        }
    }

    /// The name that is stored.
    pub const fn name(&self) -> &'static str {
        self.settings.name
    }

    /// Its constant settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The types that have to be provided to perform it.
    pub const fn requires(&self) -> &'static [Requirement] {
        self.requires
    }

    /// Its rules and callbacks, newly built.
    pub fn policy(&self) -> Policy {
        (self.policy)()
    }

    /// Where it was declared.
    pub const fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// A draft of the job with these arguments of this version, ready to be enqueued. It has the priority
    /// `default_priority` if the job has none of its own.
    ///
    /// # Errors
    /// The arguments are not those of this job; the error [is invalid](Error::is_invalid).
    pub fn draft(&self, arguments: &str, version: u32, default_priority: i32) -> Result<ErasedDraft, Error> {
        (self.draft)(arguments, version, default_priority)
    }

    /// Checks that each name in these arguments, which a person wrote, is that of a parameter or one of its aliases. A stored
    /// job may have other names too, so [`draft`](Self::draft) leaves them out.
    ///
    /// Nothing is checked if the version is not the current one, or if the job does not tell the names of its parameters to
    /// serde, as with `#[serde(flatten)]`.
    ///
    /// # Errors
    /// There is another name; the error [is invalid](Error::is_invalid) and names the nearest parameter.
    pub fn check_names(&self, arguments: &str, version: u32) -> Result<(), Error> {
        (self.check_names)(arguments, version)
    }

    /// How the arguments are passed where a list of them is stored: as the settings say, otherwise all by their positions.
    /// `None` if the job does not tell serde the names of its parameters, as with `#[serde(flatten)]`, or if one has aliases.
    pub fn signature(&self) -> Option<Signature> {
        self.settings.signature.or_else(|| (self.parameter_names)().map(Signature::new))
    }

    /// Replaces in the log of an attempt the values of fields that have the name of a redacted argument, or of any argument if
    /// none may be shown. What a message says is not changed.
    pub fn redact_log(&self, log: &mut AttemptLog) {
        let hidden =
            if self.settings.shows_arguments() { Some(self.settings.redact) } else { (self.parameter_names)() };
        let fields = log.lines_mut().flat_map(|line| &mut line.fields);
        // If the names of the arguments are not known, each field may be one.
        for (_, value) in fields.filter(|(name, _)| hidden.is_none_or(|hidden| hidden.contains(&name.as_str()))) {
            "[redacted]".clone_into(value);
        }
    }

    /// Performs the job of the context. The future returns the failure for the policy to decide on; it does not catch a
    /// panic of the job.
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
