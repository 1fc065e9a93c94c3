//! The fields of a form, of a query string or of a JSON body.

use serde_json::{Map, Value};

/// Names with their values, in the order of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Parses the body of a form.
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// Parses the query string of an address.
    pub(crate) fn parse_query(query: Option<&str>) -> Self {
        Self::parse(query.unwrap_or_default().as_bytes())
    }

    /// Parses a JSON object; `None` if the text is something else, or a value is a list or an object. An empty text has no
    /// fields.
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

    /// The first value of a field, without surrounding white space; `None` if it is empty.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    /// All values of a field that are not empty.
    pub(crate) fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let all = self.0.iter().filter(move |(key, _)| key == name);
        all.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }
}

/// An address with these fields in its query string.
pub(crate) fn address<'a>(path: &str, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
