//! The traits of job types and of their bases.

mod arguments;
mod definition;
mod enqueue;
mod erased_draft;
mod into_argument;
mod parameters;
mod perform;
mod positional;
mod redaction;
mod registry;
mod remote;
mod reserved_keys;
mod settings;
mod signature;
mod stored_argument;

use std::any::Any;
use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt::{Debug, Display};
use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use arguments::arguments_of;
pub use definition::Definition;
pub use enqueue::enqueue;
pub use erased_draft::ErasedDraft;
pub use into_argument::IntoArgument;
pub use perform::{Performed, perform, perform_stored};
pub use redaction::shown_unique_key;
pub use registry::{Registered, Registry};
pub use remote::{PerformedElsewhere, Remote};
pub use reserved_keys::{RUBY_VALUE, reserved_key, reserved_key_error};
pub use settings::Settings;
pub use signature::Signature;
pub use stored_argument::{StoredArgument, stored_argument};

use crate::{BoxError, Context, Failure, Policy, Requirement, UniqueBy};

/// A unit of work that can be stored and performed later. The value holds the arguments.
///
/// `#[job]` implements it for a function; a manual implementation takes the same few lines:
///
/// ```
/// use jobs_core::{Context, Job, Settings};
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Greet { name: String }
///
/// impl Job for Greet {
///     type Output = ();
///     type Error = std::io::Error;
///     const SETTINGS: Settings = Settings::new("greet").queue("hellos");
///
///     async fn perform(self, _context: &Context) -> Result<(), std::io::Error> {
///         println!("Hello, {}!", self.name);
///         Ok(())
///     }
///
///     fn cause(error: &Self::Error) -> Option<&(dyn std::error::Error + 'static)> {
///         jobs_core::as_error(error)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a job",
    note = "write `#[job]` above an async function and use the struct that it makes, or implement `jobs::Job` by hand"
)]
pub trait Job: Serialize + DeserializeOwned + Send + Sync + Sized + 'static {
    /// The result of a successful perform; only `perform_now` returns it.
    type Output: Send + 'static;
    /// The error of a failed perform.
    type Error: Debug + Display + Send + Sync + 'static;

    /// Name, queue and the other constant settings.
    const SETTINGS: Settings;

    /// The types that have to be provided to perform; `build()` checks that they are.
    const REQUIRES: &'static [Requirement] = &[];

    /// Does the work.
    ///
    /// The future is dropped at an await when the job times out or the process is forced to stop.
    fn perform(self, context: &Context) -> impl Future<Output = Result<Self::Output, Self::Error>> + Send;

    /// Rules about failures, and callbacks.
    fn policy() -> Policy {
        Policy::new()
    }

    /// The queue of this job, without prefix. By default that of [`SETTINGS`](Self::SETTINGS).
    fn queue_name(&self) -> Cow<'static, str> {
        Cow::Borrowed(Self::SETTINGS.queue_or_default())
    }

    /// The priority of this job. By default that of [`SETTINGS`](Self::SETTINGS), else 0.
    fn priority(&self) -> i32 {
        Self::SETTINGS.priority.unwrap_or(0)
    }

    /// The priority of this job where the program's default is `default`: its own if it declares or chooses one. A job whose
    /// [`priority`](Self::priority) may choose 0 returns its own here too, as the macro does.
    fn priority_or(&self, default: i32) -> i32 {
        match (Self::SETTINGS.priority, self.priority()) {
            (None, 0) => default,
            (_, own) => own,
        }
    }

    /// What this job is unique by, instead of the arguments that [`SETTINGS`](Self::SETTINGS) name. Called before the
    /// enqueue callbacks, and only for a job that is unique.
    fn unique_by(&self) -> Option<UniqueBy> {
        None
    }

    /// The error as the standard library's trait, so that rules can match its type and its causes.
    ///
    /// By default only `Box<dyn Error + Send + Sync>` is supported; return
    /// [`as_error(error)`](crate::as_error) for any other, as the macro does.
    fn cause(error: &Self::Error) -> Cause<'_> {
        let boxed = (error as &dyn Any).downcast_ref::<BoxError>();
        boxed.map(|error| &**error as _)
    }

    /// Converts arguments of an older `version` into the current form. By default they are left as they are.
    ///
    /// # Errors
    /// The arguments cannot be converted; the job then fails with a
    /// [`DeserializeError`](crate::DeserializeError).
    fn upgrade(arguments: Value, version: u32) -> Result<Value, BoxError> {
        let _ = version;
        Ok(arguments)
    }
}

/// Settings, rules and callbacks that several jobs share: `#[jobs::base]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a base",
    label = "not a base",
    note = "write `#[jobs::base(..)]` above `struct {Self};`"
)]
pub trait Base: 'static {
    /// The constant settings. The name is only for display.
    const SETTINGS: Settings;

    /// Rules and callbacks.
    fn policy() -> Policy;
}

impl Policy {
    /// Adds everything that the base declares, as a level below the existing ones. Its callbacks run outside.
    ///
    /// Inherited callbacks come first, as in Active Job, in any order of the calls.
    pub fn inherit<B: Base>(self) -> Self {
        self.over(&B::policy())
    }
}

impl Failure {
    /// The error that a job returned.
    pub fn raised<J: Job>(error: J::Error) -> Self {
        Self::with_view(error, |value| value.downcast_ref().and_then(J::cause))
    }
}

/// What a job's function may return: a `Result`, also by an alias, or nothing.
#[diagnostic::on_unimplemented(
    message = "a job cannot return `{Self}`",
    label = "not a `Result`",
    note = "a job returns `Result<T, E>`, or nothing if it cannot fail"
)]
pub trait Returned {
    /// The type of a success.
    type Output;
    /// The type of a failure.
    type Error;

    /// The same as a plain `Result`.
    ///
    /// # Errors
    /// The function failed.
    fn into_result(self) -> Result<Self::Output, Self::Error>;
}

impl<T, E> Returned for Result<T, E> {
    type Output = T;
    type Error = E;

    fn into_result(self) -> Self {
        self
    }
}

impl Returned for () {
    type Output = ();
    type Error = std::convert::Infallible;

    fn into_result(self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }
}

/// What [`Job::cause`] returns.
pub type Cause<'a> = Option<&'a (dyn StdError + 'static)>;
