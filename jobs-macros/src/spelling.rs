//! The nearest of the words that would have been right.

/// The word that is at most two changes away from `written`, and fewer changes than half its length.
pub(crate) fn nearest<'a>(written: &str, words: &[&'a str]) -> Option<&'a str> {
    let near = words.iter().map(|word| (distance(written, word), *word));
    near.filter(|(changes, word)| *changes <= 2 && changes * 2 < word.len().max(3)).min().map(|(_, word)| word)
}

/// `; did you mean `x`?`, or nothing.
pub(crate) fn hint(written: &str, words: &[&str]) -> String {
    nearest(written, words).map_or_else(String::new, |word| format!("; did you mean `{word}`?"))
}

/// The number of letters to add, drop, change or swap (optimal string alignment).
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let change = rows[i][j] + usize::from(a != b);
            let mut least = change.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_pen_finds_its_word() {
        let words = ["queue", "priority", "timeout"];
        assert_eq!(nearest("quue", &words), Some("queue"));
        assert_eq!(nearest("queeu", &words), Some("queue"));
        assert_eq!(nearest("colour", &words), None);
    }
}
