//! The error for an unknown word, with the known words and the nearest of them.

use jobs_syntax::spelling::shortened;
pub use jobs_syntax::spelling::{hint, nearest};

use crate::Error;

/// How many known words a message lists at most.
const MOST_LISTED: usize = 50;

/// The error for a word that is not one of `known`: says what it is not, lists the known words, and names the nearest. Of a
/// word of more than 100 characters, and of more than 50 known words, it shows only the first.
///
/// `kind` completes "`word` is not ..", as `an option of the SQLite store`.
pub fn unknown(kind: &str, word: &str, known: &[&str]) -> Error {
    Error::invalid(format!("`{}` is not {kind}; there is {}{}", shortened(word), listed(known), hint(word, known)))
}

/// The known words, with commas.
pub(crate) fn listed(known: &[&str]) -> String {
    let words: Vec<_> = known.iter().take(MOST_LISTED).map(|one| format!("`{one}`")).collect();
    let more = known.len().saturating_sub(MOST_LISTED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", words.join(", "))
}
