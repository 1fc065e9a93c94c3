//! Finds a key that Active Job reserves, in a value that is serialized.

use serde::Serialize;
use serde_json::Value;

use super::walk::{ValueVisitor, walk};
use crate::job::RUBY_VALUE;

/// What the reserved keys begin with.
const PREFIX: &str = "_aj_";

/// The first reserved key of a value.
#[derive(Default)]
pub(crate) struct ReservedKey(Option<String>);

impl ReservedKey {
    /// Finds it; keys in a [`RUBY_VALUE`] are left out.
    pub(crate) fn in_value<T: Serialize + ?Sized>(value: &T) -> Option<String> {
        let mut found = Self::default();
        walk(value, &mut found);
        found.0
    }

    /// Whether a JSON text may have such a key, found without reading it: a `RawValue` may escape letters of its keys.
    pub(crate) fn may_be_in(text: &str) -> bool {
        text.contains("\"_aj_") || text.contains("\\u")
    }
}

impl ValueVisitor for ReservedKey {
    fn key(&mut self, key: &str) {
        if self.0.is_none() && key.starts_with(PREFIX) {
            self.0 = Some(key.to_owned());
        }
    }

    fn json(&mut self, text: &str) {
        // Its keys may be written with escapes, so it is read.
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            walk(&value, self);
        }
    }

    fn skips(&self, name: &str) -> bool {
        name == RUBY_VALUE
    }
}
