//! A JSON object whose keys keep their order and whose values keep their bytes.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// A JSON object that is a text of its own. What is not set again is written back byte for byte, in its place, and of equal keys the
/// last one counts. No value is copied: [`JsonFields`](crate::JsonFields) are for objects inside of other JSON, whose values are.
#[derive(Clone, Debug, Default)]
pub struct JsonObject {
    /// The text that it was read from.
    source: String,
    /// The keys, and the texts of their values.
    entries: Vec<(Part, Part)>,
}

/// A piece of text. What was read is not copied: each claimed job is read once.
#[derive(Clone, Debug)]
enum Part {
    /// From and to these bytes of the source.
    Span(usize, usize),
    Own(String),
}

impl Part {
    fn of(text: Cow<'_, str>, source: &str) -> Self {
        match text {
            Cow::Borrowed(text) => {
                let start = text.as_ptr().addr() - source.as_ptr().addr();
                Self::Span(start, start + text.len())
            }
            Cow::Owned(text) => Self::Own(text),
        }
    }

    fn text<'t>(&'t self, source: &'t str) -> &'t str {
        match self {
            Self::Span(from, to) => source.get(*from..*to).unwrap_or_default(),
            Self::Own(text) => text,
        }
    }

    /// Whether it is this text. Most keys differ in their length, which is compared first: each claimed job is asked for some
    /// twenty keys, one by one.
    fn is(&self, text: &str, source: &str) -> bool {
        match self {
            Self::Span(from, to) => {
                to - from == text.len() && source.as_bytes().get(*from..*to) == Some(text.as_bytes())
            }
            Self::Own(own) => own == text,
        }
    }
}

impl JsonObject {
    /// Reads a text; `None` if it is not a JSON object.
    pub fn parse(text: &str) -> Option<Self> {
        let Entries(entries) = serde_json::from_str(text).ok()?;
        let entries = last_of_equal(entries);
        let part = |piece: Cow<'_, str>| Part::of(piece, text);
        let entries = entries.into_iter().map(|(key, value)| (part(key), part(Cow::Borrowed(value.get())))).collect();
        Some(Self { source: text.to_owned(), entries })
    }

    /// The text of a value.
    pub fn raw(&self, key: &str) -> Option<&str> {
        let (_, value) = self.entries.iter().find(|(name, _)| name.is(key, &self.source))?;
        Some(value.text(&self.source))
    }

    /// A value as a `T`; `None` if it is missing or is no `T`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        serde_json::from_str(self.raw(key)?).ok()
    }

    /// Sets a value in its place, or at the end. Values of ours can always be written as JSON.
    pub fn set(&mut self, key: &str, value: impl Serialize) {
        let Ok(value) = serde_json::to_string(&value) else { return };
        match self.entries.iter_mut().find(|(name, _)| name.is(key, &self.source)) {
            Some((_, old)) => *old = Part::Own(value),
            None => self.entries.push((Part::Own(key.to_owned()), Part::Own(value))),
        }
    }

    /// Removes a key.
    pub fn remove(&mut self, key: &str) {
        self.entries.retain(|(name, _)| !name.is(key, &self.source));
    }

    /// The keys and the texts of their values, in their order.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.entries.iter().map(|(key, value)| (key.text(&self.source), value.text(&self.source)))
    }

    /// The JSON text.
    pub fn text(&self) -> String {
        object_text(self.entries())
    }
}

/// The text of an object with these keys and the texts of their values, without white space.
pub fn object_text<'a>(entries: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> String {
    // Beside key and value: a colon, a comma and two quotes.
    let length = entries.clone().map(|(key, value)| key.len() + value.len() + 4).sum::<usize>();
    let mut text = String::with_capacity(length + 2);
    text.push('{');
    for (key, value) in entries {
        if text.len() > 1 {
            text.push(',');
        }
        push_key(&mut text, key);
        text.push(':');
        text.push_str(value);
    }
    text.push('}');
    text
}

/// Nearly all keys need no escapes.
fn push_key(text: &mut String, key: &str) {
    if key.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        text.push('"');
        text.push_str(key);
        text.push('"');
    } else {
        text.push_str(&serde_json::Value::from(key).to_string());
    }
}

/// The entries of an object, still in their text.
struct Entries<'t>(Vec<(Cow<'t, str>, &'t RawValue)>);

#[derive(Deserialize)]
struct Key<'t>(#[serde(borrow)] Cow<'t, str>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

/// Of equal keys the last one counts, as in Ruby.
fn last_of_equal<'t>(mut entries: Vec<(Cow<'t, str>, &'t RawValue)>) -> Vec<(Cow<'t, str>, &'t RawValue)> {
    let keys = entries.iter().map(|(key, _)| key.as_ref());
    let are_different = if entries.len() <= FEW_KEYS {
        keys.enumerate().all(|(index, key)| entries.iter().skip(index + 1).all(|(other, _)| other != key))
    } else {
        keys.collect::<HashSet<_>>().len() == entries.len()
    };
    if !are_different {
        let mut seen = HashSet::new();
        entries.reverse();
        entries.retain(|(key, _)| seen.insert(key.clone()));
        entries.reverse();
    }
    entries
}

/// So few keys are compared with each other, which is quicker than a set of them.
const FEW_KEYS: usize = 32;

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some((Key(key), value)) = map.next_entry()? {
            entries.push((key, value));
        }
        Ok(Entries(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_again_is_written_back_byte_for_byte() {
        let text = r#" {"a":1.50,"b\"c\u00e9":[ 1, {} ],"d":"Gr\u00fc\u00dfe","é":9007199254740993123} "#;
        let mut object = JsonObject::parse(text).unwrap();
        assert_eq!(object.raw("b\"cé"), Some("[ 1, {} ]"));
        assert_eq!(object.get::<String>("d").as_deref(), Some("Grüße"));
        assert_eq!(object.text(), r#"{"a":1.50,"b\"cé":[ 1, {} ],"d":"Gr\u00fc\u00dfe","é":9007199254740993123}"#);
        object.set("a", 2);
        object.set("new\n", "x");
        object.remove("d");
        assert_eq!(object.text(), r#"{"a":2,"b\"cé":[ 1, {} ],"é":9007199254740993123,"new\n":"x"}"#);
        assert!(JsonObject::parse("[1]").is_none() && JsonObject::parse("{\"a\":1} x").is_none());
    }

    #[test]
    fn of_equal_keys_the_last_counts_as_in_ruby() {
        let mut object = JsonObject::parse(r#"{"class":"A","n":1,"cl\u0061ss":"B"}"#).unwrap();
        assert_eq!(object.get::<String>("class").as_deref(), Some("B"));
        object.set("class", "C");
        assert_eq!(object.text(), r#"{"n":1,"class":"C"}"#);
        let many: Vec<String> = (0..100).map(|n| format!(r#""k{}":{n}"#, n % 50)).collect();
        let object = JsonObject::parse(&format!("{{{}}}", many.join(","))).unwrap();
        assert_eq!((object.entries().count(), object.raw("k7")), (50, Some("57")));
    }
}
