//! The answer to a manual change of many jobs, of which Redis refused some.

use jobs_core::Error;

/// How many jobs are changed, as the answer to a call that did this, as `retry jobs`.
///
/// # Errors
/// Redis refused some, for these reasons; the error tells the first, and how many others are changed.
pub fn unless_refused(done: u64, refused: &[String], doing: &str) -> Result<u64, Error> {
    match refused.first() {
        None => Ok(done),
        Some(reason) => Err(Error::other(format!(
            "Redis cannot {doing}: {reason}; this holds for {} jobs, and {done} others are changed",
            refused.len()
        ))),
    }
}
