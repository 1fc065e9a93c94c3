//! One breach of a house rule.

use std::fmt;

/// Where something is wrong, what it is, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    path: String,
    line: usize,
    what: String,
    remedy: &'static str,
}

impl Violation {
    /// A violation of this line, counted from 1.
    pub(crate) fn new(path: &str, line: usize, what: impl Into<String>, remedy: &'static str) -> Self {
        Self { path: path.to_owned(), line, what: what.into(), remedy }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, what, remedy } = self;
        write!(f, "{path}:{line}: {what}; {remedy}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_names_its_position_first_and_the_remedy_last() {
        let violation = Violation::new("src/lib.rs", 7, "it is wrong", "mend it");
        assert_eq!(violation.to_string(), "src/lib.rs:7: it is wrong; mend it");
    }
}
