//! The error for an unknown word, with the known words and the nearest of them.

pub use jobs_syntax::spelling::nearest;

use crate::Error;

/// The error for a word that is not one of `known`: says what it is not, lists the known words, and names the nearest.
///
/// `kind` completes "`word` is not ..", as `an option of the SQLite store`.
pub fn unknown(kind: &str, word: &str, known: &[&str]) -> Error {
    let listed = known.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
    let hint = jobs_syntax::spelling::hint(word, known);
    Error::invalid(format!("`{word}` is not {kind}; there is {listed}{hint}"))
}
