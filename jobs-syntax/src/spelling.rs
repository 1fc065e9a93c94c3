//! The known word that a misspelled word was probably meant to be.

use std::borrow::Cow;

/// The longest word, in characters, for which a known one is searched, and the most that a message quotes of a text.
const LONGEST: usize = 100;

/// How many known words of about the right length are compared at most.
const MOST_COMPARED: usize = 2_000;

/// The known word that is nearest to `word`: at most three letters are added, dropped, changed or swapped, and at most
/// half of the letters of `word`. Capital letters may be written for small ones.
///
/// The work is bounded: of a word of more than 100 characters nothing is near, and at most 2,000 known words are compared.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let length = word.chars().take(LONGEST + 1).count();
    if length > LONGEST {
        return None;
    }
    let reach = (length / 2).min(3);
    let comparable = known.iter().filter(|one| has_length(one, length, reach)).take(MOST_COMPARED);
    let near = comparable.map(|one| (distance(word, one), *one));
    // Of two that are equally near, the one with the same capital letters.
    let near = near.filter(|(distance, _)| *distance <= reach);
    near.min_by_key(|(distance, one)| (*distance, strsim::osa_distance(word, one))).map(|(_, one)| one)
}

/// Whether the word has at most one letter that is added, dropped, changed or swapped, besides capital letters.
pub fn is_almost(word: &str, known: &str) -> bool {
    let length = word.chars().take(LONGEST + 1).count();
    length > 1 && has_length(known, length, 1) && distance(word, known) <= 1
}

/// `; did you mean `b`?` for the end of a message, or nothing if no known word is near.
pub fn hint(word: &str, known: &[&str]) -> String {
    nearest(word, known).map(|one| format!("; did you mean `{one}`?")).unwrap_or_default()
}

/// The first 100 characters of a text for a message, with `…` if there are more.
pub fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}

/// Whether the lengths differ by no more than the reach. Only the first characters of a long word are counted.
fn has_length(word: &str, length: usize, reach: usize) -> bool {
    word.chars().take(length + reach + 1).count().abs_diff(length) <= reach
}

fn distance(word: &str, known: &str) -> usize {
    let exact = strsim::osa_distance(word, known);
    if word.chars().any(char::is_uppercase) {
        return exact.min(strsim::osa_distance(&word.to_lowercase(), known));
    }
    exact
}
