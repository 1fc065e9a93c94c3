//! The model: jobs and bases that have passed every check. Emission reads it and decides nothing.

mod callback;
mod function;
mod job;
mod parameter;
mod policy;
mod returned;
mod rule;
mod settings;

pub(crate) use self::callback::{Callback, CallbackKind, Condition, Skip};
pub(crate) use self::function::Function;
pub(crate) use self::job::{Fallback, Given, InvalidJob, JobFunctions, JobModel};
pub(crate) use self::parameter::{Argument, DefaultValue, Parameter, Provided};
pub(crate) use self::policy::{Base, InvalidBase, Owner, Policy};
pub(crate) use self::returned::{ReturnForm, Returned};
pub(crate) use self::rule::{Attempts, Jitter, Matcher, Response, Retry, Rule, Wait};
pub(crate) use self::settings::{
    DurationValue, JobSettings, MissedTicks, RubySignature, Schedule, SharedSettings, StoredName, Ticks, TimeoutValue,
    UniqueModel, UniqueUntil, UniqueWindow,
};
