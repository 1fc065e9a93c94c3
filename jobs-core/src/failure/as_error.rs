//! Any error type of a job as `std::error::Error`.

use std::error::Error as StdError;
use std::ops::Deref;

/// A view of a job's error as the standard library's trait. The macro writes the call.
///
/// `Kind` is inferred: one implementation covers types that are errors themselves, one those that deref to an error
/// (`anyhow::Error`, `Box<dyn Error + Send + Sync>`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a job",
    label = "not an error type",
    note = "a job returns `Result<T, E>` where `E` implements `std::error::Error + Send + Sync + 'static`, \
            or is `anyhow::Error` or `Box<dyn std::error::Error + Send + Sync>`"
)]
pub trait AsError<Kind>: 'static {
    /// The view.
    fn as_error(&self) -> Option<&(dyn StdError + 'static)>;
}

/// `Kind` of types that are errors themselves.
#[derive(Debug)]
pub enum Itself {}

/// `Kind` of types that deref to an error.
#[derive(Debug)]
pub enum Boxed {}

impl<E: StdError + 'static> AsError<Itself> for E {
    fn as_error(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self)
    }
}

impl<E> AsError<Boxed> for E
where
    E: Deref<Target = dyn StdError + Send + Sync> + 'static,
{
    fn as_error(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&**self)
    }
}

/// [`AsError::as_error`] with the kind inferred.
pub fn as_error<Kind, E: AsError<Kind>>(error: &E) -> Option<&(dyn StdError + 'static)> {
    error.as_error()
}
