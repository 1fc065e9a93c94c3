//! Reads arguments that are a list: by their positions, and a last mapping as keywords.
//!
//! Ruby calls `perform(1, force: true)` for the list `[1, {"force": true}]`, so the names in a last mapping are parameters
//! if the list by itself does not fit. What may be left out may be missing at the end of the list.

use std::cell::Cell;

use jobs_syntax::spelling::{hint, is_almost, shortened};
use serde::de::value::{StrDeserializer, U64Deserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, Visitor};
use serde::{Serialize, forward_to_deserialize_any};
use serde_json::{Error, Map, Value};

use super::parameters::Parameters;
use crate::DeserializeError;
use crate::failure::Unreadable;

/// Why a list cannot be read.
pub(super) enum Unfit {
    /// There are more elements than parameters. The text has no value in it.
    TooMany(DeserializeError),
    /// A value is wrong or missing.
    Unreadable(Unreadable),
}

/// Reads the elements of a list as the arguments of the job `name`. `None` if there is nothing to add to serde's own
/// reading of the text: it is not a list, `T` does not read its fields by name, or an element is wrong.
pub(super) fn read<T: DeserializeOwned>(name: &str, text: &str) -> Option<Result<T, Unfit>> {
    if !text.trim_start().starts_with('[') {
        return None;
    }
    let list: Vec<Value> = serde_json::from_str(text).ok()?;
    let parameters = Parameters::of::<T>()?;
    let by_position = parameters.call::<T>(name, &list, &Map::new());
    let keywords = list.split_last().and_then(|(last, before)| Some((before, last.as_object()?)));
    let keywords = keywords.filter(|(_, named)| named.keys().all(|key| parameters.names.contains(&key.as_str())));
    match (by_position, keywords) {
        (Err(_), Some((before, named))) => Some(parameters.call(name, before, named)),
        (Err(Unfit::Unreadable(unread)), None) if unread.path.is_some() => None,
        (result, _) => Some(result),
    }
}

/// Checks the names of arguments that a person wrote for the job `name`, where the names of its parameters are known.
///
/// # Errors
/// There is a name that no parameter has. The error quotes it, and no value.
pub(super) fn check_names<T: Serialize + DeserializeOwned>(name: &str, text: &str) -> Result<(), DeserializeError> {
    let (Some(parameters), Ok(given)) = (Parameters::of::<T>(), serde_json::from_str(text)) else { return Ok(()) };
    let named = match given {
        Value::Object(named) => named,
        Value::Array(list) => parameters.meant_as_keywords::<T>(name, list),
        _ => return Ok(()),
    };
    let unknown: Vec<&String> = named.keys().filter(|key| !parameters.names.contains(&key.as_str())).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    // Names that the job writes itself are right, also if it does not read them.
    let own = serde_json::from_str::<T>(text).and_then(serde_json::to_value).unwrap_or_default();
    match unknown.into_iter().find(|key| own.get(key.as_str()).is_none()) {
        Some(key) => Err(parameters.unknown(name, key)),
        None => Ok(()),
    }
}

impl Parameters {
    /// The last mapping of a list that does not fit, if one of its names is that of a parameter, or is almost.
    fn meant_as_keywords<T: DeserializeOwned>(&self, job: &str, mut list: Vec<Value>) -> Map<String, Value> {
        if self.call::<T>(job, &list, &Map::new()).is_ok() {
            return Map::new();
        }
        let Some(Value::Object(named)) = list.pop() else { return Map::new() };
        let is_meant = |key: &String| self.names.iter().any(|name| key == name || is_almost(key, name));
        if named.keys().any(is_meant) { named } else { Map::new() }
    }

    fn unknown(&self, job: &str, key: &str) -> DeserializeError {
        let names: Vec<_> = self.names.iter().map(|name| format!("`{name}`")).collect();
        let names = if names.is_empty() { "it has none".to_owned() } else { format!("there is {}", names.join(", ")) };
        let (shown, hint) = (shortened(key), hint(key, self.names));
        DeserializeError::message(format!("`{job}` has no argument `{}`{hint} ({names})", shown.escape_debug()))
    }

    fn call<T: DeserializeOwned>(&self, job: &str, list: &[Value], named: &Map<String, Value>) -> Result<T, Unfit> {
        if list.len() > self.count {
            return Err(Unfit::TooMany(self.too_many(job, list.len())));
        }
        let call = Call { parameters: self, list, named, current: Cell::new(None) };
        T::deserialize(&call)
            .map_err(|source| Unfit::Unreadable(Unreadable { path: call.current.take().map(str::to_owned), source }))
    }

    /// The name of the parameter at this position, unless aliases hide which one it is.
    fn at(&self, position: usize) -> Option<&'static str> {
        self.names.get(position).copied().filter(|_| self.names.len() == self.count)
    }

    fn too_many(&self, job: &str, given: usize) -> DeserializeError {
        let names: Vec<_> =
            (0..self.count).map_while(|position| self.at(position)).map(|name| format!("`{name}`")).collect();
        let names = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
        let are = if given == 1 { "argument is" } else { "arguments are" };
        let count = if self.count == 0 { "none".to_owned() } else { self.count.to_string() };
        DeserializeError::message(format!("{given} {are} given, `{job}` has {count}{names}"))
    }
}

/// Arguments as a derived struct reads them: the first ones by the numbers of the fields, the others by their names.
struct Call<'a> {
    parameters: &'a Parameters,
    list: &'a [Value],
    named: &'a Map<String, Value>,
    /// The name of the argument that is being read.
    current: Cell<Option<&'a str>>,
}

impl<'de> Deserializer<'de> for &Call<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("the arguments are not a struct"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Entries { call: self, next: 0, named: self.named.iter(), entry: None })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Entries<'b, 'a> {
    call: &'b Call<'a>,
    next: usize,
    named: serde_json::map::Iter<'a>,
    /// The name and the value whose key was read.
    entry: Option<(&'a str, &'a Value)>,
}

impl<'de> MapAccess<'de> for Entries<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if let Some(value) = self.call.list.get(self.next) {
            self.entry = Some((self.call.parameters.at(self.next).unwrap_or("an argument"), value));
            let key: U64Deserializer<Error> = (self.next as u64).into_deserializer();
            self.next += 1;
            return seed.deserialize(key).map(Some);
        }
        let Some((name, value)) = self.named.next() else { return Ok(None) };
        self.entry = Some((name, value));
        let key: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let (name, value) = self.entry.take().unwrap_or(("", &Value::Null));
        self.call.current.set(Some(name));
        let read = seed.deserialize(value.clone())?;
        self.call.current.set(None);
        Ok(read)
    }
}
