//! Names with values, as forms and addresses have them.

use serde_json::{Map, Value};

/// The fields of a form or of the part of an address behind `?`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Those in the text that a form sends.
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// Those of a JSON object whose values are no lists and no objects; `None` if it is none. Nothing is an empty one.
    pub(crate) fn parse_json(text: &[u8]) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let object: Map<String, Value> = serde_json::from_slice(text).ok()?;
        let pairs = object.into_iter().filter(|(_, value)| !value.is_null());
        let text = |value| match value {
            Value::String(text) => Some(text),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        };
        pairs.map(|(name, value)| Some((name, text(value)?))).collect::<Option<_>>().map(Self)
    }

    /// The value of a field, without white space around it; `None` if it is empty.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    /// All values of a field that are not empty.
    pub(crate) fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let all = self.0.iter().filter(move |(key, _)| key == name);
        all.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }
}

/// An address with these fields.
pub(crate) fn address<'a>(path: &str, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
