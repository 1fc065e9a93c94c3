//! The trait of jobs, and that of their bases.

mod definition;
pub(crate) mod enqueue;
mod erased_draft;
mod into_argument;
pub(crate) mod perform;
mod redaction;
mod registry;
mod settings;

pub use definition::Definition;
pub use enqueue::enqueue;
pub use erased_draft::Drafted;
pub use into_argument::IntoArgument;
pub use perform::{Performed, perform, perform_stored};
pub use redaction::HIDDEN;
pub use registry::{Registered, Registry};
pub use settings::Settings;

use std::any::{Any, TypeId, type_name};
use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt::{Debug, Display};
use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::failure::DeserializeError;
use crate::{BoxError, Context, Matcher, Policy, UniqueBy};

/// A unit of work that can be stored and performed later. The value holds the arguments.
///
/// `#[job]` implements it for a function; by hand it takes the same few lines:
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
    /// What a successful perform gives; only `perform_now` sees it.
    type Output: Send + 'static;
    /// What a failed perform gives.
    type Error: Debug + Display + Send + Sync + 'static;

    /// Name, queue and the rest of what is constant.
    const SETTINGS: Settings;

    /// What perform borrows besides the context; `build()` checks that all of it is provided.
    const REQUIRES: &'static [Requirement] = &[];

    /// Does the work.
    ///
    /// The future is dropped at an await when the job times out or the process is forced to stop.
    fn perform(self, context: &Context) -> impl Future<Output = Result<Self::Output, Self::Error>> + Send;

    /// Rules about failures, and callbacks.
    fn policy() -> Policy {
        Policy::new()
    }

    /// The queue of this very job, without prefix. By default that of [`SETTINGS`](Self::SETTINGS).
    fn queue_name(&self) -> Cow<'static, str> {
        Cow::Borrowed(Self::SETTINGS.queue_or_default())
    }

    /// The priority of this very job. By default that of [`SETTINGS`](Self::SETTINGS), else 0.
    fn priority(&self) -> i32 {
        Self::SETTINGS.priority.unwrap_or(0)
    }

    /// What this very job is unique by, in place of the arguments that [`SETTINGS`](Self::SETTINGS) name. Asked before
    /// the enqueue callbacks, and only of a job that is unique.
    fn unique_by(&self) -> Option<UniqueBy> {
        None
    }

    /// The error as the standard library's trait, so that rules can look at its type and its causes.
    ///
    /// By default only `Box<dyn Error + Send + Sync>` can be looked into; return
    /// [`as_error(error)`](crate::as_error) for any other, as the macro does.
    fn cause(error: &Self::Error) -> Cause<'_> {
        let boxed = (error as &dyn Any).downcast_ref::<BoxError>();
        boxed.map(|error| &**error as _)
    }

    /// Turns arguments of an older `version` into the present form. By default they are taken as they are.
    ///
    /// # Errors
    /// The arguments cannot be turned; the job then fails with a
    /// [`DeserializeError`].
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
    /// What is constant. The name is only for show.
    const SETTINGS: Settings;

    /// Rules and callbacks.
    fn policy() -> Policy;
}

/// A type that a job borrows.
#[derive(Clone, Copy)]
pub struct Requirement {
    id: fn() -> TypeId,
    name: fn() -> &'static str,
}

impl Requirement {
    /// The type `T`. That it can be shared is asked where it is provided.
    pub const fn of<T: 'static>() -> Self {
        Self { id: TypeId::of::<T>, name: type_name::<T> }
    }

    /// Which type.
    pub fn id(&self) -> TypeId {
        (self.id)()
    }

    /// Its name, for messages.
    pub fn name(&self) -> &'static str {
        (self.name)()
    }
}

impl Debug for Requirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Requirement({})", self.name())
    }
}

/// Says at compile time that an error of type `Self` can be caused by a `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can never be caused by `{T}`",
    label = "the job's error is `{Self}`",
    note = "name a variant with `matches {Self}::Variant`, derive `From<{T}>` for `{Self}`, or write `cause {T}` to look for it unchecked"
)]
pub trait Raises<T> {
    /// What matches a `T`, itself or as a cause. The macro writes the call.
    fn raised(words: &'static str) -> Matcher;
}

#[diagnostic::do_not_recommend]
impl<E: From<T>, T: StdError + 'static> Raises<T> for E {
    fn raised(words: &'static str) -> Matcher {
        Matcher::error::<T>(words)
    }
}

/// What a job's function may return: a `Result`, also by an alias, or nothing.
#[diagnostic::on_unimplemented(
    message = "a job cannot return `{Self}`",
    label = "not a `Result`",
    note = "a job returns `Result<T, E>`, or nothing if it cannot fail"
)]
pub trait Returned {
    /// What a success gives.
    type Output;
    /// What a failure gives.
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

/// The arguments of a job as JSON text.
///
/// # Errors
/// A value cannot be written as JSON, as a map with keys that are not strings, or could not be read back, as a number
/// that is none: JSON has no infinity, and writes `null` for it.
pub fn arguments_of<J: Job>(job: &J) -> Result<String, crate::Error> {
    let text = serde_json::to_string(job).map_err(|cause| {
        let message = format!("the arguments of `{}` cannot be written as JSON: {cause}", J::SETTINGS.name);
        crate::Error::invalid(message).with_source(cause)
    })?;
    // To be told now is better than in the worker, where nobody can mend it.
    if text.contains("null") {
        DeserializeError::read_job::<J>(&text).map_err(|unread| unreadable::<J>(&text, unread))?;
    }
    Ok(text)
}

fn unreadable<J: Job>(text: &str, unread: DeserializeError) -> crate::Error {
    let shown = J::SETTINGS.shown_arguments(text);
    let message = format!(
        "the arguments of `{}` could not be read back from {shown}: {unread} (a number that is infinite or none is \
         written as `null`)",
        J::SETTINGS.name
    );
    crate::Error::invalid(message).with_source(unread)
}
