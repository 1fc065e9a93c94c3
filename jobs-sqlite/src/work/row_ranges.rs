//! Ranges of row ids that follow each other: one statement reads or changes all their rows.

/// The least number of rows for which a range is cheaper than single rows.
const LEAST: usize = 4;

/// Some rows of a sorted list.
pub(crate) enum Rows<'r, T> {
    /// Their ids follow each other, from the first to the last.
    Range { first: i64, last: i64, rows: &'r [T] },
    /// Too few that follow each other.
    Single(&'r [T]),
}

/// Splits rows, which are sorted by their id, into ranges. `follows` says whether two rows belong together besides.
pub(crate) fn ranges<T>(
    rows: &[T],
    id: impl Fn(&T) -> i64 + Copy,
    follows: impl Fn(&T, &T) -> bool,
) -> impl Iterator<Item = Rows<'_, T>> {
    let parts = rows.chunk_by(move |one, next| id(one).checked_add(1) == Some(id(next)) && follows(one, next));
    parts.map(move |rows| match rows {
        [first, .., last] if rows.len() >= LEAST => Rows::Range { first: id(first), last: id(last), rows },
        _ => Rows::Single(rows),
    })
}
