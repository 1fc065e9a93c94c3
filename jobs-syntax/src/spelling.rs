//! The known word that a misspelled word was probably meant to be.

/// The known word that is nearest to `word`: at most three letters are added, dropped, changed or swapped, and at most
/// half of the letters of `word`.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let limit = (word.chars().count() / 2).min(3);
    let near = known.iter().map(|one| (strsim::osa_distance(word, one), *one));
    near.filter(|(distance, _)| *distance <= limit).min_by_key(|(distance, _)| *distance).map(|(_, one)| one)
}

/// `; did you mean `b`?` for the end of a message, or nothing if no known word is near.
pub fn hint(word: &str, known: &[&str]) -> String {
    nearest(word, known).map(|one| format!("; did you mean `{one}`?")).unwrap_or_default()
}
