//! A Rust file as the rules see it.

use crate::mask::mask;

/// One file: its text, its code without comments and literals, and which lines are tests.
pub(crate) struct Source {
    path: String,
    lines: Vec<String>,
    code: Vec<String>,
    tests: Vec<bool>,
}

impl Source {
    /// Reads `text`; the path decides whether all of it is tests.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let code: Vec<String> = mask(text).lines().map(str::to_owned).collect();
        let tests = if is_test_path(path) { vec![true; code.len()] } else { test_lines(&code) };
        Self { path: path.to_owned(), lines, code, tests }
    }

    /// From the root of the workspace, with `/`.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// How many lines it has.
    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The lines as they are written.
    pub(crate) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// All lines of code with their number from 1.
    pub(crate) fn code(&self) -> impl DoubleEndedIterator<Item = (usize, &str)> {
        self.code.iter().enumerate().map(|(index, line)| (index + 1, line.as_str()))
    }

    /// The lines of code outside tests.
    pub(crate) fn own_code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code().filter(|(number, _)| !self.is_test(*number))
    }

    /// The lines of code in tests.
    pub(crate) fn test_code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code().filter(|(number, _)| self.is_test(*number))
    }

    /// Whether the line with this number belongs to a test.
    pub(crate) fn is_test(&self, number: usize) -> bool {
        self.tests.get(number - 1).copied().unwrap_or(false)
    }

    /// Whether others can build on it: no example and no task of this repository.
    pub(crate) fn is_library(&self) -> bool {
        !self.path.starts_with("xtask/") && !self.path.split('/').any(|part| part == "examples")
    }
}

fn is_test_path(path: &str) -> bool {
    let mut parts = path.split('/');
    path.starts_with("jobs-testing/") || parts.any(|part| matches!(part, "tests" | "benches" | "tests.rs"))
}

/// Marks each item under `#[cfg(test)]`, up to its closing brace or semicolon.
fn test_lines(code: &[String]) -> Vec<bool> {
    let mut marks = vec![false; code.len()];
    let mut depth = 0_usize;
    let mut within = false;
    for (mark, line) in marks.iter_mut().zip(code) {
        let starts = !within && (line.contains("#[cfg(test)]") || line.contains("#[cfg(all(test,"));
        within |= starts;
        *mark = within;
        if !within {
            continue;
        }
        let before = depth;
        depth = line.chars().fold(depth, |depth, c| match c {
            '{' => depth + 1,
            '}' => depth.saturating_sub(1),
            _ => depth,
        });
        let ends = depth == 0 && (before > 0 || line.contains('}') || line.trim_end().ends_with(';'));
        within = !ends;
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(path: &str, text: &str) -> Vec<usize> {
        Source::new(path, text).own_code().map(|(number, _)| number).collect()
    }

    #[test]
    fn a_module_under_cfg_test_is_a_test_to_its_brace() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        assert_eq!(own("src/lib.rs", text), [1, 6]);
    }

    #[test]
    fn an_item_without_a_body_under_cfg_test_ends_with_its_semicolon() {
        assert_eq!(own("src/lib.rs", "#[cfg(test)]\nmod tests;\nfn a() {}\n"), [3]);
    }

    #[test]
    fn files_of_tests_and_the_crate_for_tests_are_tests() {
        for path in ["tests/a.rs", "jobs-core/tests/a.rs", "jobs-testing/src/lib.rs", "jobs-core/src/tests.rs"] {
            assert!(own(path, "fn a() {}").is_empty(), "{path}");
        }
    }
}
