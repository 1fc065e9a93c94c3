//! Words that are not known, and the nearest that is.

use crate::Error;

/// The error of a word that is none of `known`: says what it is not, what there is, and the nearest spelling.
///
/// `kind` completes "`word` is not ..", as `an option of the SQLite store`.
pub fn unknown(kind: &str, word: &str, known: &[&str]) -> Error {
    let listed = known.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
    let guess = nearest(word, known).map(|one| format!("; did you mean `{one}`?")).unwrap_or_default();
    Error::invalid(format!("`{word}` is not {kind}; there is {listed}{guess}"))
}

/// The known word that is meant most likely: three letters away at most, and no more than half of them.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let reach = (word.chars().count() / 2).min(3);
    let near = known.iter().map(|one| (distance(word, one), *one));
    near.filter(|(far, _)| *far <= reach).min_by_key(|(far, _)| *far).map(|(_, one)| one)
}

/// How many letters to add, drop, change or swap to get from one word to the other (optimal string alignment).
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let first: Vec<usize> = (0..=to.len()).collect();
    let (mut above, mut row) = (Vec::new(), first);
    for (line, letter) in from.iter().enumerate() {
        let mut next = vec![line + 1];
        for (place, other) in to.iter().enumerate() {
            let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX - 1);
            let mut least = at(&row, place) + usize::from(letter != other);
            least = least.min(at(&row, place + 1) + 1).min(at(&next, place) + 1);
            let swapped =
                place > 0 && line > 0 && to.get(place - 1) == Some(letter) && from.get(line - 1) == Some(other);
            if swapped {
                least = least.min(at(&above, place - 1) + 1);
            }
            next.push(least);
        }
        above = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}
