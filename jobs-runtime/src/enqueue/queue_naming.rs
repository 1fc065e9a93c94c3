//! The names of queues in the store: mapped, then prefixed.

use std::collections::BTreeMap;

/// How queue names of the code become those of the store, per environment.
///
/// A name is first looked up in the map, then prefixed: with prefix `shop`, `mail` becomes `shop_mail`
/// (Active Job's `queue_name_prefix` and `queue_name_delimiter`).
#[derive(Clone, Debug)]
pub struct QueueNaming {
    prefix: String,
    delimiter: String,
    map: BTreeMap<String, String>,
}

impl Default for QueueNaming {
    fn default() -> Self {
        Self { prefix: String::new(), delimiter: "_".to_owned(), map: BTreeMap::new() }
    }
}

impl QueueNaming {
    /// Names as in the code.
    pub fn new() -> Self {
        Self::default()
    }

    /// A prefix. White space only counts as no prefix, as in Active Job.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The separator between prefix and name; `_` by default.
    pub fn delimiter(mut self, delimiter: impl Into<String>) -> Self {
        self.delimiter = delimiter.into();
        self
    }

    /// Another name for a queue, as `critical` → `critical_queue`.
    pub fn map(mut self, written: impl Into<String>, stored: impl Into<String>) -> Self {
        self.map.insert(written.into(), stored.into());
        self
    }

    /// The name in the store for a name in the code.
    pub fn stored(&self, written: &str) -> String {
        let name = self.map.get(written).map_or(written, String::as_str);
        if self.prefix.trim().is_empty() {
            return name.to_owned();
        }
        [&self.prefix, &self.delimiter, name].concat()
    }
}
