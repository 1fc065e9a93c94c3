//! What an error was caused by, also where its `source()` leaves a link out.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;

/// The error and its causes, outermost first.
pub(crate) fn chain<'a>(
    outermost: Option<&'a (dyn StdError + 'static)>,
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(outermost, |error| beneath(*error))
}

/// What lies directly under an error. The `source()` of an `io::Error` is not what it was made from, but what that was
/// caused by.
fn beneath<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    let made_from = as_a::<io::Error>(error).and_then(io::Error::get_ref);
    made_from.map(|inner| inner as _).or_else(|| error.source())
}

/// The error as a `T`, also one in a box or a shared one, whose `source()` skips the `T` itself.
pub(crate) fn as_a<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let boxed = || error.downcast_ref::<Box<T>>().map(|error| &**error);
    let shared = || error.downcast_ref::<Arc<T>>().map(|error| &**error);
    error.downcast_ref().or_else(boxed).or_else(shared)
}
