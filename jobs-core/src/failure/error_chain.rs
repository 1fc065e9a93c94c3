//! The causes of an error, also where its `source()` skips one.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;

/// An error that is its own cause would have no end.
const MOST: usize = 100;

/// The error and its causes, outermost first, at most 100.
pub(crate) fn chain<'a>(
    outermost: Option<&'a (dyn StdError + 'static)>,
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(outermost, |error| cause_of(*error)).take(MOST)
}

/// The next cause of an error. The `source()` of an `io::Error` skips the error that it was made from.
fn cause_of<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    let made_from = as_a::<io::Error>(error).and_then(io::Error::get_ref);
    made_from.map(|inner| inner as _).or_else(|| error.source())
}

/// The error as a `T`, also if it is a box or an `Arc` of one: the `source()` of these skips the `T` itself.
pub(crate) fn as_a<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let boxed = || error.downcast_ref::<Box<T>>().map(|error| &**error);
    let shared = || error.downcast_ref::<Arc<T>>().map(|error| &**error);
    error.downcast_ref().or_else(boxed).or_else(shared)
}
