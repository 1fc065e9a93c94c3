//! Each program that must not compile has the expected words of the compiler beside it.

use crate::tree::Tree;
use crate::violation::Violation;

const FOLDER: &str = "tests/ui/fail/";

/// Every program without expected words, and expected words without a program.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let lacking = |extension, other, what, remedy| {
        let files = tree.with_extension(extension).filter(|file| file.path.contains(FOLDER));
        let alone = files.filter(move |file| tree.text(&other_path(&file.path, extension, other)).is_none());
        alone.map(move |file| Violation::new(&file.path, 1, what, remedy))
    };
    let programs =
        lacking("rs", "stderr", "no `.stderr` says how it fails", "run `cargo xtask bless` and read what it wrote");
    let words = lacking("stderr", "rs", "the program that fails so is gone", "remove the file");
    programs.chain(words).collect()
}

fn other_path(path: &str, extension: &str, other: &str) -> String {
    format!("{}{other}", path.strip_suffix(extension).unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree;

    #[test]
    fn a_program_and_its_words_come_in_pairs() {
        let files = tree(&[
            ("jobs-macros/tests/ui/fail/a.rs", ""),
            ("jobs-macros/tests/ui/fail/a.stderr", ""),
            ("jobs-macros/tests/ui/fail/b.rs", ""),
            ("jobs-macros/tests/ui/fail/c.stderr", ""),
            ("jobs-macros/tests/ui/pass/d.rs", ""),
        ]);
        let words: Vec<_> = check(&files).iter().map(ToString::to_string).collect();
        assert_eq!(words.len(), 2, "{words:?}");
        assert!(words.iter().any(|words| words.starts_with("jobs-macros/tests/ui/fail/b.rs:1: no `.stderr`")));
        assert!(words.iter().any(|words| words.starts_with("jobs-macros/tests/ui/fail/c.stderr:1: the program")));
    }
}
