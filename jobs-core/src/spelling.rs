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

/// The known word that is three letters away at most, and not all of its letters.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().map(|one| (distance(word, one), *one));
    near.filter(|(far, one)| *far <= 3 && *far < one.chars().count()).min().map(|(_, one)| one)
}

/// How many letters to add, drop or change to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, letter) in from.chars().enumerate() {
        let mut next = vec![line + 1];
        for ((before, pair), other) in next_cells(&row).zip(&to) {
            let left = next.last().copied().unwrap_or(0);
            let changed = before + usize::from(letter != *other);
            next.push(changed.min(pair + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// Each cell of the row with the one to its right.
fn next_cells(row: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    row.iter().copied().zip(row.iter().skip(1).copied())
}
