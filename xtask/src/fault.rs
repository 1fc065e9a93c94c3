//! One breach of a house rule.

use std::fmt;

/// Where something is wrong, what it is, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    path: String,
    line: usize,
    what: String,
    remedy: &'static str,
}

impl Fault {
    /// A fault of this line, counted from 1.
    pub(crate) fn new(path: &str, line: usize, what: impl Into<String>, remedy: &'static str) -> Self {
        Self { path: path.to_owned(), line, what: what.into(), remedy }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, what, remedy } = self;
        write!(f, "{path}:{line}: {what}; {remedy}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_its_place_first_and_the_remedy_last() {
        let fault = Fault::new("src/lib.rs", 7, "it is wrong", "mend it");
        assert_eq!(fault.to_string(), "src/lib.rs:7: it is wrong; mend it");
    }
}
