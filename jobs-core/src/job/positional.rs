//! Reads arguments that are a list: by their positions, and a last mapping as keywords.
//!
//! Ruby calls `perform(1, force: true)` for the list `[1, {"force": true}]`, so the names in a last mapping are parameters
//! if the list by itself does not fit, or if the mapping has the mark of keywords that Active Job writes. What may be left
//! out may be missing at the end of the list.

use std::cell::Cell;
use std::collections::BTreeMap;

use jobs_syntax::spelling::{hint, is_almost, shortened};
use serde::de::value::{StrDeserializer, U64Deserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, Visitor};
use serde::{Serialize, forward_to_deserialize_any};
use serde_json::Error;
use serde_json::value::{RawValue, to_raw_value};

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

/// The elements of a list, as texts: a `serde_json::Value` does not hold every number.
type List = Vec<Box<RawValue>>;

/// The entries of a mapping.
type Named = BTreeMap<String, Box<RawValue>>;

/// Reads the elements of a list as the arguments of the job `name`. `None` if there is nothing to add to serde's own
/// reading of the text: it is not a list, `T` does not read its fields by name, or an element is wrong.
pub(super) fn read<T: DeserializeOwned>(name: &str, text: &str) -> Option<Result<T, Unfit>> {
    if !text.trim_start().starts_with('[') {
        return None;
    }
    let mut list: List = serde_json::from_str(text).ok()?;
    let is_marked = take_mark(&mut list);
    let parameters = Parameters::of::<T>()?;
    let by_position = parameters.call::<T>(name, &list, &Named::new());
    let keywords = list.split_last().and_then(|(last, before)| Some((before, named(last)?)));
    let keywords = keywords.filter(|(_, named)| named.keys().all(|key| parameters.names.contains(&key.as_str())));
    match (by_position, keywords) {
        (by_position, Some((before, named))) if is_marked || by_position.is_err() => {
            Some(parameters.call(name, before, &named))
        }
        (Err(Unfit::Unreadable(unread)), None) if unread.path.is_some() => None,
        (result, _) => Some(result),
    }
}

/// The key of the mark of a last mapping whose entries are keywords.
const KEYWORDS: &str = "_aj_ruby2_keywords";

/// Whether a list may have the mark of keywords, and is to be read here before serde reads it by positions alone.
pub(super) fn may_be_marked(text: &str) -> bool {
    text.starts_with('[') && text.contains(KEYWORDS)
}

/// Removes the mark; whether there was one.
fn take_mark(list: &mut [Box<RawValue>]) -> bool {
    let Some(mapping) = list.last_mut() else { return false };
    let Some(mut keywords) = named(mapping) else { return false };
    let is_marked = keywords.remove(KEYWORDS).is_some();
    if let Ok(unmarked) = to_raw_value(&keywords) {
        *mapping = unmarked;
    }
    is_marked
}

/// The entries, if it is a mapping.
fn named(value: &RawValue) -> Option<Named> {
    if value.get().starts_with('{') { serde_json::from_str(value.get()).ok() } else { None }
}

/// Checks the names of arguments that a person wrote for the job `name`, where the names of its parameters are known.
///
/// # Errors
/// There is a name that no parameter has. The error quotes it, and no value.
pub(super) fn check_names<T: Serialize + DeserializeOwned>(name: &str, text: &str) -> Result<(), DeserializeError> {
    let Some(parameters) = Parameters::of::<T>() else { return Ok(()) };
    let named = match (serde_json::from_str::<Named>(text), serde_json::from_str::<List>(text)) {
        (Ok(named), _) => named,
        (_, Ok(list)) => parameters.meant_as_keywords::<T>(name, list),
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
    fn meant_as_keywords<T: DeserializeOwned>(&self, job: &str, mut list: List) -> Named {
        if self.call::<T>(job, &list, &Named::new()).is_ok() {
            return Named::new();
        }
        let Some(named) = list.pop().and_then(|last| named(&last)) else { return Named::new() };
        let is_meant = |key: &String| self.names.iter().any(|name| key == name || is_almost(key, name));
        if named.keys().any(is_meant) { named } else { Named::new() }
    }

    fn unknown(&self, job: &str, key: &str) -> DeserializeError {
        let names: Vec<_> = self.names.iter().map(|name| format!("`{name}`")).collect();
        let names = if names.is_empty() { "it has none".to_owned() } else { format!("there is {}", names.join(", ")) };
        let (shown, hint) = (shortened(key), hint(key, self.names));
        DeserializeError::message(format!("`{job}` has no argument `{}`{hint} ({names})", shown.escape_debug()))
    }

    fn call<T: DeserializeOwned>(&self, job: &str, list: &[Box<RawValue>], named: &Named) -> Result<T, Unfit> {
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
    list: &'a [Box<RawValue>],
    named: &'a Named,
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
    named: std::collections::btree_map::Iter<'a, String, Box<RawValue>>,
    /// The name and the value whose key was read.
    entry: Option<(&'a str, &'a RawValue)>,
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
        let (name, value) = self.entry.take().unwrap_or(("", RawValue::NULL));
        self.call.current.set(Some(name));
        let read = seed.deserialize(&mut serde_json::Deserializer::from_reader(value.get().as_bytes()));
        let read = read.map_err(without_location)?;
        self.call.current.set(None);
        Ok(read)
    }
}

/// The same error without line and column, which would be those within one argument.
fn without_location(error: Error) -> Error {
    let text = error.to_string();
    match text.strip_suffix(&format!(" at line {} column {}", error.line(), error.column())) {
        Some(what) => Error::custom(what),
        None => error,
    }
}
