//! Lists of names in messages.

use jobs_syntax::spelling::hint;

use crate::document::diagnostics::quoted;

/// The most names in a list. The keys of one mapping of ours are fewer.
const MOST: usize = 40;

/// `` `a`, `b` and `c` ``; of very many names the first ones.
pub(crate) fn listed(names: &[&str]) -> String {
    let mut all: Vec<_> = names.iter().take(MOST).map(|name| quoted(name)).collect();
    if names.len() > MOST {
        all.push(format!("{} more", names.len() - MOST));
    }
    match all.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// The longest word, in bytes, for which a known word is looked for.
const LONGEST_WORD: usize = 64;

/// `; did you mean `b`?` for the end of a message, or nothing if no known word is near.
pub(crate) fn near(word: &str, known: &[&str]) -> String {
    if word.len() > LONGEST_WORD { String::new() } else { hint(word, known.get(..MOST).unwrap_or(known)) }
}
