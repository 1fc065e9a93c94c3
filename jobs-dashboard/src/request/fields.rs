//! The fields of a form, of a query string or of a JSON body.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::HttpError;
use crate::request::parameters::Names;
use crate::request::percent::percent_decode;

/// The field that a form may have several times.
const REPEATABLE: &str = "id";

/// The fields without white space around their values: times, numbers and ids. All others say what to act on, and stay as they
/// are written: `queue= mail` must not act on the queue `mail`.
const TRIMMED: &[&str] = &["id", "process", "failure", "limit", "in", "at", "since", "until"];

/// Names with their values, in the order of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Parses the body of a form, or the query string of an address. An empty pair, as between `&&`, is a field without a name.
    ///
    /// # Errors
    /// A name or a value is no text in UTF-8, or has a `%` that encodes nothing: what was meant is not known.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, HttpError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let pair = |pair: &[u8]| {
            let spaced: Vec<u8> = pair.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
            let mut parts = spaced.splitn(2, |byte| *byte == b'=');
            let name = percent_decode(parts.next().unwrap_or_default())?;
            Ok((name, percent_decode(parts.next().unwrap_or_default())?))
        };
        text.split(|byte| *byte == b'&').map(pair).collect::<Result<_, _>>().map(Self)
    }

    /// Parses a JSON object; `None` if the text is something else, or a value is a list or an object. `null` becomes an
    /// empty value. An empty text has no fields.
    pub(crate) fn parse_json(text: &[u8]) -> Option<Self> {
        if text.trim_ascii().is_empty() {
            return Some(Self::default());
        }
        let Pairs(pairs) = serde_json::from_slice(text).ok()?;
        // A number keeps the digits that it was written with.
        let text = |raw: &RawValue| match serde_json::from_str(raw.get()).ok()? {
            Value::Null => Some(String::new()),
            Value::String(text) => Some(text),
            Value::Number(_) | Value::Bool(_) => Some(raw.get().to_owned()),
            _ => None,
        };
        pairs.into_iter().map(|(name, value)| Some((name, text(&value)?))).collect::<Option<_>>().map(Self)
    }

    /// The same fields, if each of them is one of these names, is given once and has a value. `job` becomes `name`.
    ///
    /// # Errors
    /// The first mistake; the message names the field, and those that there are.
    pub(crate) fn checked(self, names: Names) -> Result<Self, HttpError> {
        let mut checked = Vec::with_capacity(self.0.len());
        for (name, value) in self.0 {
            if name.is_empty() && value.is_empty() {
                if names.are_conditions() {
                    return Err(HttpError::invalid(EMPTY_PAIR));
                }
                continue;
            }
            if !names.iter().any(|known| known == name) {
                return Err(unknown(&name, names));
            }
            if value.trim().is_empty() && !names.may_be_empty(&name) {
                return Err(HttpError::invalid(format!(
                    "The parameter `{name}` has no value. Give it one, or leave it out."
                )));
            }
            let name = if name == "job" { "name".to_owned() } else { name };
            if name != REPEATABLE && checked.iter().any(|(known, _)| *known == name) {
                return Err(repeated(&name));
            }
            checked.push((name, value));
        }
        Ok(Self(checked))
    }

    /// The other fields.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// All fields, in the order of the request.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether one of these names is given.
    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        self.0.iter().any(|(name, _)| names.contains(&name.as_str()))
    }

    /// The first value of a field, `None` if it is empty. White space around a time, a number or an id is left out.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    /// All values of a field that are not empty, as [`value`](Self::value).
    pub(crate) fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let all = self.0.iter().filter(move |(key, _)| key == name);
        let is_trimmed = TRIMMED.contains(&name);
        let values = all.map(move |(_, value)| if is_trimmed { value.trim() } else { value.as_str() });
        values.filter(|value| !value.trim().is_empty())
    }
}

const EMPTY_PAIR: &str =
    "There is an empty parameter, as in `a=1&&b=2`. Give it a name and a value, or leave out the `&`.";

fn unknown(name: &str, names: Names) -> HttpError {
    let known: Vec<&str> = names.iter().collect();
    if known.is_empty() {
        return HttpError::invalid(format!("`{name}` is not a parameter here: this takes none."));
    }
    let error = jobs_core::spelling::unknown("a parameter here", name, &known);
    HttpError::invalid(error.to_string())
}

fn repeated(name: &str) -> HttpError {
    let name = if name == "name" { "`name` (or `job`, which is the same)".to_owned() } else { format!("`{name}`") };
    HttpError::invalid(format!("The parameter {name} is given more than once. Give it once."))
}

/// The members of a JSON object in their order, also those with the same name.
struct Pairs(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

/// An address with these fields in its query string.
pub(crate) fn address<'a>(path: &str, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let fields = fields.into_iter().filter(|(_, value)| !value.trim().is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
