//! A declaration that leaves out an inherited callback.

use std::fmt;

use super::{Callback, Kind};

/// An inherited callback that a job type skips, and whether such a callback was found.
#[derive(Clone, Debug)]
pub(crate) struct SkippedCallback {
    kind: Kind,
    name: &'static str,
    found: bool,
}

impl SkippedCallback {
    pub(crate) const fn new(kind: Kind, name: &'static str) -> Self {
        Self { kind, name, found: false }
    }

    /// Whether this is the callback, by the full name it was declared by or by the last segment of that.
    pub(crate) fn matches(&mut self, callback: &Callback) -> bool {
        let name = callback.name();
        let same_name = name == self.name || name.rsplit("::").next() == Some(self.name);
        let matches = same_name && callback.kind() == self.kind;
        self.found |= matches;
        matches
    }

    pub(crate) const fn is_found(&self) -> bool {
        self.found
    }

    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }
}

impl fmt::Display for SkippedCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.kind, self.name)
    }
}
