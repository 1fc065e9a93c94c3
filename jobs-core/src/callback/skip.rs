//! Leaving out a callback that is inherited.

use std::fmt;

use crate::callback::{Callback, Kind};

/// One inherited callback that is not wanted, and whether there was one.
#[derive(Clone, Debug)]
pub(crate) struct Skip {
    kind: Kind,
    name: &'static str,
    found: bool,
}

impl Skip {
    pub(crate) const fn new(kind: Kind, name: &'static str) -> Self {
        Self { kind, name, found: false }
    }

    /// Whether this callback is the one, by all of the name it was declared by or by its last segment.
    pub(crate) fn takes(&mut self, callback: &Callback) -> bool {
        let name = callback.name();
        let is_meant = name == self.name || name.rsplit("::").next() == Some(self.name);
        let takes = is_meant && callback.kind() == self.kind;
        self.found |= takes;
        takes
    }

    pub(crate) const fn is_found(&self) -> bool {
        self.found
    }

    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.kind, self.name)
    }
}
